import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RateState } from '../limits/rate-state.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { limitFor, PeakMeter } from './peak-meter.js';

const gaps = fc.array(fc.constantFrom(0, 1, 15, 17, 300, 990, 1010, 59_000, 3_590_000), { maxLength: 80 });

describe('the smallest rate limit', () => {
  it.each([1, 60, 3600] as const)('lets all through, and one less does not (in %s s)', (windowSeconds) => {
    fc.assert(
      fc.property(gaps, (all) => {
        const times = all.map(
          (
            (sum) => (gap: number) =>
              (sum += gap)
          )(1_000_000),
        );
        const meter = new PeakMeter();
        for (const time of times) meter.add(time);
        const refused = (count: number): number => {
          let nowMs = 0;
          const limiter = new RateLimiter({ now: () => nowMs });
          return times.filter((time) => {
            nowMs = time;
            return (limiter.take('key', { count, windowSeconds }) as RateState).isExceeded;
          }).length;
        };
        const peak = meter.peaks[windowSeconds];
        expect(refused(peak)).toBe(0);
        if (peak > 1) expect(refused(peak - 1)).toBeGreaterThan(0);
      }),
    );
  });

  it('is never higher than the present one, and in its window', () => {
    const peaks = { 1: 3, 60: 40, 3600: 500 };
    expect(limitFor(peaks, undefined)).toEqual({ count: 40, windowSeconds: 60 });
    expect(limitFor(peaks, { count: 1000, windowSeconds: 3600 })).toEqual({
      count: 500,
      windowSeconds: 3600,
    });
    expect(limitFor(peaks, { count: 2, windowSeconds: 1 })).toEqual({ count: 2, windowSeconds: 1 });
    expect(limitFor({ 1: 0, 60: 0, 3600: 0 }, undefined)).toBeUndefined();
    // Nor higher than what counts at some adapters where there is none.
    const byDefault = { count: 39, windowSeconds: 60 };
    expect(limitFor(peaks, undefined, byDefault)).toBeUndefined();
    expect(limitFor(peaks, undefined, { ...byDefault, count: 40 })).toMatchObject({ count: 40 });
    expect(limitFor(peaks, { count: 50, windowSeconds: 60 }, byDefault)).toMatchObject({ count: 40 });
  });
});
