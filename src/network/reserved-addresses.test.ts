import { describe, expect, it } from '@jest/globals';
import { parseAddress } from './address-range.js';
import { isLoopbackHost, isPublicAddress } from './reserved-addresses.js';

const isPublic = (text: string): boolean | undefined => {
  const address = parseAddress(text);
  return address && isPublicAddress(address);
};

describe('addresses that no public server has', () => {
  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.9.9.9', '169.254.169.254'],
    ...[
      '172.16.0.1',
      '172.31.255.255',
      '192.0.0.1',
      '192.168.1.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
      '64:ff9b::a9fe:a9fe',
    ],
    ...['2001:0:1::1', '2002:7f00:1::', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1'],
    ...['4000::1', '1fff::1', 'e000::1'],
  ])('%s', (text) => {
    expect(isPublic(text)).toBe(false);
  });

  it.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '172.15.0.1', '172.32.0.1', '192.169.0.1', '100.128.0.1'])(
    'not %s',
    (text) => {
      expect(isPublic(text)).toBe(true);
    },
  );

  it.each(['2606:4700::1111', '2a00:1450::1', '2400:cb00::1'])('not %s', (text) => {
    expect(isPublic(text)).toBe(true);
  });
});

it('this machine is named by its addresses and by localhost alone', () => {
  expect(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1'].map(isLoopbackHost)).not.toContain(
    false,
  );
  const others = ['localhost.example.com', 'example.com', '10.0.0.1', '::2', '128.0.0.1', ''];
  expect(others.map(isLoopbackHost)).not.toContain(true);
});
