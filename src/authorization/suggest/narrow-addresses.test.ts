import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dotted, fullIpv6, ipv4Number, ipv6Number } from '../../../test/support/address-arbitraries.js';
import {
  formatAddressRange,
  parseAddress,
  parseAddressRange,
  rangeContains,
  type Address,
  type AddressRange,
} from '../../network/address-range.js';
import { narrowAddresses } from './narrow-addresses.js';

const narrow = (texts: readonly string[], present?: readonly string[]): string[] | undefined =>
  narrowAddresses(texts, present?.map(rangeOf), 64)?.map(formatAddressRange);

function rangeOf(text: string): AddressRange {
  const range = parseAddressRange(text);
  if (range === undefined) throw new Error(text);
  return range;
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(text);
  return address;
}

const near = fc.integer({ min: 0, max: 40 }).map((last) => `192.0.2.${String(last)}`);
const addresses = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: near },
    { weight: 1, arbitrary: ipv4Number.map(dotted) },
    { weight: 1, arbitrary: ipv6Number.map(fullIpv6) },
    {
      weight: 1,
      arbitrary: fc.nat(0xffff).map((last) => `2001:db8:0:${(last % 3).toString()}::${last.toString(16)}`),
    },
  ),
  { minLength: 1, maxLength: 60 },
);

describe('ranges of addresses', () => {
  it('have each address in them, and none is there for nothing', () => {
    fc.assert(
      fc.property(addresses, (texts) => {
        const ranges = narrowAddresses(texts, undefined, 64);
        if (ranges === undefined) return;
        const parsed = texts.map((text) => addressOf(text));
        for (const address of parsed)
          expect(ranges.some((range) => rangeContains(range, address))).toBe(true);
        for (const range of ranges)
          expect(parsed.some((address) => rangeContains(range, address))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are never wider than those that the key has', () => {
    const present = ['192.0.2.0/28', '192.0.2.16', '2001:db8::/63', '2001:db8:0:2::8000/113', '0.0.0.0/2'];
    const held = present.map(rangeOf);
    fc.assert(
      fc.property(addresses, (texts) => {
        for (const { network, prefixLength } of narrowAddresses(texts, held, 64) ?? [])
          expect(
            held.some((range) => range.prefixLength <= prefixLength && rangeContains(range, network)),
          ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are as small as they can be read', () => {
    expect(narrow(['203.0.113.9'])).toEqual(['203.0.113.9']);
    expect(narrow(['203.0.113.8', '203.0.113.9', '203.0.113.11'])).toEqual([
      '203.0.113.8/31',
      '203.0.113.11',
    ]);
    expect(narrow(['2001:db8::1', '2001:db8::2', '2001:db8:1::1'])).toEqual([
      '2001:db8::/64',
      '2001:db8:1::1',
    ]);
    const many = Array.from({ length: 100 }, (_, index) => `198.51.100.${String(2 * index)}`);
    expect(narrow([...many, '203.0.113.9'])?.length).toBeLessThanOrEqual(16);
    expect(narrow(['gateway'])).toBeUndefined();
    expect(narrow(['192.0.2.9', '203.0.113.9'], ['192.0.2.0/24'])).toEqual(['192.0.2.9']);
    expect(narrow(Array.from({ length: 70 }, (_, index) => `${String(index + 1)}.0.0.1`))).toBeUndefined();
  });
});
