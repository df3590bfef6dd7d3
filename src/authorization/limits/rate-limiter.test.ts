import { describe, expect, it } from '@jest/globals';
import type { RateLimit } from '../../keys/limits/rate-limit.js';
import { RateLimiter, type RateState } from './rate-limiter.js';

const limit: RateLimit = { count: 3, windowSeconds: 60 };

describe('a node that counts alone', () => {
  let nowMs = 0;
  const start = (): ((keyId?: string, wanted?: RateLimit) => RateState) => {
    const limiter = new RateLimiter(undefined, () => nowMs);
    return (keyId = 'one', wanted = limit) => limiter.take(keyId, wanted) as RateState;
  };

  it('lets exactly so many through from the first of them on, and says what is left and until when', () => {
    const take = start();
    expect([take(), take(), take(), take()]).toEqual([
      { limit: 3, remaining: 2, resetSeconds: 60, isExceeded: false },
      { limit: 3, remaining: 1, resetSeconds: 60, isExceeded: false },
      { limit: 3, remaining: 0, resetSeconds: 60, isExceeded: false },
      { limit: 3, remaining: 0, resetSeconds: 60, isExceeded: true },
    ]);
    nowMs += 59_999;
    expect(take()).toMatchObject({ isExceeded: true, resetSeconds: 1 });
    nowMs += 1;
    expect(take()).toMatchObject({ isExceeded: false, remaining: 2 });
  });

  it('counts each key for itself, and a key anew when its limit is another one', () => {
    const take = start();
    for (let round = 0; round < 4; round++) take();
    expect(take('two')).toMatchObject({ remaining: 2 });
    expect(take('one', { count: 2, windowSeconds: 1 })).toMatchObject({ limit: 2, remaining: 1 });
    expect(take()).toMatchObject({ isExceeded: true });
  });

  it('counts for several limits at once, of which the first that is used up spares the others', () => {
    const limiter = new RateLimiter(undefined, () => nowMs);
    const own = (keyId: string, count: number) => ({ keyId, limit: { ...limit, count } });
    const maker = own('maker', 3);
    const take = (...limits: { keyId: string; limit: RateLimit }[]) => limiter.takeAll(limits) as RateState;
    expect(take(own('a', 1), maker)).toMatchObject({ limit: 1, remaining: 0, isExceeded: false });
    expect(take(own('a', 1), maker)).toMatchObject({ limit: 1, isExceeded: true });
    expect(take(own('b', 9), maker)).toMatchObject({ limit: 3, remaining: 1, isExceeded: false });
    expect(take(maker)).toMatchObject({ remaining: 0, isExceeded: false });
    expect(take(own('b', 9), maker)).toMatchObject({ limit: 3, isExceeded: true });
  });

  it('keeps no windows that have ended, however many keys there are', () => {
    const limiter = new RateLimiter(undefined, () => nowMs);
    const { windows } = limiter as unknown as { windows: Map<string, unknown> };
    for (let index = 0; index < 100_000; index++) {
      nowMs += 100;
      void limiter.take(`key-${String(index)}`, { count: 1, windowSeconds: 1 });
    }
    expect(windows.size).toBeLessThan(30_000);
  });
});

describe('a node whose Redis', () => {
  it('says nothing, or nonsense, counts alone, on from what it has heard', async () => {
    let answer: Buffer | number | undefined = Buffer.from('2 30000');
    let asked = 0;
    const ask = () => {
      asked++;
      return Promise.resolve(answer);
    };
    const limiter = new RateLimiter({ ask, run: ask, isUp: true }, () => 0);
    expect(await limiter.take('one', limit)).toMatchObject({ remaining: 1, resetSeconds: 30 });
    for (const other of [undefined, 7, Buffer.from('x'), Buffer.from('-1 -1')]) {
      answer = other;
      await limiter.take('one', limit);
    }
    expect(await limiter.take('one', limit)).toMatchObject({ isExceeded: true });
    expect(asked).toBe(2); // a key that has used up the window is not asked about
  });
});
