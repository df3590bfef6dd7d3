import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dotted, ipv4Number } from '../../test/support/address-arbitraries.js';
import { parseAddressRange } from '../addresses/address-range.js';
import { resolveClientAddress } from './client-address.js';

const trusted = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'].map((text) => parseAddressRange(text)!);

function resolve(socketAddress: string | undefined, forwardedFor?: string): string {
  return resolveClientAddress({ socketAddress, forwardedFor }, trusted).text;
}

describe('the client address', () => {
  it.each([
    // what it is called, the socket's address, X-Forwarded-For, the client
    ['a direct client', '203.0.113.9', undefined, '203.0.113.9'],
    ['a direct client on IPv6', '2001:DB9::1', undefined, '2001:db9::1'],
    ['a direct client whose socket is IPv6', '::ffff:203.0.113.9', undefined, '203.0.113.9'],
    ['a direct client that claims to be another', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a direct client that claims to be the proxy', '203.0.113.9', '127.0.0.1', '203.0.113.9'],
    ['a direct client that sends nonsense', '203.0.113.9', 'x', '203.0.113.9'],
    ['a client of a trusted proxy', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['a client of a trusted proxy whose socket is IPv6', '::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['a client of a trusted proxy on IPv6', '2001:db8::5', '2001:db9::1', '2001:db9::1'],
    ['a client of a proxy behind a proxy', '127.0.0.1', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['a client that made up what stands before it', '127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['a client that made up a trusted address', '127.0.0.1', '10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['a client that made up nonsense', '127.0.0.1', 'x, , 203.0.113.9', '203.0.113.9'],
    ['a client that made up a mapped address', '127.0.0.1', '::ffff:10.0.0.1,203.0.113.9', '203.0.113.9'],
    ['the proxy itself', '127.0.0.1', undefined, '127.0.0.1'],
    ['the proxy itself, with an empty header', '127.0.0.1', ' ', '127.0.0.1'],
    ['proxies all the way', '127.0.0.1', '10.0.0.2, 10.0.0.1', '10.0.0.2'],
    ['a proxy that names nobody', '127.0.0.1', '203.0.113.9, unknown', ''],
    ['a proxy that names an address with a port', '127.0.0.1', '203.0.113.9:1234', ''],
    ['a proxy that leaves the last place empty', '127.0.0.1', '203.0.113.9,', ''],
    ['a socket without an address', undefined, '203.0.113.9', ''],
    ['a Unix socket', '', '203.0.113.9', ''],
  ])('of %s (%p, %p) is %p', (_what, socketAddress, forwardedFor, client) => {
    expect(resolve(socketAddress, forwardedFor)).toBe(client);
  });

  it('is known with its text, or not known at all', () => {
    expect(resolveClientAddress({ socketAddress: 'x', forwardedFor: undefined }, trusted)).toEqual({
      address: undefined,
      text: '',
    });
    const { address, text } = resolveClientAddress(
      { socketAddress: '10.1.1.1', forwardedFor: undefined },
      [],
    );
    expect([address?.toString(), text]).toEqual(['10.1.1.1', '10.1.1.1']);
  });

  it('can not be chosen by who is not a trusted proxy, whatever he sends', () => {
    const outside = ipv4Number.map(dotted).filter((text) => !/^(?:10\.|127\.0\.0\.1$)/.test(text));
    const header = fc.oneof(
      fc.string(),
      fc.array(ipv4Number.map(dotted)).map((items) => items.join(', ')),
    );
    fc.assert(
      fc.property(outside, header, (socket, sent) => {
        expect(resolve(socket, sent)).toBe(socket);
        // A trusted proxy adds at the end whom it heard from.
        expect(resolve('127.0.0.1', `${sent}, ${socket}`)).toBe(socket);
      }),
    );
  });

  it('is the socket’s where no proxy is trusted', () => {
    const request = { socketAddress: '127.0.0.1', forwardedFor: '203.0.113.9' };
    expect(resolveClientAddress(request, []).text).toBe('127.0.0.1');
  });
});
