import { describe, expect, it } from '@jest/globals';
import { isDurationTooLong, parseDurationMs } from './duration.js';

describe('a duration', () => {
  it.each([
    ['0s', 0],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    ['2w', 1_209_600_000],
    [' 1s ', 1000],
  ])('%p is %d milliseconds', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it('is at most 100 years', () => {
    expect(parseDurationMs('36525d')).toBe(36_525 * 86_400_000);
    expect(parseDurationMs('36526d')).toBeUndefined();
    expect(parseDurationMs('999999999999w')).toBeUndefined();
    expect(['36525d', '36526d', '999999999999w', '90', 'soon'].map(isDurationTooLong)).toEqual([
      ...[false, true, true, false, false],
    ]);
  });

  it.each([
    '',
    '0',
    '90',
    's',
    '-1s',
    '+1s',
    '1.5h',
    '1 h',
    '1H',
    '1y',
    '1e3',
    '0x10',
    '1s2',
    'Infinity',
    '٣s',
  ])('is not %p', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });
});
