import type { ChangeOrigin } from '../../audit/audit-event.js';
import { AppError, ReturnCode } from '../../errors.js';
import type { Change } from '../../storage/changes.js';
import type { Users } from '../../users/users.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { authorityWithin, isNoMore, type Authority } from './authority.js';
import { isExpired } from '../limits/key-limits.js';
import { readMakers } from './maker-store.js';

export interface CallerParts {
  store: AccessKeyStore;
  users: Users;
  rootUser: string;
  now?: () => number;
}

/**
 * A caller who was allowed a command waits for argon2 and for a turn, and may be revoked meanwhile: then nothing comes
 * of it. Asked within the change, so that no revocation comes between.
 *
 * @throws AppError 10 where an access key runs it that no longer may do all that it could when it was asked
 */
export async function refuseRevokedCaller(
  { store, users, rootUser, now = Date.now }: CallerParts,
  { trx }: Change,
  authority: Authority,
  { actor }: ChangeOrigin,
): Promise<void> {
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
