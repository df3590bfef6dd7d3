import { describe, expect, it } from '@jest/globals';
import type { LookupAddress } from 'node:dns';
import { parseAddressRange } from '../../network/address-range.js';
import { addressProblem, checkedAddress, checkedLookup } from './receiver-lookup.js';

const named = [parseAddressRange('10.20.0.0/16')].filter((range) => range !== undefined);

/** host, what it resolves to, whether something is sent there: unnamed, and with 10.20.0.0/16 named */
const table: [string, string[], boolean, boolean][] = [
  ['hooks.example.com', ['1.1.1.1'], true, true],
  ['hooks.example.com', ['1.1.1.1', '2606:4700::1111'], true, true],
  ['hooks.example.com', ['127.0.0.1'], false, false],
  ['hooks.example.com', ['::1'], false, false],
  ['hooks.example.com', ['::ffff:127.0.0.1'], false, false],
  ['hooks.example.com', ['169.254.169.254'], false, false],
  ['hooks.example.com', ['fe80::1'], false, false],
  ['hooks.example.com', ['fe80::1%eth0'], false, false],
  ['hooks.example.com', ['fd00:ec2::254'], false, false],
  ['hooks.example.com', ['100.100.100.200'], false, false],
  ['hooks.example.com', ['192.168.0.10'], false, false],
  ['hooks.example.com', ['10.0.0.1'], false, false],
  ['hooks.example.com', ['10.20.1.1'], false, true],
  ['hooks.example.com', ['10.20.1.1', '10.21.1.1'], false, false],
  ['hooks.example.com', ['1.1.1.1', '127.0.0.1'], false, false],
  ['hooks.example.com', ['64:ff9b::a9fe:a9fe'], false, false],
  ['hooks.example.com', [], false, false],
  ['localhost', ['127.0.0.1', '::1'], true, true],
  ['localhost', ['127.0.0.1', '10.0.0.1'], false, false],
  ['localhost.example.com', ['127.0.0.1'], false, false],
];

describe('the name of a receiver', () => {
  it.each(table)('%s that leads to %j', (host, addresses, isSent, isSentWhenNamed) => {
    expect(addressProblem(host, addresses, []) === undefined).toBe(isSent);
    expect(addressProblem(host, addresses, named) === undefined).toBe(isSentWhenNamed);
  });

  it('is resolved once: the connection is made to the addresses that were checked', async () => {
    const addresses = await new Promise<string | LookupAddress[]>((resolve, reject) => {
      checkedLookup([])('localhost', { all: true }, (error, found) =>
        error ? reject(error) : resolve(found),
      );
    });
    expect(addresses).toContainEqual({ address: '127.0.0.1', family: 4 });
    expect(['127.0.0.1', '::1']).toContain(await checkedAddress('localhost', []));
    expect(await checkedAddress('10.0.0.1', [])).toBe('10.0.0.1');
  });
});
