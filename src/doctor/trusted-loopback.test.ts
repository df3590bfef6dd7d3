import { expect, it } from '@jest/globals';
import { parseAddressRange } from '../network/address-range.js';
import { trustedLoopback } from './trusted-loopback.js';

const findings = (...ranges: string[]) =>
  trustedLoopback(ranges.flatMap((text) => parseAddressRange(text) ?? []));

it("trust in this machine's own addresses is reported, also as a part of a range, and no other", () => {
  const own = ['127.0.0.1', '127.0.0.0/8', '127.5.0.0/16', '::1', '0.0.0.0/0', '::/0', '::ffff:127.0.0.1'];
  for (const range of own) expect([range, findings(range).length]).toEqual([range, 1]);
  expect(findings('10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '128.0.0.0/1')).toEqual([]);
  expect(findings('10.0.0.1', '127.0.0.1')).toMatchObject([
    { check: 'trusted_loopback', subject: 'HEARTHKEY_TRUSTED_PROXIES 127.0.0.1' },
  ]);
});
