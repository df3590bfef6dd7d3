import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../errors.js';
import { formatAddressRange, parseAddress, parseAddressRange } from '../../network/address-range.js';
import {
  formatEnd,
  isExpired,
  isNoWider,
  letsIn,
  parseAllowedAddresses,
  parseExpiry,
  withLimits,
} from './key-limits.js';
import type { KeyLimits } from './key-limits.js';
import { formatRateLimit, isNoFaster, parseRateLimit } from './rate-limit.js';

const nowMs = Date.parse('2026-07-01T12:00:00.250Z');

describe('the end of a key', () => {
  it.each([
    ['90d', '2026-09-29T12:00:01Z'],
    ['1s', '2026-07-01T12:00:02Z'],
    ['2w', '2026-07-15T12:00:01Z'],
    ['2027-01-31T12:00:30Z', '2027-01-31T12:00:30Z'],
    ['2027-01-31 12:00+02:00', '2027-01-31T10:00:00Z'],
  ])('%s is a whole second, never before the wanted one', (text, end) => {
    expect(new Date(parseExpiry(text, nowMs) ?? 0).toISOString()).toBe(end.replace('Z', '.000Z'));
  });

  it('now has come whatever the clock of a node says, and is shown as a word', () => {
    const expiresAtMs = parseExpiry('now', nowMs) ?? Infinity;
    expect(isExpired({ expiresAtMs }, nowMs - 3 * 365 * 86_400_000)).toBe(true);
    expect(formatEnd(expiresAtMs)).toBe('ended');
    expect(formatEnd(nowMs)).toBe('2026-07-01T12:00:00.250Z');
  });

  it('is the end of a date where the service is, and never is none', () => {
    expect(parseExpiry('2027-01-31', nowMs)).toBe(new Date(2027, 1, 1).getTime());
    expect(parseExpiry('never', nowMs)).toBeNull();
  });

  it.each([
    ...[
      '',
      '90',
      '-1d',
      '1.5d',
      '0d',
      '9999999d',
      '2026-06-30',
      '2027-02-30',
      '2027-13-01',
      '2027-01-31T25:00',
    ],
    ...['31.1.2027', 'tomorrow', '2027-01-31T12:00:00.1234Z', '2027-01-31\n', 'NEVER'],
  ])('%j is refused', (text) => {
    expect(() => parseExpiry(text, nowMs)).toThrow(AppError);
  });

  it.each([
    ['90', /^expected a number with a unit \(s, m, h, d or w\), such as 90d, a date .*, got 90$/],
    ['2026-06-30', /^2026-06-30 has passed; now ends the key at once$/],
    ['2027-02-30', /^there is no 2027-02-30 in the calendar/],
    ['9999-12-31', /^9999-12-31 is too far ahead: at most 100 years/],
    ['999999w', /^999999w is too far ahead: at most 100 years/],
  ])('%s is refused in words', (text, message) => {
    expect(() => parseExpiry(text, nowMs)).toThrow(message);
  });

  it('is the first moment at which the key is refused', () => {
    expect(isExpired({ expiresAtMs: nowMs }, nowMs - 1)).toBe(false);
    expect(isExpired({ expiresAtMs: nowMs }, nowMs)).toBe(true);
    expect(isExpired({}, nowMs)).toBe(false);
  });
});

