import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAddressRange } from '../../network/address-range.js';
import type { AccessKey } from '../access-key.js';
import { widenedParts } from './widened.js';

const range = (text: string) => [parseAddressRange(text)].filter((one) => one !== undefined);
type Limits = Partial<Pick<AccessKey, 'expiresAtMs' | 'allowedAddresses' | 'rateLimit'>>;
const key = (permissions: string[], limits: Limits = {}, user = 'alice') => ({
  user,
  permissions,
  ...limits,
});

describe('what of a key allows more than before', () => {
  it.each([
    ['another permission', key(['a']), key(['a', 'b']), ['permissions']],
    ['another one in place of it', key(['a']), key(['b']), ['permissions']],
    ['fewer permissions', key(['a', 'b']), key(['a']), []],
    ['no permission more for another user', key(['a']), key([]), []],
    ['everything for the root user', key(['a'], {}, 'admin'), key([], {}, 'admin'), ['permissions']],
    ['less than everything for the root user', key([], {}, 'admin'), key(['a'], {}, 'admin'), []],
    ['a later end', key([], { expiresAtMs: 1 }), key([], { expiresAtMs: 2 }), ['expires']],
    ['an earlier end', key([], { expiresAtMs: 2 }), key([], { expiresAtMs: 1 }), []],
    ['no end', key([], { expiresAtMs: 1 }), key([]), ['expires']],
    [
      'a larger network',
      key([], { allowedAddresses: range('192.0.2.0/25') }),
      key([], { allowedAddresses: range('192.0.2.0/24') }),
      ['allowedAddresses'],
    ],
    ['no addresses', key([], { allowedAddresses: range('192.0.2.1') }), key([]), ['allowedAddresses']],
    ['addresses', key([]), key([], { allowedAddresses: range('192.0.2.1') }), []],
  ])('%s', (_, before, after, expected) => {
    expect(widenedParts(before, after, 'admin')).toEqual(expected);
  });

  it('is nothing where nothing changes, and something one way where something does', () => {
    const limits = fc.record(
      {
        expiresAtMs: fc.integer({ min: 1, max: 3 }),
        allowedAddresses: fc.constantFrom(
          range('192.0.2.0/24'),
          range('192.0.2.0/25'),
          range('198.51.100.1'),
        ),
      },
      { requiredKeys: [] },
    );
    const keys = fc
      .tuple(fc.uniqueArray(fc.constantFrom('a', 'b', 'c')), limits, fc.constantFrom('admin', 'alice'))
      .map(([permissions, limit, user]) => key(permissions, limit, user));
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        const second = { ...other, user: one.user };
        expect(widenedParts(one, one, 'admin')).toEqual([]);
        const there = widenedParts(one, second, 'admin');
        const back = widenedParts(second, one, 'admin');
        const isSame =
          JSON.stringify({ ...one, permissions: [...one.permissions].sort() }) ===
          JSON.stringify({ ...second, permissions: [...second.permissions].sort() });
        if (!isSame) expect(there.length + back.length).toBeGreaterThan(0);
      }),
    );
  });
});
