import { AppError, ReturnCode } from '../errors.js';

/**
 * What somebody who handles keys may do with them at most: an operator, and an unrestricted root user's key,
 * everything; any other key only what it could do itself.
 */
export type Authority = 'everything' | { user: string; isRootUser: boolean; permissions: readonly string[] };

/**
 * Whether a key with these permissions may be made, read out, changed or revived by that authority. No sequence of
 * commands may end in a key that is stronger than the one that ran them, so a key handles only keys for its own user
 * (the root user's: for any) and with no permission that it lacks itself.
 */
export function mayHandleKey(
  authority: Authority,
  key: { user: string; permissions: readonly string[] },
): boolean {
  if (authority === 'everything') return true;
  if (!authority.isRootUser && key.user !== authority.user) return false;
  return key.permissions.length > 0 && key.permissions.every((name) => authority.permissions.includes(name));
}

/** Whether that authority may look at a key, suspend or delete it: nobody gets stronger by that. */
export function maySeeOrEndKey(authority: Authority, key: { user: string }): boolean {
  return authority === 'everything' || authority.isRootUser || key.user === authority.user;
}

/** @throws AppError 10 where `mayHandleKey` says no */
export function requireMayHandle(
  authority: Authority,
  key: { user: string; permissions: readonly string[] },
): void {
  if (mayHandleKey(authority, key)) return;
  throw new AppError(ReturnCode.FORBIDDEN, 'a key can not handle a key that may do more than itself');
}
