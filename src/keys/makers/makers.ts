import { bothHeld } from '../../catalogue/held-arguments.js';
import { rangeContains, type AddressRange } from '../../network/address-range.js';
import { hasLimits, limitsOf, type KeyLimits } from '../limits/key-limits.js';
import { inBothQuotas, type Quota } from '../limits/quota.js';
import { inBothRates, type RateLimit } from '../limits/rate-limit.js';
import type { Trial } from '../trials/trial.js';

/*
 * A key that a key made over the API ends with it, and can do no more than it, at every moment: this is derived from
 * the chain of makers at each decision, so a maker that is suspended, narrowed or revived takes its children along in
 * one change. Only deletion is written to each of them.
 */

/** What counts of a key in a decision about those that it made. */
export interface Maker extends KeyLimits {
  id: string;
  user: string;
  permissions: readonly string[];
  isSuspended: boolean;
  /** There is no such key. */
  isGone?: true;
  isDerived?: true;
  trial?: Trial;
}

/** So long a chain of makers can be: a decision looks at each of them. */
export const longestChain = 8;

export const noMakers: readonly Maker[] = [];

/** In the place of a maker that isn't there: nothing that it made is allowed. */
export function goneMaker(id: string): Maker {
  return { id, user: '', permissions: [], isSuspended: true, isGone: true };
}

/**
 * The makers of a key, the nearest first.
 *
 * @param find - a key by its ID; `undefined` where there is none, `unknown` where that has to be looked up first
 * @returns undefined when something has to be looked up first
 */
export function makersOf<T extends Maker>(
  key: { makerId?: string },
  find: (id: string) => (T & { makerId?: string }) | undefined | 'unknown',
): readonly Maker[] | undefined {
  if (key.makerId === undefined) return noMakers;
  const makers: Maker[] = [];
  for (let id: string | undefined = key.makerId; id !== undefined;) {
    const maker: (T & { makerId?: string }) | undefined | 'unknown' = find(id);
    if (maker === 'unknown') return undefined;
    // Longer than any chain that was ever made: somebody has tampered with it.
    if (maker === undefined || makers.length === longestChain) return [...makers, goneMaker(id)];
    makers.push(maker);
    id = maker.makerId;
  }
  return makers;
}

/** The permissions that a key and all of its makers have. */
export function permissionsWithin(
  key: { user: string; permissions: readonly string[] },
  makers: readonly Maker[],
  rootUser: string,
): 'everything' | readonly string[] {
  const mayEverything = (one: { user: string; permissions: readonly string[] }): boolean =>
    one.user === rootUser && one.permissions.length === 0;
  if (makers.length === 0) return mayEverything(key) ? 'everything' : key.permissions;
  const [first, ...others] = [key, ...makers].filter((one) => !mayEverything(one));
  if (first === undefined) return 'everything';
  return first.permissions.filter((name) => others.every(({ permissions }) => permissions.includes(name)));
}

/** The limits of a key as its makers narrow them. */
export function limitsWithin(key: KeyLimits, makers: readonly Maker[]): KeyLimits {
  if (!makers.some(hasLimits)) return limitsOf(key);
  const merged: KeyLimits = {};
  for (const limits of [key, ...makers].map(limitsOf)) {
    const { expiresAtMs, allowedAddresses, rateLimit, quota, only } = limits;
    if (expiresAtMs !== undefined) merged.expiresAtMs = Math.min(expiresAtMs, merged.expiresAtMs ?? Infinity);
    if (allowedAddresses !== undefined)
      merged.allowedAddresses = inBoth(allowedAddresses, merged.allowedAddresses ?? allowedAddresses);
    if (rateLimit !== undefined) merged.rateLimit = inBothRates(merged.rateLimit ?? rateLimit, rateLimit);
    if (quota !== undefined) merged.quota = inBothQuotas(merged.quota ?? quota, quota);
    if (only !== undefined) merged.only = bothHeld(merged.only, only) ?? only;
  }
  return merged;
}

/** A rate limit, and the key on which requests are counted for it. */
export interface CountedLimit {
  keyId: string;
  limit: RateLimit;
}

const noLimits: readonly CountedLimit[] = [];

/**
 * The limits that a request of a key counts for: its own, and those of its makers, on which all that they made counts
 * together.
 *
 * @param byDefault - where the key that began the chain has no limit of its own
 */
export function countedLimits(
  key: { id: string; rateLimit?: RateLimit },
  makers: readonly Maker[],
  byDefault: RateLimit | undefined,
): readonly CountedLimit[] {
  if (makers.length === 0) {
    const limit = key.rateLimit ?? byDefault;
    return limit === undefined ? noLimits : [{ keyId: key.id, limit }];
  }
  const chain = [key, ...makers];
  return chain.flatMap(({ id, rateLimit }, index) => {
    const limit = rateLimit ?? (index === chain.length - 1 ? byDefault : undefined);
    return limit === undefined ? [] : [{ keyId: id, limit }];
  });
}

/** A quota, and the key on which requests are counted for it. */
export interface CountedQuota {
  keyId: string;
  quota: Quota;
}

const noQuotas: readonly CountedQuota[] = [];

/** The quotas that a request of a key counts for: its own, and those of its makers. */
export function countedQuotas(
  key: { id: string; quota?: Quota },
  makers: readonly Maker[],
): readonly CountedQuota[] {
  if (makers.length === 0) return key.quota === undefined ? noQuotas : [{ keyId: key.id, quota: key.quota }];
  return [key, ...makers].flatMap(({ id, quota }) => (quota === undefined ? [] : [{ keyId: id, quota }]));
}

function inBoth(some: readonly AddressRange[], others: readonly AddressRange[]): AddressRange[] {
  const within = (inner: AddressRange, outers: readonly AddressRange[]): boolean =>
    outers.some((outer) => inner.prefixLength >= outer.prefixLength && rangeContains(outer, inner.network));
  return [...some.filter((range) => within(range, others)), ...others.filter((range) => within(range, some))];
}
