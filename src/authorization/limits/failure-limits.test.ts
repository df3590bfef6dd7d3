import { expect, it } from '@jest/globals';
import { parseAddress } from '../../network/address-range.js';
import { FailureLimits, type AttemptOrigin } from './failure-limits.js';

const failureLimit = 30;
let nowMs = 0;
const at = (text: string): AttemptOrigin => ({ client: { address: parseAddress(text), text } });
const failTimes = (
  limits: FailureLimits,
  times: number,
  address: string,
  keyId?: string,
): (number | undefined)[] => Array.from({ length: times }, () => limits.count(at(address), keyId));

it('failures of an address are too many from the limit on, until the minute is over', () => {
  const limits = new FailureLimits(failureLimit, () => nowMs);
  expect(new Set(failTimes(limits, failureLimit, '192.0.2.1'))).toEqual(new Set([undefined]));
  nowMs += 20_000;
  expect(failTimes(limits, 1, '::ffff:192.0.2.1')).toEqual([40]);
  expect(failTimes(limits, 1, '192.0.2.2')).toEqual([undefined]);
  nowMs += 40_000;
  expect(failTimes(limits, 1, '192.0.2.1')).toEqual([undefined]);
});

it('addresses of one IPv6 network of 64 bits are one', () => {
  const limits = new FailureLimits(failureLimit, () => nowMs);
  for (let host = 0; host < failureLimit; host++) failTimes(limits, 1, `2001:db8::${host.toString(16)}`);
  expect(failTimes(limits, 1, '2001:db8::ffff:1')).toEqual([60]);
  expect(failTimes(limits, 1, '2001:db8:0:1::1')).toEqual([undefined]);
});

it('failures on a key are too many wherever they come from', () => {
  const limits = new FailureLimits(failureLimit, () => nowMs);
  for (let host = 0; host < failureLimit; host++) failTimes(limits, 1, `192.0.2.${String(host)}`, 'one');
  expect(failTimes(limits, 1, '198.51.100.1', 'one')).toEqual([60]);
  expect(failTimes(limits, 1, '198.51.100.1', 'two')).toEqual([undefined]);
});

it('made-up addresses without end take only so much memory, and push out none that is counted', () => {
  const limits = new FailureLimits(failureLimit, () => nowMs);
  failTimes(limits, failureLimit, '203.0.113.9');
  for (let index = 0; index < 200_000; index++) {
    const address = `10.${String(index >> 16)}.${String((index >> 8) & 255)}.${String(index & 255)}`;
    limits.count(at(address), undefined);
  }
  expect((limits as unknown as { counts: Map<string, number> }).counts.size).toBeLessThanOrEqual(100_000);
  expect(failTimes(limits, 1, '203.0.113.9')).toEqual([60]);
});

it('an address over its limit adds no more key IDs', () => {
  const limits = new FailureLimits(failureLimit, () => nowMs);
  for (let index = 0; index < 1000; index++) failTimes(limits, 1, '203.0.113.9', `made up ${String(index)}`);
  expect((limits as unknown as { counts: Map<string, number> }).counts.size).toBe(failureLimit + 1);
});

it('failures of an address that is only claimed count apart from its own', () => {
  const limits = new FailureLimits(failureLimit, () => nowMs);
  const claimed = { ...at('203.0.113.9'), addressClaimedBy: '127.0.0.1' };
  for (let index = 0; index < failureLimit; index++) limits.count(claimed, undefined);
  expect(limits.count(claimed, undefined)).toBe(60);
  expect(failTimes(limits, 1, '203.0.113.9')).toEqual([undefined]);
});

it('a limit of 0 is none', () => {
  expect(new Set(failTimes(new FailureLimits(0), 1000, '192.0.2.1', 'one'))).toEqual(new Set([undefined]));
});
