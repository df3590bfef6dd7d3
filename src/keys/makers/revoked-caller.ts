import type { ChangeOrigin } from '../../audit/audit-event.js';
import { AppError, ReturnCode } from '../../errors.js';
import type { Change } from '../../storage/changes.js';
import type { Transaction } from '../../storage/database.js';
import type { Users } from '../../users/users.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { authorityWithin, isNoMore, type Authority } from './authority.js';
import { isExpired } from '../limits/key-limits.js';
import { readMakers } from './maker-store.js';

export interface CallerParts {
  store: AccessKeyStore;
  users: Users;
  rootUser: string;
  /** Whether a session goes on; undefined: there are none. */
  sessionGoesOn?: ((sessionId: string, trx: Transaction) => Promise<boolean>) | undefined;
  now?: () => number;
}

/**
 * A caller who was allowed a command waits for argon2 and for a turn, and may be revoked meanwhile: then nothing comes
 * of it. Asked within the change, so that no revocation comes between.
 *
 * @throws AppError 10 where an access key runs it that no longer may do all that it could when it was asked, or a
 * session that has ended
 */
export async function refuseRevokedCaller(
  { store, users, rootUser, sessionGoesOn, now = Date.now }: CallerParts,
  { trx }: Change,
  authority: Authority,
  { actor }: ChangeOrigin,
): Promise<void> {
  if (actor.kind === 'session' && sessionGoesOn !== undefined) {
    if (await sessionGoesOn(actor.sessionId ?? '', trx)) return;
    throw new AppError(ReturnCode.FORBIDDEN, 'the session that runs this has ended meanwhile');
  }
  if (actor.kind !== 'access_key') return;
  const key = await store.find(actor.accessKeyId, trx);
  const owner = key && (await users.find(key.user, trx));
  if (key !== undefined && owner?.isSuspended === false) {
    const makers = await readMakers(store, key, trx);
    const isAlive = [key, ...makers].every((each) => !each.isSuspended && !isExpired(each, now()));
    if (isAlive && isNoMore(authority, authorityWithin(key, makers, rootUser))) return;
  }
  throw new AppError(ReturnCode.FORBIDDEN, 'the key that runs this was revoked meanwhile');
}
