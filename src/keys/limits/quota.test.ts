import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayOf, periodOf, type PeriodUnit } from './quota-period.js';
import { formatQuota, inBothQuotas, isNoLarger, parseQuota, type Quota } from './quota.js';

const dayMs = 86_400_000;
const units: readonly PeriodUnit[] = ['day', 'week', 'month'];
const someDays = Array.from({ length: 3 * 366 }, (_, index) => Date.UTC(2027, 0, 1) + index * dayMs);

/** The most that a quota lets through in one period of another unit, found by looking at three years. */
function mostIn(quota: Quota, unit: PeriodUnit): number {
  const within = new Map<string, Set<string>>();
  for (const timeMs of someDays) {
    const outer = periodOf(unit, timeMs).firstDay;
    const inner = within.get(outer) ?? new Set();
    within.set(outer, inner.add(periodOf(quota.unit, timeMs).firstDay));
  }
  return Math.max(...[...within.values()].map(({ size }) => size)) * quota.count;
}

describe('a quota', () => {
  it.each(['10000/month', '1/day', '1000000000/week'])('is read and shown as %s', (text) => {
    expect(formatQuota(parseQuota(text))).toBe(text);
  });

  it.each([
    '',
    '0/day',
    '01/day',
    '1000000001/day',
    '5/hour',
    '5/days',
    '5 /day',
    '-1/day',
    '1.5/day',
    'none',
  ])('is not "%s"', (text) => {
    expect(() => parseQuota(text)).toThrow('expected N/day, N/week or N/month, such as 10000/month');
  });

  it('is no larger than another one where it lets no more through in any of its periods', () => {
    const quota = fc.record({ count: fc.integer({ min: 1, max: 400 }), unit: fc.constantFrom(...units) });
    fc.assert(
      fc.property(quota, quota, (one, other) => {
        expect(isNoLarger(one, other)).toBe(mostIn(one, other.unit) <= other.count);
      }),
      { numRuns: 100 },
    );
    expect(dayOf(someDays[0]!)).toBe('2027-01-01');
  });

  it('within two others is no larger than either, unless they are as small as one in a week', () => {
    const quota = fc.record({ count: fc.integer({ min: 2, max: 400 }), unit: fc.constantFrom(...units) });
    fc.assert(
      fc.property(quota, quota, (one, other) => {
        const both = inBothQuotas(one, other);
        expect([isNoLarger(both, one), isNoLarger(both, other)]).toEqual([true, true]);
      }),
    );
  });
});
