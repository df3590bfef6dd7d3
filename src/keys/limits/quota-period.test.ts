import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayOf, formatQuotaEnd, periodOf, type PeriodUnit } from './quota-period.js';

interface CalendarDay {
  text: string;
  weekday: number;
}

/** A calendar that counts its days one by one from Thursday, 1970-01-01, by the rule of leap years alone. */
function calendar(untilYear: number): CalendarDay[] {
  const days: CalendarDay[] = [];
  const two = (value: number): string => String(value).padStart(2, '0');
  for (let year = 1970; year < untilYear; year++) {
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (const [month, length] of lengths.entries())
      for (let day = 1; day <= length; day++)
        days.push({ text: `${String(year)}-${two(month + 1)}-${two(day)}`, weekday: (days.length + 4) % 7 });
  }
  return days;
}

const days = calendar(2112);
const dayMs = 86_400_000;

/** Whether two days that follow each other are in one period. */
const goesOn: Record<PeriodUnit, (before: CalendarDay, after: CalendarDay) => boolean> = {
  day: () => false,
  week: (_, { weekday }) => weekday !== 1,
  month: (before, after) => before.text.slice(0, 7) === after.text.slice(0, 7),
};

function byHand(unit: PeriodUnit, index: number): { firstDay: string; lastDay: string; endsAtMs: number } {
  let [first, last] = [index, index];
  while (first > 0 && goesOn[unit](days[first - 1]!, days[first]!)) first--;
  while (goesOn[unit](days[last]!, days[last + 1]!)) last++;
  return { firstDay: days[first]!.text, lastDay: days[last]!.text, endsAtMs: (last + 1) * dayMs };
}

describe('the period of a quota', () => {
  it('is that of a calendar which counts its days one by one', () => {
    const index = fc.integer({ min: 10, max: days.length - 40 });
    const withinDay = fc.oneof(fc.constantFrom(0, 1, dayMs - 1), fc.integer({ min: 0, max: dayMs - 1 }));
    const unit = fc.constantFrom<PeriodUnit>('day', 'week', 'month');
    fc.assert(
      fc.property(unit, index, withinDay, (asked, day, ms) => {
        const timeMs = day * dayMs + ms;
        expect(dayOf(timeMs)).toBe(days[day]!.text);
        expect(periodOf(asked, timeMs)).toEqual(byHand(asked, day));
      }),
      { numRuns: 3000 },
    );
  });

  it.each<[PeriodUnit, string, string, string, string]>([
    ['day', '2028-02-28T23:59:59.999Z', '2028-02-28', '2028-02-28', '2028-02-29T00:00Z'],
    ['day', '2028-02-29T00:00:00.000Z', '2028-02-29', '2028-02-29', '2028-03-01T00:00Z'],
    ['week', '2026-11-29T23:59:59.999Z', '2026-11-23', '2026-11-29', '2026-11-30T00:00Z'],
    ['week', '2026-11-30T00:00:00.000Z', '2026-11-30', '2026-12-06', '2026-12-07T00:00Z'],
    // A week over the end of a year, and over a leap day.
    ['week', '2027-01-01T12:00:00.000Z', '2026-12-28', '2027-01-03', '2027-01-04T00:00Z'],
    ['week', '2028-02-29T12:00:00.000Z', '2028-02-28', '2028-03-05', '2028-03-06T00:00Z'],
    ['month', '2026-11-30T23:59:59.999Z', '2026-11-01', '2026-11-30', '2026-12-01T00:00Z'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2026-12-31', '2027-01-01T00:00Z'],
    ['month', '2028-02-29T23:59:59.999Z', '2028-02-01', '2028-02-29', '2028-03-01T00:00Z'],
    ['month', '2027-02-28T23:59:59.999Z', '2027-02-01', '2027-02-28', '2027-03-01T00:00Z'],
  ])('of a %s at %s goes from %s to %s', (unit, moment, firstDay, lastDay, end) => {
    const period = periodOf(unit, Date.parse(moment));
    expect(period).toMatchObject({ firstDay, lastDay });
    expect(formatQuotaEnd(period.endsAtMs)).toBe(end);
  });
});
