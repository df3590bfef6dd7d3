import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { parseAddressRange } from '../../network/address-range.js';
import { GateCallers } from './gate-callers.js';

const callers = new GateCallers(['10.0.0.0/8', '2001:db8::/32'].map((text) => parseAddressRange(text)!));
const from = (remoteAddress: string | undefined, forwardedFor?: string): FastifyRequest => {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return { socket: { remoteAddress }, headers } as unknown as FastifyRequest;
};

describe('who may ask for decisions', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::ffff:127.0.0.1',
    '10.1.2.3',
    '::ffff:10.1.2.3',
    '2001:DB8::9',
  ])('is %s', (address) => {
    expect(callers.callerOf(from(address)).isGateway).toBe(true);
    expect(callers.isGatewaysOwn(from(address))).toBe(true);
  });

  it.each([
    '203.0.113.9',
    '::ffff:203.0.113.9',
    '11.0.0.1',
    '2001:db9::1',
    '::2',
    '::127.0.0.1',
    '',
    'x',
    undefined,
  ])('is not %s, whatever it says of itself', (address) => {
    for (const said of [undefined, '127.0.0.1', '10.0.0.1, 127.0.0.1']) {
      expect(callers.callerOf(from(address, said)).isGateway).toBe(false);
      expect(callers.isGatewaysOwn(from(address, said))).toBe(false);
    }
  });

  it('is a gateway behind a gateway', () => {
    expect(callers.isGatewaysOwn(from('127.0.0.1', '10.0.0.7'))).toBe(true);
    expect(callers.isGatewaysOwn(from('127.0.0.1', '10.0.0.7, 2001:db8::1'))).toBe(true);
  });

  it.each(['203.0.113.9', '127.0.0.1, 203.0.113.9', '203.0.113.9, 10.0.0.1', 'unknown', '', '10.0.0.1:80'])(
    'is not whom a proxy forwards for %p',
    (forwardedFor) => {
      expect(callers.isGatewaysOwn(from('127.0.0.1', forwardedFor))).toBe(false);
    },
  );

  it.each(['forwarded', 'x-real-ip', 'via'])(
    'is not a client that passes on a request with %s alone',
    (name) => {
      const request = { ...from('127.0.0.1'), headers: { [name]: '127.0.0.1' } } as unknown as FastifyRequest;
      expect(callers.isGatewaysOwn(request)).toBe(false);
    },
  );

  it('knows its clients where it is a trusted proxy, and only says so elsewhere on this machine', () => {
    expect(callers.callerOf(from('10.1.2.3'))).toMatchObject({ isGateway: true, isTrusted: true });
    expect(callers.callerOf(from('127.0.0.1'))).toMatchObject({ isGateway: true, isTrusted: false });
  });

  it('is remembered for a connection only', () => {
    expect(callers.callerOf(from('127.0.0.1')).isGateway).toBe(true);
    expect(callers.callerOf(from('203.0.113.9')).isGateway).toBe(false);
  });
});
