import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dotted, ipv4Number } from '../../test/support/address-arbitraries.js';
import { parseAddressRange } from './address-range.js';
import { documentedRows } from '../../test/support/documented-addresses.js';
import { resolveClientAddress, resolveForwarded } from './client-address.js';

const trusted = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'].map((text) => parseAddressRange(text)!);

function resolve(socketAddress: string | undefined, forwardedFor?: string): string {
  return resolveClientAddress({ socketAddress, forwardedFor }, trusted).text;
}

describe('the client address', () => {
  it.each(documentedRows())('from $from with $with is $client', ({ from, headers, client }) => {
    const forwardedFor = headers.flatMap(([name, value]) => (name === 'X-Forwarded-For' ? value : []));
    expect(resolve(from, forwardedFor.length === 0 ? undefined : forwardedFor.join(', '))).toBe(client);
  });

  it('is nobody’s where the other end has none, as at a Unix socket', () => {
    for (const socket of [undefined, '']) expect(resolve(socket, '203.0.113.9')).toBe('');
  });

  it('is the proxy’s where its header is blank', () => {
    expect(resolve('127.0.0.1', ' ')).toBe('127.0.0.1');
  });

  it('is only ever that of the header where the request is known to come from a proxy', () => {
    expect(resolveForwarded('198.51.100.1, 203.0.113.9, 10.1.2.3', trusted).text).toBe('203.0.113.9');
    for (const header of [undefined, '', 'x', '203.0.113.9, x']) {
      expect(resolveForwarded(header, trusted)).toEqual({ address: undefined, text: '' });
    }
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
