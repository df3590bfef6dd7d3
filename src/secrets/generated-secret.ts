import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretAlphabet = `${base62}_-`;
const secretRandomLength = 34;
const checksumLength = 6;

/** An access key ID: 20 characters of `[0-9A-Za-z]`, 119 bits. Not secret, yet not guessable either. */
export function generateAccessKeyId(): string {
  return randomText(20, base62);
}

/** The ID of a session: 24 characters of `[0-9A-Za-z]`, so that it is no access key's. Not secret. */
export function generateSessionId(): string {
  return randomText(24, base62);
}

/** So many characters are left random at least: 162 bits. */
const leastRandomLength = 27;

/** The longest text that secrets may begin with. */
export const longestSecretPrefix = secretRandomLength - leastRandomLength;

/**
 * A secret access key: 34 random characters of `[0-9A-Za-z_-]` (204 bits) and 6 of checksum, so that a mistyped one
 * is refused at sight and a leaked one can be recognised in a text.
 *
 * @param prefix - stands in the place of as many random ones; each takes 6 bits
 */
export function generateSecretAccessKey(prefix = ''): string {
  if (prefix.length > longestSecretPrefix) throw new Error('a prefix leaves too little to chance');
  const text = prefix + randomText(secretRandomLength - prefix.length, secretAlphabet);
  return text + checksumOf(text);
}

/** A legacy API key: 32 characters of `[0-9A-Za-z_-]`, 192 bits. */
export function generateLegacyKey(): string {
  return randomText(32, secretAlphabet);
}

/** Whether the last six characters are the CRC-32, in base 62, of those before; true of every secret made here. */
export function hasValidChecksum(secret: string): boolean {
  const random = secret.slice(0, secretRandomLength);
  return secret.slice(secretRandomLength) === checksumOf(random);
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let index = 0; index < checksumLength; index++) {
    digits = base62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function randomText(length: number, alphabet: string): string {
  // Bytes beyond the last whole multiple of the alphabet are thrown away: taking them modulo would favour its start.
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte < limit && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
