import { invalid, invalidFormat, notFound } from '../errors.js';
import { accessKeyIdPattern, apiNamePattern } from '../text/names.js';
import type { KeyLimits } from './limits/key-limits.js';
import type { Trial } from './trials/trial.js';

/** An access key as it may be shown: nothing in it is secret. */
export interface AccessKey extends KeyLimits {
  id: string;
  user: string;
  /** Names of APIs; empty: everything for the root user, nothing for others. */
  permissions: readonly string[];
  comment: string;
  isSuspended: boolean;
  createdAtMs: number;
  /** The panel's tree that it was taken over from; absent: it was made here. */
  sourceTree?: string;
  /** The key that made it over the API, with which it ends; absent: it stands for itself. */
  makerId?: string;
  /** Its secret came from a random source that can be guessed; absent: it did not. */
  isWeak?: boolean;
  /** It allows nothing, and its use is an alert; only who may do everything is shown that. Absent: a key like any other. */
  isCanary?: true;
  /** It was derived from its maker for a while, and is removed after its end; absent: it was not. */
  isDerived?: true;
  /** What it could be instead: it changes no decision. Absent: nothing is tried. */
  trial?: Trial;
}

/** A key stands for itself from then on, whichever key made it. */
export interface Adoption {
  isAdopted?: true;
}

/** What proves a secret: kept beside the key, and never shown. */
export interface StoredSecret {
  hash: string;
  version: string;
  tag: string | null;
  hasChecksum: boolean;
  /** Whether it came from a random source that can be guessed: failed attempts are then limited. */
  isWeak: boolean;
  /** Of a canary: stands where the hash of other keys does, and is that of no secret. */
  decoyHash?: string;
}

/** A secret that the key had before its present one. */
export interface FormerSecret extends StoredSecret {
  /** Until then it counts as well. Its hash is empty once that has passed: its tag tells what it was. */
  endsAtMs: number;
}

/** A key with all that proves its secrets. */
export interface StoredKey extends AccessKey, StoredSecret {
  isWeak: boolean;
  /** The newest first; absent: none. */
  formerSecrets?: readonly FormerSecret[];
}

/** A key just made: the only moment at which its secret is known. */
export interface NewAccessKey extends AccessKey {
  secret: string;
}

/** @throws AppError: 3 for an empty ID, 2 for one of the wrong form, as Hestia answers */
export function parseAccessKeyId(text: string): string {
  if (text === '') throw notFound('key ');
  if (!accessKeyIdPattern.test(text)) throw invalidFormat('access_key_id', text);
  return text;
}

export const commentLength = 200;
/** A comment decides nothing: any text of one line, without characters that a terminal or a page obeys. */
export const commentPattern = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]{0,200}$/u;

const symbol = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}`;
/** What joins the parts of a symbol; each part counts as a character. */
const joiner = String.raw`\u200d|\u20e3|\ufe0f`;
const begin = String.raw`[\p{L}\p{N}(#${symbol}]|${joiner}`;
const middle = String.raw`[\p{L}\p{M}\p{N} ._()#&+,${symbol}-]|${joiner}`;
const end = String.raw`[\p{L}\p{M}\p{N})#+${symbol}]|${joiner}`;
const inHestia = new RegExp(`^(?:${begin})(?:${middle}){0,64}(?:${end})$`, 'u');

/** @throws AppError 2 */
export function parseComment(text: string): string {
  if (!commentPattern.test(text)) throw invalidFormat('comment', text);
  return text;
}

/**
 * The COMMENT argument of Hestia's command, which refuses paths, signs of shells and sentences with 2, as its clients
 * know: 2 to 66 characters. It takes a few signs more than Hestia's, and any letter.
 *
 * @throws AppError 2
 */
export function parseHestiaComment(text: string): string {
  if (text !== '' && !inHestia.test(text)) throw invalidFormat('comment', text);
  return text;
}

/** A thousand names at their longest. */
const permissionsLimit = 65_536;

/**
 * Cleans a list of permissions as Hestia does: blanks round a name, a path before it, empty names and duplicates go
 * away. What is left are literal names; nothing in them is a pattern.
 *
 * @throws AppError 3 for a name that can't be an API's; 2 when something was given and no name is left, and when it is too
 * long
 */
export function parsePermissions(text: string): string[] {
  if (text.length > permissionsLimit) throw invalid('the list of APIs is too long');
  const items = text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0 && text !== '') throw invalid('expected the names of APIs between commas');
  return [...new Set(items.map(withoutPath))];
}

function withoutPath(item: string): string {
  const name = item.split('/').findLast((part) => part !== '') ?? '';
  if (!apiNamePattern.test(name))
    throw notFound(`API ${item.length > 100 ? `${item.slice(0, 100)}…` : item}`);
  return name;
}
