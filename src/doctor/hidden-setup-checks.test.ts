import { describe, expect, it } from '@jest/globals';
import type { ApiEntry } from '../apis/role-directory.js';
import { parseRoleFile } from '../apis/role-file.js';
import type { AccessKey } from '../keys/access-key.js';
import { idleSettings } from './idle-settings.js';
import { ownAddresses, ownAddressMissing } from './own-address-check.js';
import { untrustedProxies } from './proxy-check.js';
import { keysOfFormerRoot } from './root-user-check.js';

describe('keys of a user who was the root user', () => {
  const apis: ApiEntry[] = [
    { name: 'billing', role: parseRoleFile("ROLE='admin'\nCOMMANDS='v-list-users'\n") },
    { name: 'mail', role: parseRoleFile("ROLE='user'\nCOMMANDS='v-list-mail-domains'\n") },
  ];
  const key = (permissions: string[], user = 'admin'): AccessKey => ({
    ...{ id: 'A'.repeat(20), user, permissions, comment: '' },
    ...{ isSuspended: false, createdAtMs: 0 },
  });

  it('are named where they have what only the root user has, with the setting that brings it back', () => {
    const keys = [
      key([]),
      key(['mail', 'billing']),
      key(['mail']),
      key([], 'boss'),
      key(['billing'], 'boss'),
    ];
    const boss = { rootUser: 'boss', administrators: new Set<string>() };
    expect(keysOfFormerRoot(keys, apis, boss).map(({ problem }) => problem.split(',')[0])).toEqual([
      'it has no permissions',
      'it names billing',
    ]);
    expect(keysOfFormerRoot(keys, apis, boss)[0]?.advice).toContain('HEARTHKEY_ROOT_USER=admin');
    expect(keysOfFormerRoot([key([])], apis, { ...boss, rootUser: 'admin' })).toEqual([]);
  });
});

describe("the server's own addresses", () => {
  const own = ['127.0.0.1', '198.51.100.4', '2001:db8::4'];
  const missing = (entries: string[], isTakenOver = true) =>
    ownAddressMissing({ entries, isTakenOver }, own).map(({ advice }) => advice);

  it('are named where a list that was taken over lacks them, and no other list', () => {
    expect(missing(['203.0.113.9', '127.0.0.0/8'])).toEqual([
      'v-add-sys-api-ip 198.51.100.4, v-add-sys-api-ip 2001:db8::4',
    ]);
    expect(missing(['203.0.113.9'], false)).toEqual([]);
    expect(missing([])).toEqual([]);
    expect(missing(['allow-all'])).toEqual([]);
    expect(missing(['0.0.0.0'])).toEqual([]);
    expect(missing(['127.0.0.1', '198.51.100.0/24', '2001:db8::/32'])).toEqual([]);
  });

  it('are loopback and those that others can reach', () => {
    const one = (address: string, internal = false) =>
      ({ address, internal, netmask: '', mac: '', cidr: null, family: 'IPv4' }) as const;
    expect(
      ownAddresses({
        lo: [one('127.0.0.1', true)],
        eth0: [one('198.51.100.4'), one('fe80::1'), one('169.254.1.1')],
        eth1: [one('198.51.100.4')],
      }),
    ).toEqual(['127.0.0.1', '198.51.100.4']);
  });
});

it('a proxy that is not trusted is named with the setting; one on this machine with the page about it', () => {
  const found = untrustedProxies([
    { address: '10.0.0.5', count: 12 },
    { address: '127.0.0.1', count: 1 },
  ]);
  expect(found[0]).toMatchObject({
    subject: 'requests from 10.0.0.5',
    problem: expect.stringMatching(/^12 carried X-Forwarded-For/) as unknown as string,
    advice: 'if it is your proxy, add 10.0.0.5 to HEARTHKEY_TRUSTED_PROXIES and restart the service',
  });
  expect(found[1]?.advice).toContain('docs/client-address.md');
});

it('settings that have no effect, or are meant for one start, are named', () => {
  const none = {
    commandsDir: undefined,
    commandsUser: undefined,
    commandsThroughSudo: false,
    acceptNewPepper: false,
  };
  const named = (config: object) => idleSettings({ ...none, ...config }).map(({ subject }) => subject);
  expect(named({})).toEqual([]);
  const about = { commandsUser: 'panel', commandsThroughSudo: true };
  expect(named(about)).toEqual(['HEARTHKEY_COMMANDS_USER', 'HEARTHKEY_COMMANDS_SUDO']);
  expect(named({ ...about, commandsDir: '/bin' })).toEqual([]);
  expect(named({ acceptNewPepper: true })).toEqual(['HEARTHKEY_NEW_PEPPER']);
});
