import { AppError, notFound, ReturnCode } from '../../errors.js';
import { hasLimits, isNoWider, limitsOf, type KeyLimits } from '../limits/key-limits.js';
import { limitsWithin, permissionsWithin, type Maker } from './makers.js';

/**
 * What somebody who handles keys may do with them at most: an operator, and an unrestricted root user's key,
 * everything; any other key only what it could do itself. A root user's key without permissions is here for its limits.
 */
export type Authority =
  | 'everything'
  | {
      user: string;
      isRootUser: boolean;
      permissions: readonly string[];
      limits?: KeyLimits;
      /** The user himself: he handles every key of his, whatever it may do. */
      isOwner?: true;
    };

/** What may be handled: a key, or what is to become one. */
type HandledKey = KeyLimits & { user: string; permissions: readonly string[] };

/** What at most may come of commands that a key runs. */
export function authorityOf(
  key: KeyLimits & { user: string; isRootUser: boolean; permissions: readonly string[] },
): Authority {
  const { user, isRootUser, permissions } = key;
  if (!hasLimits(key)) {
    return isRootUser && permissions.length === 0 ? 'everything' : { user, isRootUser, permissions };
  }
  return { user, isRootUser, permissions, limits: limitsOf(key) };
}

/** The same of a key as its makers narrow it. */
export function authorityWithin(
  key: KeyLimits & { user: string; permissions: readonly string[] },
  makers: readonly Maker[],
  rootUser: string,
): Authority {
  const isRootUser = key.user === rootUser;
  const permissions = permissionsWithin(key, makers, rootUser);
  const limits = limitsWithin(key, makers);
  if (permissions === 'everything')
    return authorityOf({ user: key.user, isRootUser, permissions: [], ...limits });
  // Nothing is left of its permissions; an empty list would mean everything.
  if (permissions.length === 0) return { user: key.user, isRootUser: false, permissions };
  return authorityOf({ user: key.user, isRootUser, permissions, ...limits });
}

/**
 * Whether a key with these permissions and limits may be made, read out, changed, suspended, deleted or revived by that authority. No
 * sequence of commands may end in a key that is stronger than the one that ran them, so a key handles only keys for
 * its own user (the root user's: for any), with no permission that it lacks itself, and that end no later, are heard
 * from nowhere else and no more often.
 */
export function mayHandleKey(authority: Authority, key: HandledKey): boolean {
  if (authority === 'everything') return true;
  if (!authority.isRootUser && key.user !== authority.user) return false;
  if (!isNoWider(key, authority.limits ?? {})) return false;
  if (authority.isOwner === true) return true;
  // What such a key can't do for its limits has been asked above.
  if (authority.isRootUser && authority.permissions.length === 0 && authority.limits !== undefined)
    return true;
  return key.permissions.length > 0 && key.permissions.every((name) => authority.permissions.includes(name));
}

/** Whether that authority may look at a key: nobody gets stronger by that. */
export function maySeeKey(authority: Authority, key: { user: string }): boolean {
  return maySeeOf(authority, key.user);
}

/** Whether that authority may look at what a user has. */
export function maySeeOf(authority: Authority, user: string): boolean {
  return authority === 'everything' || authority.isRootUser || user === authority.user;
}

/** @throws AppError 10 where `mayHandleKey` says no */
export function requireMayHandle(authority: Authority, key: HandledKey): void {
  if (mayHandleKey(authority, key)) return;
  throw new AppError(ReturnCode.FORBIDDEN, 'a key can not handle a key that may do more than itself');
}

/**
 * To suspend or delete a key needs what changing it needs: a key that could end stronger ones would shut their owners
 * out.
 *
 * @throws AppError 3 where the key may not even be seen, 10 where it is beyond the authority
 */
export function requireMayEnd(authority: Authority, key: HandledKey & { id: string }): void {
  if (!maySeeKey(authority, key)) throw notFound(`key ${key.id}`);
  requireMayHandle(authority, key);
}

/** @throws AppError 10: who is shown that a key is a canary makes canaries */
export function requireMayMakeCanary(authority: Authority): void {
  if (authority === 'everything') return;
  throw new AppError(ReturnCode.FORBIDDEN, 'only who may do everything can make a canary');
}

/** Whether the first authority of a key is no more than its second. */
export function isNoMore(authority: Authority, than: Authority): boolean {
  if (than === 'everything') return true;
  if (authority === 'everything' || !isNoWider(authority.limits ?? {}, than.limits ?? {})) return false;
  if (than.isRootUser && than.permissions.length === 0) return true;
  const { permissions } = authority;
  return permissions.length > 0 && permissions.every((name) => than.permissions.includes(name));
}

/** Limits that were left open become those of the maker: a key makes none that is stronger than itself. */
export function openLimits(authority: Authority): KeyLimits {
  return authority === 'everything' ? {} : (authority.limits ?? {});
}
