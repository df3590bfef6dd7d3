import { describe, expect, it } from '@jest/globals';
import type { LookupAddress } from 'node:dns';
import { parseAddressRange } from '../../network/address-range.js';
import { lookupChecked } from '../sinks/receiver-address.js';
import { notPublic } from './not-public.js';

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
    expect(notPublic([])(host, addresses) === undefined).toBe(isSent);
    expect(notPublic(named)(host, addresses) === undefined).toBe(isSentWhenNamed);
  });

  it('is resolved once: the connection is made to the addresses that were checked', async () => {
    const addresses = await new Promise<string | LookupAddress[]>((resolve, reject) => {
      lookupChecked(notPublic([]))('localhost', { all: true }, (error, found) =>
        error ? reject(error) : resolve(found),
      );
    });
    expect(addresses).toContainEqual({ address: '127.0.0.1', family: 4 });
  });
});
