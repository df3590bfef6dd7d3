import { expect, it } from '@jest/globals';
import { ClockTrust } from './clock-trust.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);

it('small steps forward add up, and are doubted for a day', () => {
  const clock = new ClockTrust(startMs);
  let [nowMs, monotonicMs] = [startMs, 0];
  const doubted: boolean[] = [];
  for (let step = 0; step <= 7; step++) {
    doubted.push(clock.isDoubted(nowMs, monotonicMs));
    nowMs += 10 * minuteMs;
    monotonicMs += minuteMs / 60;
  }
  expect(doubted).toEqual([false, false, false, false, false, false, false, true]);
  expect(clock.isDoubted(nowMs + dayMs, monotonicMs + dayMs)).toBe(false);
});

it('a clock that is set back and then right again is trusted', () => {
  const clock = new ClockTrust(startMs);
  expect(clock.isDoubted(startMs, 0)).toBe(false);
  expect(clock.isDoubted(startMs - dayMs, minuteMs)).toBe(false);
  expect(clock.isDoubted(startMs + 2 * minuteMs, 2 * minuteMs)).toBe(false);
});

it.each([
  ['an empty record', undefined, false],
  ['a newest event of the last day', startMs - dayMs, false],
  ['an older one', startMs - dayMs - 1, true],
  ['one of the future', startMs + dayMs + 1, true],
  ['one of an unknown time', Number.NaN, true],
])('a start with %s: %s is doubted: %s', (_, newestMs, is) => {
  const clock = new ClockTrust(newestMs);
  for (const laterMs of [0, minuteMs, dayMs - 1])
    expect(clock.isDoubted(startMs + laterMs, laterMs)).toBe(is);
  expect(clock.isDoubted(startMs + dayMs, dayMs)).toBe(false);
});
