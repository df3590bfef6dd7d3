import type { AddressRange } from '../../network/address-range.js';
import type { ApiRole } from '../../apis/role-file.js';
import type { RateLimit } from '../../keys/limits/rate-limit.js';
import type { Peaks } from './peak-meter.js';

/** What a suggestion is about: an access key, all keys of a user, or an API role with all keys that have it. */
export const subjectKinds = ['key', 'user', 'api'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export interface Subject {
  kind: SubjectKind;
  name: string;
}

export interface UsedCommand {
  command: string;
  count: number;
  lastMs: number;
}

export interface SuggestedCommand extends UsedCommand {
  /** It stands in SAFE of the suggested role. */
  isSafe: boolean;
}

export interface UnsuggestedCommand extends UsedCommand {
  /** It was allowed once. Now no role of the key grants it, or there is no such command. */
  why: 'not_granted' | 'unknown';
}

/** Of a key: what its own limits could be. Undefined: none is suggested. */
export interface SuggestedKey {
  accessKeyId: string;
  user: string;
  uses: number;
  lastMs: number | undefined;
  addresses: readonly AddressRange[] | undefined;
  rateLimit: RateLimit | undefined;
  /** The most requests in a window, its own and those of the keys that it made. */
  peaks: Peaks;
}

/** Notes that say why something is left as it is. */
const leaving = [
  'other_nodes',
  'needs_everything',
  'held_apis',
  'admin_apis',
  'handles_keys',
  'keys_apart',
  'other_users_maker',
] as const;

/**
 * - `older_use_unknown`: the record does not go back as far as was asked
 * - `other_nodes`: each node records its own decisions; those of these nodes are not in this record
 * - `unused_keys`: these were not used
 * - `needs_everything`: these commands run only for an unrestricted key, so it is left as it is
 * - `held_apis`: these APIs hold arguments (`ONLY`), which a new role would not, so the key is left as it is
 * - `admin_apis`: by these APIs the key of an administrator may name any user, so it is left as it is
 * - `handles_keys`: by these commands it made or changed keys, for which its own permissions and limits count, so it is
 *   left as it is
 * - `keys_apart`: the role would give these keys more than they have, or does not fit them; ask for each of them
 * - `kept_for_made_keys`: these APIs stay, for keys that the key made can do only what it can do
 * - `other_users_maker`: a key of another user made it, and would need the new API too
 * - `addresses_open`: too many addresses, or such as are not recorded
 * - `command_gone`: these commands were used, and are granted no more
 */
export interface SuggestionNote {
  code:
    | (typeof leaving)[number]
    | ('older_use_unknown' | 'unused_keys' | 'kept_for_made_keys' | 'addresses_open' | 'command_gone');
  /** Commands, keys, APIs or nodes. */
  names: readonly string[];
}

/** Whether a suggestion without command lines has none for a reason that its notes tell. */
export function isLeftAsIs(notes: readonly { code: string }[]): boolean {
  return notes.some(({ code }) => leaving.some((each) => each === code));
}

/** What would have allowed all that was allowed and still is, and no more. */
export interface SuggestedRole {
  role: ApiRole;
  /** The name of a new role; of an API its own. */
  api: string;
  /** In the order of their names. */
  commands: readonly SuggestedCommand[];
  unsuggested: readonly UnsuggestedCommand[];
  /** What could be done beyond that, in the order of their names. */
  beyond: readonly string[];
  /** One of the keys may run every command. */
  isUnrestricted: boolean;
  keys: readonly SuggestedKey[];
  /** The commands of the panel that put it in place, in their order; none: it is in place, or a note says why not. */
  commandLines: readonly string[];
  notes: readonly SuggestionNote[];
}

/** A suggestion, and what of the record it rests on. */
export interface Suggestion extends SuggestedRole {
  subject: Subject;
  sinceMs: number;
  /** When the record begins that could be read; undefined: it is empty. */
  recordFromMs: number | undefined;
  /** Whose record it is; empty: one process owns the data. */
  node: string;
  decisions: number;
}
