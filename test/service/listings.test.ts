/** What Hestia's clients read of users and of the system, where no panel supplies them. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { TestService } from '../support/test-service.js';

interface Case {
  id: string;
  response: { body: string };
}
const cases = JSON.parse(readFileSync('test/fixtures/conformance/http.open.json', 'utf8')) as Case[];
/** What Hestia printed in a recorded case. */
const recorded = (id: string): string => cases.find((one) => one.id === id)?.response.body ?? '';
const fieldsOf = (json: string, name: string): string[] =>
  Object.keys((JSON.parse(json) as Record<string, object>)[name] ?? {});

let service: TestService;

beforeAll(async () => {
  service = await TestService.start();
  await service.ok(
    ...['v-add-user', 'alice', 'correct-horse-1', 'alice@example.com', 'gold', 'Müller, & Co', 'x'],
  );
});

describe('the lists of users', () => {
  it('have the fields of Hestia in JSON, with the values of an account that has nothing', async () => {
    const one = await service.ok('v-list-user', 'alice', 'json');
    expect(fieldsOf(one, 'alice')).toEqual(fieldsOf(recorded('auth-001'), 'alice'));
    const all = await service.ok('v-list-users', 'json');
    expect(fieldsOf(all, 'alice')).toEqual(fieldsOf(recorded('auth-003'), 'alice'));
    const expected = {
      ...{ NAME: 'Müller, & Co x', PACKAGE: 'gold', CONTACT: 'alice@example.com', ROLE: 'user' },
      ...{ U_DISK: '0', DISK_QUOTA: 'unlimited', U_BANDWIDTH: '0', BANDWIDTH: 'unlimited' },
      ...{ WEB_DOMAINS: 'unlimited', U_WEB_DOMAINS: '0', SUSPENDED: 'no', SUSPENDED_WEB: '0' },
    };
    for (const json of [one, all]) expect(JSON.parse(json)).toMatchObject({ alice: expected });
  });

  it('have the lines of Hestia for one user', async () => {
    const names = (text: string): string[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(0, 15));
    const shell = await service.ok('v-list-user', 'alice');
    expect(names(shell)).toEqual(names(recorded('user-arg-019')));
    expect(shell).toContain('EMAIL:         alice@example.com\n');
    expect(shell).toContain('DISK:          0/unlimited\n');
  });

  it('have as many cells as Hestia in plain, and the same in the same places', async () => {
    const cells = (await service.ok('v-list-user', 'alice', 'plain')).trimEnd().split('\t');
    const theirs = recorded('output-035').split('\t');
    expect(cells).toHaveLength(theirs.length);
    for (const place of [0, 18, 21, 24, 51]) expect([place, cells[place]]).toEqual([place, theirs[place]]);
  });

  it('have the columns of Hestia in the table of all users', async () => {
    const [head = '', , ...rows] = (await service.ok('v-list-users')).split('\n');
    expect(head.split(/ +/)).toEqual(recorded('command-010').split('\n')[0]?.split(/ +/));
    expect(rows[1]).toMatch(/^alice +user +gold +0 +0 +0 +0 +0 +0 +no +\d{4}-\d\d-\d\d$/);
  });

  it('are there as csv and as names alone, of all users only', async () => {
    expect(await service.ok('v-list-users', 'list')).toBe('admin\nalice\n');
    const [head = '', , alice = ''] = (await service.ok('v-list-users', 'csv')).split('\n');
    expect(head.split(',').slice(0, 3)).toEqual(['USER', 'NAME', 'PACKAGE']);
    expect(alice).toMatch(/^alice,"Müller, & Co x",gold,/);
    expect((await service.ok('v-list-users', 'plain')).split('\n')[1]).toMatch(
      /^alice\tMüller, & Co x\tgold\t/,
    );
    for (const format of ['csv', 'list', 'xml']) {
      expect((await service.run('v-list-user', 'alice', format)).code).toBe(2);
      expect((await service.run('v-list-sys-config', format)).code).toBe(2);
    }
    expect((await service.run('v-list-users', 'xml')).code).toBe(2);
  });

  it('have the names of the settings of Hestia', async () => {
    const json = await service.ok('v-list-sys-config', 'json');
    expect(fieldsOf(json, 'config')).toEqual(fieldsOf(recorded('command-030'), 'config'));
    expect(JSON.parse(json)).toMatchObject({ config: { API: 'no', API_SYSTEM: '1', ROOT_USER: 'admin' } });
    expect(await service.ok('v-list-sys-config')).toMatch(/^ROOT_USER: +admin$/m);
    expect(await service.ok('v-list-sys-config', 'plain')).toContain('\nROOT_USER\tadmin\n');
  });
});

