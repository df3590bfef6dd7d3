import { AppError, invalid, ReturnCode } from '../../errors.js';
import { passkeyIdPattern } from '../../text/names.js';

/** A key pair of an authenticator: a phone, a security key, a password manager. The service has its public half. */
export interface Passkey {
  /** Public; the authenticator has a longer one of its own. */
  id: string;
  credentialId: string;
  user: string;
  /** Tells the user from a later one of the same name. */
  userCreatedAtMs: number;
  /** COSE, in base64url. */
  publicKey: string;
  /** How often it was used, as it says itself; 0 for ever where it doesn't count. */
  counter: number;
  /** How a browser reaches it, such as `usb` or `internal`. */
  transports: readonly string[];
  /** What its user calls it. */
  name: string;
  createdAtMs: number;
  lastUsedAtMs: number | undefined;
}

/** Of one user. */
export const mostPasskeys = 20;

/** @throws AppError 2 */
export function parsePasskeyId(text: string): string {
  if (!passkeyIdPattern.test(text)) throw invalid(`invalid passkey format :: ${text}`);
  return text;
}

/** @throws AppError 2 */
export function parsePasskeyName(text: string): string {
  if (/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]{1,64}$/u.test(text) && text.trim() === text) return text;
  throw invalid('expected a name of 1 to 64 characters on one line, without blanks around it');
}

export function tooMany(): AppError {
  return new AppError(ReturnCode.LIMIT, `a user has at most ${String(mostPasskeys)} passkeys`);
}

/** Whether the use is one that a copy of the authenticator's key has made, or that was made before. */
export function isCloned(known: number, counter: number): boolean {
  return (counter > 0 || known > 0) && counter <= known;
}
