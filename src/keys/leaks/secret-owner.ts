/**
 * What a leaked secret can still do:
 *
 * - `live`: it counts
 * - `suspended`, `expired`: it does not count, and would again
 * - `replaced`: it was the key's, which has another one since
 * - `revoked`: its key was deleted
 * - `unknown`: it is no key's here, as far as anything that is kept can tell
 */
export type LeakState = 'live' | 'suspended' | 'expired' | 'replaced' | 'revoked' | 'unknown';

/** Whose a leaked secret is. */
export type SecretOwner =
  | { kind: 'access_key'; id: string; user: string | undefined; state: LeakState }
  | { kind: 'legacy_key'; id: string | undefined; state: LeakState }
  | { kind: 'none'; state: 'unknown' };

export const nobody: SecretOwner = { kind: 'none', state: 'unknown' };

/** Whether there is still something to take away. */
export function canStillCount({ state }: SecretOwner): boolean {
  return state === 'live' || state === 'suspended' || state === 'expired';
}