describe('v-check-user-password', () => {
  const check = (...args: string[]) => service.run('v-check-user-password', ...args);
  const wrong = { code: 9, stdout: 'Error: password mismatch\n' };

  it('answers 0 without a word for the right password, and 9 for all else, for every user', async () => {
    expect(await check('alice', 'correct-horse-1')).toEqual({ code: 0, stdout: '' });
    expect(await check('alice', 'correct-horse-1', '203.0.113.9', 'no')).toEqual({ code: 0, stdout: '' });
    expect(await check('alice', 'correct-horse-2')).toEqual(wrong);
    expect(await check('alice', ' correct-horse-1')).toEqual(wrong);
    expect(await check('nobody', 'correct-horse-1')).toEqual(wrong);
    expect(await check('../alice', 'correct-horse-1')).toEqual(wrong);
    expect(await check('admin', 'correct-horse-1')).toEqual(wrong);
    expect((await check('alice')).code).toBe(1);
    await service.ok('v-suspend-user', 'alice');
    expect(await check('alice', 'correct-horse-1')).toEqual(wrong);
    await service.ok('v-unsuspend-user', 'alice');
  });

  it('never shows a hash, and takes no address that is none', async () => {
    expect((await check('alice', 'correct-horse-1', '203.0.113.9', 'yes')).code).toBe(2);
    expect((await check('alice', 'correct-horse-1', '203.0.113')).code).toBe(2);
  });

  it('is recorded with the address that was claimed, which does not reach auth.log, and no password', async () => {
    await check('alice', 'a-wrong-secret-1', '203.0.113.77');
    const events = await service.events('--command', 'v-check-user-password', '--type', 'decision');
    expect(events.at(-1)).toMatchObject({
      ...{ outcome: 'deny', reason: 'secret_mismatch', actor: { kind: 'password', user: 'alice' } },
      target: { claimedAddress: '203.0.113.77' },
    });
    await check('a-wrong-secret-1', 'x', '203.0.113.77');
    expect(JSON.stringify(await service.events())).not.toContain('a-wrong-secret-1');
    expect(service.authLog.join()).not.toContain('203.0.113.77');
  });

  it('tells somebody who tries for too long, and lets the right password through', async () => {
    const codes = new Set<number>();
    for (let count = 0; count < 70; count++)
      codes.add((await check('alice', 'wrong-one-1', '203.0.113.5')).code);
    expect([...codes]).toEqual([9, 14]);
    expect((await check('alice', 'correct-horse-1', '203.0.113.5')).code).toBe(0);
  });

  it('is not for keys with permissions of their own', async () => {
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    await service.ok('v-add-api', 'logins', 'admin', 'v-check-user-password');
    const [limited, root] = [await service.makeKey('admin', 'logins'), await service.makeKey('admin', '')];
    const args = ['alice', 'correct-horse-1'];
    expect((await service.call(limited, 'v-check-user-password', args)).code).toBe(10);
    expect((await service.call(root, 'v-check-user-password', args)).code).toBe(0);
    expect(JSON.stringify(await service.events())).not.toContain('correct-horse-1');
  });
});
