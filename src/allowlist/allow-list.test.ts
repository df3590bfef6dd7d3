import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dotted,
  ipv4Number,
  ipv6Number,
  spellingsOfIpv6,
  spellingsOfMapped,
} from '../../test/support/address-arbitraries.js';
import { formatAddress, parseAddress } from '../network/address-range.js';
import { AllowList, normaliseEntry, splitEntries } from './allow-list.js';

/** Asks as the gateway does: with the address and its one text. */
function allows(
  entries: readonly string[],
  client: string,
  credential: 'access_key' | 'legacy' = 'access_key',
): boolean {
  const address = parseAddress(client);
  return new AllowList(entries).allows(address, address ? formatAddress(address) : '', credential);
}

describe('the allow list', () => {
  it('lets nobody in while it is empty', () => {
    expect(allows([], '127.0.0.1')).toBe(false);
    expect(allows([], '::1')).toBe(false);
    expect(allows([], 'unknown')).toBe(false);
  });

  it('lets everybody in with allow-all, also a request whose address nobody knows', () => {
    for (const client of ['203.0.113.9', '2001:db8::1', 'unknown']) {
      expect(allows(['allow-all'], client)).toBe(true);
      expect(allows(['allow-all'], client, 'legacy')).toBe(true);
    }
  });

  it('lets every address in with 0.0.0.0 where access keys are used', () => {
    expect(allows(['0.0.0.0'], '203.0.113.9')).toBe(true);
    expect(allows(['0.0.0.0'], '2001:db8::1')).toBe(true);
  });

  it('takes 0.0.0.0 for an address like any other where legacy credentials are used', () => {
    expect(allows(['0.0.0.0'], '203.0.113.9', 'legacy')).toBe(false);
    expect(allows(['0.0.0.0'], '0.0.0.0', 'legacy')).toBe(true);
  });

  it('does not let in a request without a known address, not even with 0.0.0.0 or every range', () => {
    expect(allows(['0.0.0.0', '0.0.0.0/0', '::/0'], 'unknown')).toBe(false);
    expect(allows([''], 'unknown')).toBe(false);
  });

  it('takes an entry literally: nothing in it is a pattern', () => {
    expect(allows(['10.0.0.*'], '10.0.0.1')).toBe(false);
    expect(allows(['.*'], '10.0.0.1')).toBe(false);
    expect(allows(['10.0.0.1'], '10.0.0.10')).toBe(false);
    expect(allows(['10.0.0.10'], '10.0.0.1')).toBe(false);
    expect(allows(['ALLOW-ALL'], '10.0.0.1')).toBe(false);
  });

  it('has both ends of a range in it and the neighbours not', () => {
    const entries = ['192.0.2.64/26'];
    const inside = ['192.0.2.64', '192.0.2.127', '::ffff:192.0.2.100'];
    for (const client of inside) expect(allows(entries, client)).toBe(true);
    for (const client of ['192.0.2.63', '192.0.2.128', '::192.0.2.64'])
      expect(allows(entries, client)).toBe(false);
  });

  it('knows a client by every spelling of its IPv6 address, whichever was entered', () => {
    fc.assert(
      fc.property(ipv6Number, fc.nat(), fc.nat(), (value, entered, sent) => {
        const spellings = spellingsOfIpv6(value);
        const entry = normaliseEntry(spellings[entered % spellings.length]!);
        expect(allows([entry!], spellings[sent % spellings.length]!)).toBe(true);
      }),
    );
  });

  it('knows an IPv4 client also by its mapped address', () => {
    fc.assert(
      fc.property(ipv4Number, (value) => {
        fc.pre(value !== 0n);
        for (const spelling of spellingsOfMapped(value)) {
          expect(allows([dotted(value)], spelling)).toBe(true);
          expect(allows([normaliseEntry(spelling)!], dotted(value))).toBe(true);
        }
      }),
    );
  });

  it('lets in who is in any of its entries and nobody else', () => {
    const entry = fc.tuple(ipv4Number, fc.nat(32));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), ipv4Number, (ranges, client) => {
        fc.pre(ranges.every(([network, prefix]) => network !== 0n || prefix < 32));
        const entries = ranges.map(([network, prefix]) => normaliseEntry(`${dotted(network)}/${prefix}`)!);
        const isIn = ranges.some(([network, prefix]) => {
          const shift = BigInt(32 - prefix);
          return network >> shift === client >> shift;
        });
        expect(allows(entries, dotted(client))).toBe(isIn);
      }),
    );
  });
});

describe('an entry', () => {
  it.each([
    ['allow-all', 'allow-all'],
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9/32', '203.0.113.9'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['2001:DB8:0::1', '2001:db8::1'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['0.0.0.0', '0.0.0.0'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('%s is kept as %s', (text, kept) => {
    expect(normaliseEntry(text)).toBe(kept);
  });

  it('that lets every address in is the literal 0.0.0.0; what only means that one address is refused', () => {
    expect(normaliseEntry('0.0.0.0')).toBe('0.0.0.0');
    for (const other of ['0.0.0.0/32', '::ffff:0:0', '::ffff:0.0.0.0', '::ffff:0:0/128'])
      expect([other, normaliseEntry(other)]).toEqual([other, undefined]);
  });

  it.each(['', ' ', 'ALLOW-ALL', 'allow-all ', '--help', '-1', 'localhost', '10.0.0.1;', '10.0.0', '*'])(
    '%p is refused',
    (text) => {
      expect(normaliseEntry(text)).toBeUndefined();
    },
  );

  it('that is kept stays as it is when it is entered again', () => {
    fc.assert(
      fc.property(ipv6Number, fc.nat(128), (value, prefix) => {
        const kept = normaliseEntry(`${spellingsOfIpv6(value)[0]!}/${prefix}`)!;
        expect(normaliseEntry(kept)).toBe(kept);
      }),
    );
  });
});

describe('entries in one text', () => {
  it('stand between commas, blanks or line ends, and empty items do not count', () => {
    expect(splitEntries(' 10.0.0.1,,10.0.0.2 \n10.0.0.3\r\n,\t::1,')).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
      '::1',
    ]);
    expect(splitEntries('')).toEqual([]);
    expect(splitEntries(' ,\n')).toEqual([]);
  });
});
