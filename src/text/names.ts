/**
 * The forms that names may have. A name that does not fit here never reaches a store, a path or a log line. And what
 * texts of other kinds are searched for.
 */

/** A user: letters, digits and `_ . -` between letters or digits; 1 to 30 characters, as Hestia's. */
export const userNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,28}[A-Za-z0-9])?$/;

/** An access key ID: 20 letters and digits. */
export const accessKeyIdPattern = /^[A-Za-z0-9]{20}$/;

/** A session: 24 letters and digits. */
export const sessionIdPattern = /^[A-Za-z0-9]{24}$/;

/** A passkey: 24 letters and digits. */
export const passkeyIdPattern = sessionIdPattern;

/** Characters of a secret access key. */
export const secretAccessKeyLength = 40;

/**
 * A secret access key: the alphabets of Hestia, of which ours (`0-9A-Za-z_-`) is a part. `. + / ^ ~ %` are in secrets
 * that Hestia made before 1.6.0. Neither a colon nor a blank is in one: they stand between an ID and its secret.
 */
export const secretAccessKeyPattern = /^[A-Za-z0-9_=.+/^~%-]{40}$/;

/** Hestia's way to send a key as one text: the ID, a colon, the secret. */
const accessKeyPairPattern = /^([A-Za-z0-9]{20}):(.{40})$/;

/** @returns undefined for a text of another form */
export function parseAccessKeyPair(
  text: string,
): { accessKeyId: string; secretAccessKey: string } | undefined {
  const [, accessKeyId = '', secretAccessKey = ''] = accessKeyPairPattern.exec(text) ?? [];
  return secretAccessKeyPattern.test(secretAccessKey) ? { accessKeyId, secretAccessKey } : undefined;
}

/** A legacy API key: 32 characters. */
export const legacyKeyPattern = /^[A-Za-z0-9_-]{32}$/;

/** An API: the name of a file in the APIs directory, so never one that starts with a dot or has a slash in it. */
export const apiNamePattern = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

/** A command: `v-…`, the name of an executable. */
export const commandNamePattern = /^v-[A-Za-z0-9_-]{1,98}$/;

/** What a request may send as a command at all; whether it exists is asked later. */
export const commandTextPattern = /^[A-Za-z0-9_-]+$/;

/**
 * What a client sent in the place of a name that nobody has, as it may be written down: it may be a secret that was put
 * there by mistake. At most a quarter of it is left, and 3 characters: `Sup***(12)`.
 */
export function maskUnknownName(text: string): string {
  if (text === '') return '';
  const start = text.slice(0, Math.min(3, Math.floor(text.length / 4))).replace(/[^!-~]/g, '?');
  return `${start}***(${String(text.length)})`;
}

/** Somewhere in it is a control character of ASCII: neither one that is printed nor one beyond ASCII. */
export const asciiControlPattern = /[^ -~\u0080-\uffff]/;

/** Somewhere in it is a control character, whether of ASCII or not, or one that ends a line. */
export const controlPattern = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Parts of a text that are shorter are copies of their own in V8: characters. */
const sharedFrom = 13;

/**
 * The same text, for those who keep it: a part of a longer text would keep all of that in memory, and whatever secrets
 * are in it.
 */
export function detachString(text: string): string {
  return text.length < sharedFrom ? text : (JSON.parse(JSON.stringify(text)) as string);
}
