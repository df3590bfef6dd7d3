import { expect, it } from '@jest/globals';
import type { Trial } from '../../keys/trials/trial.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { limitsWithTried, takeRates } from './tried-limits.js';

const perHour = (count: number) => ({ count, windowSeconds: 3600 });
const trialOf = (rateLimit: Trial['rateLimit']): Trial => ({
  sinceMs: 5,
  by: '',
  rateLimit: rateLimit ?? null,
});
const chainOf = (id: string, rate?: number, tried?: number | null) => ({
  ...{ id, user: 'alice', permissions: [], isSuspended: false },
  ...(rate !== undefined && { rateLimit: perHour(rate) }),
  ...(tried !== undefined && { trial: trialOf(tried === null ? null : perHour(tried)) }),
});

it('a tried limit has a counter of its own, in the place of the key that it is tried of', () => {
  const limits = limitsWithTried(chainOf('a', 9), [chainOf('b', undefined, 2), chainOf('c', 8)], undefined);
  expect(limits).toEqual([
    { keyId: 'a', limit: perHour(9) },
    { keyId: 'b:trial:5', limit: perHour(2), triedOf: 'b' },
    { keyId: 'c', limit: perHour(8) },
  ]);
});

it('none in the place of a limit is the one that the adapter has for keys without', () => {
  expect(limitsWithTried(chainOf('a', 9, null), [], perHour(3))).toEqual([
    { keyId: 'a:trial:5', limit: perHour(3), triedOf: 'a' },
    { keyId: 'a', limit: perHour(9) },
  ]);
  expect(limitsWithTried(chainOf('a', 9, null), [], undefined)).toEqual([{ keyId: 'a', limit: perHour(9) }]);
});

it.each(['at once', 'later'])(
  'a tried limit that is used up lets all through (answers come %s)',
  async (when) => {
    const limiter = new RateLimiter();
    const take = limiter.take.bind(limiter);
    const counted: string[] = [];
    limiter.take = (keyId, limit) => {
      counted.push(keyId);
      return when === 'later' ? Promise.resolve().then(() => take(keyId, limit)) : take(keyId, limit);
    };
    const limits = limitsWithTried(chainOf('a', 3, 1), [chainOf('b', 9)], undefined);
    const seen: unknown[] = [];
    for (let count = 0; count < 4; count++) {
      const { state, overTried } = await takeRates(limiter, limits);
      seen.push([state?.isExceeded, overTried]);
    }
    expect(seen).toEqual([
      [false, []],
      [false, ['a']],
      [false, ['a']],
      [true, ['a']],
    ]);
    // A limit that is used up ends it, as without a trial.
    expect(counted.filter((keyId) => keyId === 'b')).toHaveLength(3);
  },
);
