import { describe, expect, it } from '@jest/globals';
import type { CaseState, CliCase, Label } from './corpus.js';
import { createdAtMs, startingState, type StartingState, UnbuildableState } from './state.js';

const key = { id: 'ALICEMAIL00000000001', secret: `s-alicemail_=${'Z'.repeat(27)}`, user: 'alice' };

function state(given: CaseState, label: Partial<Label> = {}): StartingState {
  const one: CliCase = {
    ...{
      adapter: 'cli',
      id: 'x',
      group: 'g',
      effects: {},
      setup: [],
      argv: ['v-x'],
      exit_code: 0,
      stdout: '',
    },
    state: given,
  };
  return startingState(one, { expect: 'same', ...label });
}

describe('a starting state', () => {
  it('without anything recorded is the base', () => {
    const base = state({});
    expect(base).toMatchObject({ rootUser: 'admin', allowedAddresses: 'allow-all', hasShippedApis: true });
    expect(base.switches).toEqual({ API: 'yes', API_SYSTEM: '2', DEMO_MODE: 'no' });
    expect([...base.users.values()].filter((user) => user.isSuspended).map((user) => user.name)).toEqual([
      'bob',
    ]);
    expect(base.users.get('admin')?.password).toBe('Sup3r Secret!');
  });

  it('has the recorded settings, also ones that nobody knows, and a missing line as an empty text', () => {
    const { switches, allowedAddresses } = state({ config: { API_SYSTEM: 'abc', API_ALLOWED_IP: null } });
    expect(switches['API_SYSTEM']).toBe('abc');
    expect(allowedAddresses).toBe('');
  });

  it('has role files line by line, without the lines that are missing', () => {
    const { apiFiles, hasShippedApis } = state({
      apis: [
        { name: 'a', role: 'user', commands: 'v-a' },
        { name: 'b', commands: 'v-b' },
      ],
      files: { 'data/api/c': 'ROLE', 'data/api/billing': null, 'data/api': null },
    });
    expect([...apiFiles]).toEqual([
      ['a', "ROLE='user'\nCOMMANDS='v-a'\n"],
      ['b', "COMMANDS='v-b'\n"],
      ['c', 'ROLE'],
      ['billing', null],
    ]);
    expect(hasShippedApis).toBe(false);
  });

  it('suspends a user by the line SUSPENDED only, and makes users that are new', () => {
    const { users } = state({
      files: {
        'data/users/alice/user.conf': "WEB_SUSPENDED='yes'\n",
        'data/users/admin/user.conf': "NAME='x'\nSUSPENDED='yes'\n",
        'data/users/100/user.conf': "SUSPENDED='no'\n",
        'data/users/carol': null,
      },
    });
    expect(users.get('alice')?.isSuspended).toBe(false);
    expect(users.get('admin')).toMatchObject({ isSuspended: true, password: 'Sup3r Secret!' });
    expect(users.get('100')?.isSuspended).toBe(false);
    expect(users.has('carol')).toBe(false);
  });

  it('reads a raw key file as a key where it has secret and owner', () => {
    const text = `SECRET_ACCESS_KEY='${key.secret}'\nUSER='alice'\nPERMISSIONS=''\nEXPIRES_IN='1'\n`;
    const { keys } = state({ files: { [`data/access-keys/${key.id}`]: text } });
    expect(keys.get(key.id)).toMatchObject({ secret: key.secret, user: 'alice', permissions: '' });
    expect(() => state({ files: { [`data/access-keys/${key.id}`]: "USER='alice'\n" } })).toThrow(
      UnbuildableState,
    );
  });

  it('has legacy keys of 32 characters; a shorter one is no state for a success', () => {
    const short = { files: { 'data/keys/kkkk': '' } };
    expect(state({ files: { [`data/keys/${'k'.repeat(32)}`]: '' } }).legacyKeys.size).toBe(1);
    expect(state(short, { expect: 'either' }).legacyKeys.size).toBe(0);
    expect(() => state(short)).toThrow(UnbuildableState);
  });

  it("can't be built with links, odd keys and other files of a Hestia tree", () => {
    expect(() => state({ symlinks: { 'data/api/x': '/etc' } })).toThrow(UnbuildableState);
    expect(() => state({ keys: [{ ...key, id: 'short' }] })).toThrow(UnbuildableState);
    expect(() => state({ keys: [{ ...key, secret: 'short' }] })).toThrow(UnbuildableState);
    expect(() => state({ files: { 'data/users/alice/web.conf': '' } })).toThrow(UnbuildableState);
    expect(() => state({ files: { 'data/keys/folder/x': '' } })).toThrow(UnbuildableState);
    expect(() => state({ files: { 'conf/hestia.conf': '' } })).toThrow(UnbuildableState);
  });

  it('has times in the local zone', () => {
    const made = createdAtMs({ ...key, time: '10:00:00', date: '2026-01-02' });
    expect(new Date(made).toString()).toContain('Jan 02 2026 10:00:00');
  });
});
