import { describe, expect, it } from '@jest/globals';
import { publicWithoutTls } from './public-without-tls.js';

const subjects = (hosts: readonly string[], tls?: object) =>
  publicWithoutTls({ listen: hosts.map((host) => ({ host, port: 8183 })), tls }).map(
    ({ subject }) => subject,
  );

describe('an address without TLS', () => {
  it.each(['0.0.0.0', '203.0.113.9', 'panel.example.com'])('is named where others reach it: %s', (host) => {
    expect(subjects([host])).toEqual([`HEARTHKEY_LISTEN ${host}:8183`]);
  });

  it('is named as it is written, of IPv6 too', () => {
    expect(subjects(['::', '2001:db8::1'])).toEqual([
      'HEARTHKEY_LISTEN [::]:8183',
      'HEARTHKEY_LISTEN [2001:db8::1]:8183',
    ]);
  });

  it('is fine at this machine, in a private network, and with TLS', () => {
    expect(subjects(['127.0.0.1', '::1', 'localhost', '10.1.2.3', '192.168.0.9', 'fd00::1'])).toEqual([]);
    expect(subjects(['0.0.0.0'], {})).toEqual([]);
    expect(publicWithoutTls({ listen: [{ path: '/run/http.sock' }], tls: undefined })).toEqual([]);
  });
});
