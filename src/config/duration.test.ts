import { describe, expect, it } from '@jest/globals';
import { parseDurationMs } from './duration.js';

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['5', 5000],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    [' 1s ', 1000],
  ])('%p is %d milliseconds', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it('is at most 100 years', () => {
    expect(parseDurationMs('36525d')).toBe(36_525 * 86_400_000);
    expect(parseDurationMs('36526d')).toBeUndefined();
    expect(parseDurationMs('999999999999d')).toBeUndefined();
  });

  it.each(['', 's', '-1s', '+1s', '1.5h', '1 h', '1w', '1H', '1e3', '0x10', '1s2', 'Infinity', '٣s'])(
    'is not %p',
    (text) => {
      expect(parseDurationMs(text)).toBeUndefined();
    },
  );
});
