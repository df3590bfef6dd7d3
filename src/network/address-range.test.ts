import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dotted,
  fullIpv6,
  ipv4Number,
  ipv6Number,
  spellingsOfIpv6,
  spellingsOfMapped,
} from '../../test/support/address-arbitraries.js';
import {
  formatAddress,
  formatAddressRange,
  networkMeant,
  parseAddress,
  parseAddressRange,
  rangeContains,
  type Address,
  type AddressRange,
} from './address-range.js';

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return parsed;
}

function range(text: string): AddressRange {
  const parsed = parseAddressRange(text);
  if (parsed === undefined) throw new Error(`${text} is no range`);
  return parsed;
}

/** Whether two addresses of so many bits agree in the first ones: a calculation that shares nothing with the code. */
function agree(one: bigint, other: bigint, bits: number, prefixLength: number): boolean {
  const shift = BigInt(bits - prefixLength);
  return one >> shift === other >> shift;
}

describe('an address', () => {
  it('has one text, however its IPv6 form is spelled', () => {
    fc.assert(
      fc.property(ipv6Number, (value) => {
        const texts = spellingsOfIpv6(value).map((spelling) => formatAddress(address(spelling)));
        expect(new Set(texts).size).toBe(1);
      }),
    );
  });

  it('written the one way is the same address again', () => {
    fc.assert(
      fc.property(ipv6Number, (value) => {
        const text = formatAddress(address(fullIpv6(value)));
        expect(address(text).toByteArray()).toEqual(address(fullIpv6(value)).toByteArray());
        expect(formatAddress(address(text))).toBe(text);
      }),
    );
  });

  it('that is a mapped IPv6 address is the IPv4 address that it maps', () => {
    fc.assert(
      fc.property(ipv4Number, (value) => {
        for (const spelling of spellingsOfMapped(value)) {
          expect(formatAddress(address(spelling))).toBe(dotted(value));
        }
      }),
    );
  });

  it.each([
    ['2001:0DB8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['203.0.113.9', '203.0.113.9'],
    ['0.0.0.0', '0.0.0.0'],
    ['::203.0.113.9', '::cb00:7109'],
  ])('%s is written %s', (spelling, text) => {
    expect(formatAddress(address(spelling))).toBe(text);
  });

  it.each([
    ['nothing', ''],
    ['a blank before', ' 10.0.0.1'],
    ['a blank after', '10.0.0.1 '],
    ['a line end', '10.0.0.1\n'],
    ['brackets', '[::1]'],
    ['a zone', 'fe80::1%eth0'],
    ['a port', '10.0.0.1:80'],
    ['three numbers', '10.0.1'],
    ['one number', '167772161'],
    ['octal numbers', '010.0.0.1'],
    ['a hexadecimal number', '0x0a.0.0.1'],
    ['a number that is too large', '10.0.0.256'],
    ['two gaps', '1::2::3'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['a name', 'localhost'],
    ['two addresses', '10.0.0.1,10.0.0.2'],
    ['a range', '10.0.0.0/8'],
    ['a NUL', '10.0.0.1\0'],
  ])('is not what has %s', (_what, text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('a range', () => {
  it('contains exactly the IPv4 addresses that share its first bits', () => {
    fc.assert(
      fc.property(ipv4Number, ipv4Number, fc.nat(32), fc.nat(32), (network, other, prefix, flipped) => {
        const near = network ^ (flipped === 32 ? 0n : 1n << BigInt(flipped));
        for (const candidate of [other, near, network]) {
          expect(rangeContains(range(`${dotted(network)}/${prefix}`), address(dotted(candidate)))).toBe(
            agree(network, candidate, 32, prefix),
          );
        }
      }),
    );
  });

  it('contains exactly the IPv6 addresses that share its first bits', () => {
    fc.assert(
      fc.property(ipv6Number, ipv6Number, fc.nat(128), fc.nat(127), (network, other, prefix, flipped) => {
        const near = network ^ (1n << BigInt(flipped));
        for (const candidate of [other, near, network]) {
          if (candidate >> 32n === 0xffffn) continue; // that one is IPv4
          expect(rangeContains(range(`${fullIpv6(network)}/${prefix}`), address(fullIpv6(candidate)))).toBe(
            agree(network, candidate, 128, prefix),
          );
        }
      }),
    );
  });

  it('is one text for each of its addresses', () => {
    fc.assert(
      fc.property(
        ipv4Number,
        fc.nat(31),
        fc.bigInt({ min: 0n, max: 0xffff_ffffn }),
        (value, prefix, noise) => {
          const hostBits = (1n << BigInt(32 - prefix)) - 1n;
          const elsewhere = (value & ~hostBits) | (noise & hostBits);
          const text = formatAddressRange(range(`${dotted(value)}/${prefix}`));
          expect(formatAddressRange(range(`${dotted(elsewhere)}/${prefix}`))).toBe(text);
          expect(text).toBe(`${dotted(value & ~hostBits)}/${prefix}`);
        },
      ),
    );
  });

  it('of mapped addresses is the IPv4 range that it maps', () => {
    fc.assert(
      fc.property(ipv4Number, fc.nat(32), (value, prefix) => {
        const mapped = range(`::ffff:${dotted(value)}/${prefix + 96}`);
        expect(formatAddressRange(mapped)).toBe(formatAddressRange(range(`${dotted(value)}/${prefix}`)));
      }),
    );
  });

  it('of full length is written as the address', () => {
    expect(formatAddressRange(range('10.0.0.1/32'))).toBe('10.0.0.1');
    expect(formatAddressRange(range('2001:DB8::1/128'))).toBe('2001:db8::1');
    expect(formatAddressRange(range('10.0.0.1'))).toBe('10.0.0.1');
  });

  it('of one family has no address of the other', () => {
    expect(rangeContains(range('0.0.0.0/0'), address('::1'))).toBe(false);
    expect(rangeContains(range('::/0'), address('10.0.0.1'))).toBe(false);
    expect(rangeContains(range('::/0'), address('::ffff:10.0.0.1'))).toBe(false);
    expect(rangeContains(range('10.0.0.0/8'), address('::ffff:10.0.0.1'))).toBe(true);
  });

  it.each([
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/+8',
    '10.0.0.0/8/8',
    '10.0.0.0/ 8',
    '10.0.0.0/8x',
    '10.0.0.0/255.0.0.0',
    '/8',
    '10.0.0/8',
    '::ffff:10.0.0.0/95',
    '::ffff:10.0.0.0/8',
    '10.0.0.1-10.0.0.9',
    '10.0.0.*',
    '',
  ])('is not %p', (text) => {
    expect(parseAddressRange(text)).toBeUndefined();
  });
});

describe('the network that a range with host bits is taken for', () => {
  it.each([
    ['10.0.0.1/8', '10.0.0.0/8'],
    ['2001:DB8::1/32', '2001:db8::/32'],
    ['::ffff:10.0.0.1/104', '10.0.0.0/8'],
    ['10.0.0.1/0', '0.0.0.0/0'],
  ])('%s is taken for %s', (text, network) => {
    expect(networkMeant(text)).toBe(network);
  });

  it.each(['10.0.0.0/8', '10.0.0.1', '10.0.0.1/32', '2001:DB8:0::/32', '::ffff:10.0.0.0/104', '', 'x/8'])(
    'is asked for in vain with %j',
    (text) => {
      expect(networkMeant(text)).toBeUndefined();
    },
  );
});
