import { bothHeld } from '../../catalogue/held-arguments.js';
import { AppError, invalid, ReturnCode } from '../../errors.js';
import type { AccessKey } from '../access-key.js';
import { isExpired, withLimits, type KeyLimits } from '../limits/key-limits.js';
import { requireStorable } from '../limits/limits-row.js';
import { authorityWithin, requireMayHandle } from '../makers/authority.js';
import { limitsWithin, permissionsWithin, type Maker } from '../makers/makers.js';

/** What is wanted of a derived key; what is absent is as its parent has it. */
export interface WantedChild extends Pick<KeyLimits, 'allowedAddresses' | 'rateLimit' | 'quota' | 'only'> {
  /** It ends no later than its parent, whatever is wanted. */
  expiresAtMs: number;
  permissions?: readonly string[];
}

export type Child = Omit<AccessKey, 'id' | 'isSuspended' | 'createdAtMs'>;

/**
 * The key that may be derived from this one, by what it and its makers have at this moment. What they lose later the
 * child loses with them: that is asked at each decision (makers.ts).
 *
 * @throws AppError 5 (the parent is suspended), 2 (it has ended), 10 (more than it has, or it is a canary)
 */
export function childOf(
  parent: AccessKey,
  makers: readonly Maker[],
  wanted: WantedChild,
  { rootUser, nowMs }: { rootUser: string; nowMs: number },
): Child {
  const chain = [parent, ...makers];
  if (chain.some(({ isSuspended }) => isSuspended))
    throw new AppError(ReturnCode.SUSPENDED, `key ${parent.id}, or one that made it, is suspended`);
  if (chain.some((key) => isExpired(key, nowMs))) throw invalid(`key ${parent.id} has ended`);
  if (parent.isCanary === true)
    throw new AppError(ReturnCode.FORBIDDEN, 'nothing can be derived from a canary');
  const own = permissionsWithin(parent, makers, rootUser);
  const limits = limitsWithin(parent, makers);
  const { expiresAtMs, permissions = own === 'everything' ? [] : own, only, ...narrower } = wanted;
  // What is held besides: the parent's names hold all the same.
  const held = bothHeld(limits.only, only);
  const { user, comment } = parent;
  const child = {
    ...withLimits({ user, permissions, comment, ...limits }, narrower),
    ...(held !== undefined && { only: held }),
    expiresAtMs: Math.min(expiresAtMs, limits.expiresAtMs ?? Infinity),
    makerId: parent.id,
    isDerived: true as const,
  };
  requireMayHandle(authorityWithin(parent, makers, rootUser), child);
  requireStorable(child);
  return child;
}
