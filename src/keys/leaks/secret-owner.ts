/**
 * What a leaked secret can still do:
 *
 * - `live`: it counts
 * - `suspended`, `expired`: it does not count, and would again
 * - `canary`: it allows nothing and is there to be found, so its key stays
 * - `replaced`: it was the key's, which has another one since
 * - `revoked`: its key was deleted
 * - `unknown`: it is no key's here, as far as anything that is kept can tell
 */
export type LeakState = 'live' | 'suspended' | 'expired' | 'canary' | 'replaced' | 'revoked' | 'unknown';

/** The access key of a secret. */
export interface AccessKeyOwner {
  kind: 'access_key';
  id: string;
  user: string | undefined;
  state: LeakState;
  /** Of the secret that was found; undefined: the key is gone, and what it was known by. */
  version: string | undefined;
}

/** Whose a leaked secret is. */
export type SecretOwner =
  | AccessKeyOwner
  | { kind: 'legacy_key'; id: string | undefined; state: LeakState }
  | { kind: 'none'; state: 'unknown' };

export const nobody: SecretOwner = { kind: 'none', state: 'unknown' };

/** Whether there is still something to take away. */
export function canStillCount({ state }: SecretOwner): boolean {
  return state === 'live' || state === 'suspended' || state === 'expired';
}

const ranks: readonly LeakState[] = ['live', 'suspended', 'expired', 'canary', 'replaced'];

/** The one of two keys with the same secret whose secret can do more; the first where both can do the same. */
export function strongest(one: AccessKeyOwner | undefined, other: AccessKeyOwner): AccessKeyOwner {
  return one === undefined || ranks.indexOf(other.state) < ranks.indexOf(one.state) ? other : one;
}
