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

/** Keys with the same secret, each once: those first whose secret can do more. */
export function byStrength(owners: readonly AccessKeyOwner[]): AccessKeyOwner[] {
  const once = new Map<string, AccessKeyOwner>();
  for (const owner of owners.toSorted((one, other) => rankOf(one) - rankOf(other)))
    if (!once.has(owner.id)) once.set(owner.id, owner);
  return [...once.values()];
}

function rankOf({ state }: AccessKeyOwner): number {
  return ranks.indexOf(state);
}