describe('addresses of its own', () => {
  it('are read from several texts, each once, without host bits; any is none', () => {
    const ranges = parseAllowedAddresses(['203.0.113.9,10.1.2.3/8', '2001:DB8::1/64', '203.0.113.9']);
    expect(ranges?.map(formatAddressRange)).toEqual(['203.0.113.9', '10.0.0.0/8', '2001:db8::/64']);
    expect(parseAllowedAddresses(['any'])).toBeNull();
  });

  it.each(['', ',', 'allow-all', 'any,10.0.0.1', '10.0.0.0/33', '10.0.0', 'fe80::1%eth0', 'x'.repeat(9999)])(
    '%j are refused',
    (text) => {
      expect(() => parseAllowedAddresses([text])).toThrow(AppError);
    },
  );

  it('let in who is in one of them, and nobody whose address is not known', () => {
    const key = { allowedAddresses: parseAllowedAddresses(['10.0.0.0/8,2001:db8::/64']) ?? [] };
    const isIn = (text: string): boolean => letsIn(key, parseAddress(text));
    expect(['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::9'].map(isIn)).toEqual([true, true, true]);
    expect(['11.0.0.1', '2001:db8:0:1::9', ''].map(isIn)).toEqual([false, false, false]);
    expect(letsIn({}, undefined)).toBe(true);
    expect(letsIn({ allowedAddresses: [] }, parseAddress('10.0.0.1'))).toBe(false);
  });
});

describe('a rate limit', () => {
  it.each(['120/min', '5/s', '1000/h'])('%s is shown as it was given', (text) => {
    expect(formatRateLimit(parseRateLimit(text))).toBe(text);
  });

  it.each(['', '0/min', '-1/min', '120', '120/day', '1e3/s', '1000001/s', '120 /min', 'none'])(
    '%j is refused',
    (text) => {
      expect(() => parseRateLimit(text)).toThrow(AppError);
    },
  );

  it('is no faster than another only when it lets no more through, at once or in the long run', () => {
    const isSlower = (one: string, other: string): boolean =>
      isNoFaster(parseRateLimit(one), parseRateLimit(other));
    expect([isSlower('2/s', '120/min'), isSlower('120/min', '2/s')]).toEqual([true, false]);
    expect([isSlower('3/s', '120/min'), isSlower('7200/h', '120/min')]).toEqual([false, false]);
    expect(isSlower('120/min', '120/min')).toBe(true);
  });
});

describe('limits that are no wider than others', () => {
  const range = fc
    .record({
      last: fc.constantFrom('10.0.0.0', '10.0.0.4', '10.0.1.0', '2001:db8::'),
      bits: fc.integer({ min: 22, max: 32 }),
    })
    .map(({ last, bits }) => parseAddressRange(`${last}/${String(bits)}`)!);
  const limits: fc.Arbitrary<KeyLimits> = fc.record(
    {
      expiresAtMs: fc.integer({ min: 1, max: 5 }),
      allowedAddresses: fc.array(range, { minLength: 1, maxLength: 3 }),
      rateLimit: fc.record({ count: fc.integer({ min: 1, max: 9 }), windowSeconds: fc.constantFrom(1, 60) }),
    },
    { requiredKeys: [] },
  );
  const addresses = ['10.0.0.1', '10.0.0.5', '10.0.1.9', '10.0.3.1', '192.0.2.1', '2001:db8::1'].map((text) =>
    parseAddress(text),
  );

  it('are refused at every moment and from every address where those are', () => {
    fc.assert(
      fc.property(limits, limits, (one, other) => {
        if (!isNoWider(one, other)) return;
        for (let atMs = 0; atMs < 7; atMs++)
          if (isExpired(other, atMs)) expect(isExpired(one, atMs)).toBe(true);
        for (const address of addresses)
          if (!letsIn(other, address)) expect(letsIn(one, address)).toBe(false);
        if (other.rateLimit !== undefined)
          expect(one.rateLimit?.count).toBeLessThanOrEqual(other.rateLimit.count);
      }),
      { numRuns: 2000 },
    );
  });

  it('are the same ones, and those with one more limit', () => {
    fc.assert(
      fc.property(limits, limits, (one, other) => {
        expect(isNoWider(one, one)).toBe(true);
        expect(isNoWider(withLimits({}, one), {})).toBe(true);
        expect(
          isNoWider(withLimits(one, { expiresAtMs: null, allowedAddresses: null, rateLimit: null }), other),
        ).toBe(Object.keys(other).length === 0);
      }),
    );
  });
});
