import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RateLimit } from '../../keys/limits/rate-limit.js';
import { LiveNodes } from '../../storage/cluster/live-nodes.js';
import { RateLimiter } from './rate-limiter.js';
import type { RateState } from './rate-state.js';

const limit: RateLimit = { count: 3, windowSeconds: 60 };

describe('a node that counts alone', () => {
  let nowMs = 0;
  const start = (): ((keyId?: string, wanted?: RateLimit) => RateState) => {
    const limiter = new RateLimiter({ now: () => nowMs });
    return (keyId = 'one', wanted = limit) => limiter.take(keyId, wanted) as RateState;
  };

  it('lets exactly so many through in a window, and says what is left and until when', () => {
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

  it('counts each key for itself, and gives no second allowance when a limit is changed', () => {
    const take = start();
    for (let round = 0; round < 4; round++) take();
    expect(take('two')).toMatchObject({ remaining: 2 });
    expect(take('one', { ...limit, count: 2 })).toMatchObject({ limit: 2, isExceeded: true });
    expect(take('one', { ...limit, count: 4 })).toMatchObject({ limit: 4, remaining: 0, isExceeded: false });
    expect(take('one', { ...limit, count: 4 })).toMatchObject({ isExceeded: true });
  });

  it('counts for several limits at once, of which the first that is used up spares the others', () => {
    const limiter = new RateLimiter({ now: () => nowMs });
    const own = (keyId: string, count: number) => ({ keyId, limit: { ...limit, count } });
    const maker = own('maker', 3);
    const take = (...limits: { keyId: string; limit: RateLimit }[]) => limiter.takeAll(limits) as RateState;
    expect(take(own('a', 1), maker)).toMatchObject({ limit: 1, remaining: 0, isExceeded: false });
    expect(take(own('a', 1), maker)).toMatchObject({ limit: 1, isExceeded: true });
    expect(take(own('b', 9), maker)).toMatchObject({ limit: 3, remaining: 1, isExceeded: false });
    expect(take(maker)).toMatchObject({ remaining: 0, isExceeded: false });
    expect(take(own('b', 9), maker)).toMatchObject({ limit: 3, isExceeded: true });
  });

  it('keeps nothing of keys of which nothing counts any more, however many there are', () => {
    const limiter = new RateLimiter({ now: () => nowMs });
    const { keys } = limiter as unknown as { keys: Map<string, unknown> };
    for (let index = 0; index < 100_000; index++) {
      nowMs += 100;
      void limiter.take(`key-${String(index)}`, { count: 1, windowSeconds: 1 });
    }
    expect(keys.size).toBeLessThan(30_000);
  });

  /** The exact model keeps the time of each request that passed. */
  it('never lets more through in any window than the limit, refuses nothing long after it has room, and keeps its word', () => {
    const steps = fc.array(
      fc.record({ afterMs: fc.integer({ min: 0, max: 4000 }), times: fc.integer({ min: 1, max: 4 }) }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (asked, count) => {
        const windowMs = 10_000;
        const own: RateLimit = { count, windowSeconds: windowMs / 1000 };
        let clockMs = 0;
        const limiter = new RateLimiter({ now: () => clockMs });
        const passed: number[] = [];
        for (const { afterMs, times } of asked) {
          clockMs += afterMs;
          for (let time = 0; time < times; time++) {
            const state = limiter.take('one', own) as RateState;
            const counted = passed.filter((atMs) => atMs + windowMs > clockMs).length;
            // A span is a sixtieth of the window: a place is free again so much later at most.
            const surely = passed.filter((atMs) => atMs + windowMs + windowMs / 60 > clockMs).length;
            if (!state.isExceeded) expect(counted).toBeLessThan(count);
            else expect(surely).toBeGreaterThanOrEqual(count);
            if (!state.isExceeded) passed.push(clockMs);
          }
        }
        // What a refusal says of the time is true: nothing before it extends it.
        let state = limiter.take('one', own) as RateState;
        while (!state.isExceeded) state = limiter.take('one', own) as RateState;
        const refusedAtMs = clockMs;
        for (let second = 1; second < state.resetSeconds; second++) {
          clockMs = refusedAtMs + second * 1000 - 1;
          void limiter.take('one', own);
        }
        clockMs = refusedAtMs + state.resetSeconds * 1000;
        expect(limiter.take('one', own)).toMatchObject({ isExceeded: false });
      }),
      { numRuns: 150 },
    );
  });
});

describe('nodes without Redis', () => {
  it('let no more through together than the limit, whatever it is and wherever the requests come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 130 }),
        fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 400 }),
        (nodes, count, asked) => {
          const limiters = Array.from(
            { length: nodes },
            (_, rank) => new RateLimiter({ now: () => 0, share: () => ({ nodes, rank }) }),
          );
          const own = { count, windowSeconds: 60 };
          const states = asked.map((at) => limiters[at % nodes]?.take('one', own) as RateState);
          expect(states.filter(({ isExceeded }) => !isExceeded).length).toBeLessThanOrEqual(count);
          const all = limiters.flatMap((limiter) =>
            Array.from({ length: count }, () => limiter.take('one', own) as RateState),
          );
          const passed = [...states, ...all].filter(({ isExceeded }) => !isExceeded);
          expect(passed).toHaveLength(count);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('learn who is alive from the rows that are renewed', () => {
    let nowMs = 0;
    const rows = ['a', 'b', 'c'].map((id) => ({ id, leaseMs: 5000, appliedNumber: 0, renewals: 0 }));
    const live = new LiveNodes(() => nowMs);
    expect(live.shareOf('b')).toEqual({ nodes: 1, rank: 0 });
    live.note(rows);
    expect(live.shareOf('b')).toEqual({ nodes: 3, rank: 1 });
    for (let round = 0; round < 3; round++) {
      nowMs += 4000;
      for (const row of rows.slice(0, 2)) row.renewals++;
      live.note(rows);
    }
    expect(live.shareOf('b')).toEqual({ nodes: 2, rank: 1 });
  });
});

describe('a node whose Redis', () => {
  it('says nothing, or nonsense, counts alone, on from what it has heard', async () => {
    let answer: Buffer | number | undefined = Buffer.from('1 2 60000 1000000 - ab12 5 1000000 1000000 1');
    let asked = 0;
    const run = () => {
      asked++;
      return Promise.resolve(answer);
    };
    const limiter = new RateLimiter({ redis: { run, isUp: true }, now: () => 0 });
    expect(await limiter.take('one', limit)).toMatchObject({ remaining: 1, resetSeconds: 60 });
    const states: RateState[] = [];
    for (const other of [
      undefined,
      7,
      Buffer.from('x'),
      Buffer.from('-1 -1'),
      Buffer.from('? 0 0 1000000 - '),
    ]) {
      answer = other;
      states.push(await limiter.take('one', limit));
    }
    expect(states.map(({ isExceeded }) => isExceeded)).toEqual([false, true, true, true, true]);
    // A key that Redis has refused is not asked about again until something may pass.
    answer = Buffer.from('0 3 60000 1000000 - ');
    for (let round = 0; round < 3; round++) await limiter.take('one', limit);
    expect(asked).toBe(8); // twice where it says that it lacks something
    expect(await limiter.take('one', { ...limit, count: 4 })).toMatchObject({ isExceeded: true });
    expect(asked).toBe(9);
  });
});
