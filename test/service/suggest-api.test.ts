/** The smallest role from use: over the command line, the API and REST v1, and put in place. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { RoleSuggester } from '../../src/authorization/suggest/role-suggester.js';
import { AdministrationClient } from '../support/administration.js';
import type { Key } from '../support/client.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

let service: TestService;
let root: AdministrationClient;

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'bob', 'eve.b']);
  root = new AdministrationClient(service, await service.makeKey('admin', ''));
  await service.ok(
    'v-add-api',
    'much',
    'user',
    'v-list-user,v-list-access-keys,v-list-apis,v-suggest-api',
    'v-list-apis,v-suggest-api',
  );
  await service.ok('v-add-api', 'keys', 'user', 'v-add-access-key,v-list-user');
});

interface Shown {
  COMMANDS: { COMMAND: string; COUNT: number; SAFE: string }[];
  UNSUGGESTED: { COMMAND: string; WHY: string }[];
  BEYOND: string[];
  KEYS: { ALLOWED_IP: string[]; RATE_LIMIT: string }[];
  COMMAND_LINES: string[];
  NOTES: { CODE: string; NAMES: string[] }[];
}

async function suggest(...args: string[]): Promise<Shown> {
  return JSON.parse(await service.ok('v-suggest-api', ...args, '--format', 'json')) as Shown;
}

const use = async (key: Key, ...calls: [string, string[]][]): Promise<void> => {
  for (const [command, args] of calls)
    expect(await service.call(key, command, args)).toMatchObject({ code: 0 });
};
const codesOf = ({ NOTES }: Shown): string[] => NOTES.map(({ CODE }) => CODE);
const keyIn = (text: string): Key => {
  const [id = '', secret = ''] = text.trim().split(':');
  return { id, secret, pair: text.trim() };
};
const runLines = async (lines: readonly string[]): Promise<void> => {
  for (const line of lines) {
    const [name = '', ...words] = line.split(' ');
    await service.ok(name, ...words);
  }
};

describe('v-suggest-api', () => {
  it('names what a key used and what it could do beyond, and its lines leave the key with that alone', async () => {
    const key = await service.makeKey('alice', 'much');
    await use(key, ['v-list-user', ['alice', 'json']], ['v-list-user', ['alice']], ['v-list-apis', []]);
    const found = await suggest(key.id);
    expect(found.COMMANDS).toMatchObject([
      { COMMAND: 'v-list-apis', COUNT: 1, SAFE: 'yes' },
      { COMMAND: 'v-list-user', COUNT: 2, SAFE: 'no' },
    ]);
    expect(found.BEYOND).toEqual(['v-list-access-keys', 'v-suggest-api']);
    expect(found.KEYS).toMatchObject([{ ALLOWED_IP: ['127.0.0.1'], RATE_LIMIT: '3/min' }]);
    expect(found.COMMAND_LINES).toEqual([
      `v-add-api use-${key.id} user v-list-apis,v-list-user v-list-apis`,
      `v-change-access-key ${key.id} PERMISSIONS use-${key.id} --allow-ip 127.0.0.1 --rate-limit 3/min`,
    ]);
    await runLines(found.COMMAND_LINES);
    await service.ok('v-change-access-key', key.id, '--rate-limit', '100/min');
    await use(key, ['v-list-user', ['alice']], ['v-list-apis', []]);
    expect((await service.call(key, 'v-list-access-keys', ['alice'])).code).toBe(10);
    const again = await suggest(key.id);
    expect([again.BEYOND, again.COMMAND_LINES]).toEqual([
      [],
      [`v-change-access-key ${key.id} --rate-limit 6/min`],
    ]);
  });

  it('does not give back what was taken from a key', async () => {
    const key = await service.makeKey('alice', 'much,keys');
    await use(key, ['v-add-access-key', ['alice', 'keys', '', 'plain']], ['v-list-user', ['alice']]);
    await service.ok('v-change-access-key', key.id, 'PERMISSIONS', 'much');
    const found = await suggest(key.id);
    expect(found.COMMANDS.map(({ COMMAND }) => COMMAND)).toEqual(['v-list-user']);
    expect(found.UNSUGGESTED).toMatchObject([{ COMMAND: 'v-add-access-key', WHY: 'not_granted' }]);
    expect(codesOf(found)).toContain('command_gone');
  });

  it('keeps what a made key works through, and gives a maker the new API first', async () => {
    const maker = await service.makeKey('alice', 'keys,much');
    const child = keyIn(
      await service.ok('v-derive-access-key', maker.id, 'plain', '--for', '1h', '--permissions', 'much'),
    );
    const { id } = child;
    await use(child, ['v-list-apis', []]);
    const ofChild = await suggest(id);
    expect(ofChild.COMMAND_LINES.map((line) => line.split(' ').slice(0, 4))).toEqual([
      ['v-add-api', `use-${id}`, 'user', 'v-list-apis'],
      ['v-change-access-key', maker.id, 'PERMISSIONS', `keys,much,use-${id}`],
      ['v-change-access-key', id, 'PERMISSIONS', `use-${id}`],
    ]);
    const ofMaker = await suggest(maker.id);
    expect(codesOf(ofMaker)).toEqual(['kept_for_made_keys']);
    // It used nothing itself, so only its limits can be narrower.
    expect(ofMaker.COMMAND_LINES).toEqual([
      `v-change-access-key ${maker.id} --allow-ip 127.0.0.1 --rate-limit 1/min`,
    ]);
    await use(maker, ['v-list-user', ['alice']]);
    const later = await suggest(maker.id);
    expect(later.COMMAND_LINES[1]).toContain(`PERMISSIONS use-${maker.id},much `);
    await runLines(later.COMMAND_LINES.map((line) => line.replace(/ --rate-limit \S+/, '')));
    await use(child, ['v-list-apis', []]);
    expect((await suggest(maker.id)).COMMAND_LINES.join()).not.toContain('PERMISSIONS');
  });

  it('leaves a key as it is that handled other keys, but not one that replaced its own secret', async () => {
    await service.ok('v-add-api', 'own', 'user', 'v-rotate-access-key,v-list-user', 'v-rotate-access-key');
    const maker = await service.makeKey('alice', 'keys,much');
    await use(maker, ['v-add-access-key', ['alice', 'much', '', 'plain']]);
    const found = await suggest(maker.id);
    expect(found.NOTES).toMatchObject([{ CODE: 'handles_keys', NAMES: ['v-add-access-key'] }]);
    expect(found.COMMAND_LINES).toEqual([]);
    expect(await service.ok('v-suggest-api', maker.id)).toContain('the notes say why');
    const rotating = await service.makeKey('alice', 'own');
    await use(rotating, ['v-rotate-access-key', [rotating.id]]);
    expect(codesOf(await suggest(rotating.id))).toEqual([]);
    const other = await service.makeKey('alice', 'own');
    await use(other, ['v-rotate-access-key', [rotating.id]]);
    expect(codesOf(await suggest(other.id))).toEqual(['handles_keys']);
  });

  it('marks as SAFE what an unrestricted key needs so, and nothing that a key has not so', async () => {
    const root = await service.makeKey('admin', '');
    await use(root, ['v-add-sys-api-ip', ['192.0.2.77']]);
    const { COMMAND_LINES: lines } = await suggest(root.id);
    expect(lines[0]).toBe(`v-add-api use-${root.id} admin v-add-sys-api-ip v-add-sys-api-ip`);
    await runLines(lines);
    await service.ok('v-change-access-key', root.id, '--rate-limit', 'none');
    await use(root, ['v-add-sys-api-ip', ['192.0.2.78']]);
    // A key that has not so what another one of its user has is left apart.
    await service.ok('v-add-api', 'ips', 'admin', 'v-add-sys-api-ip', 'v-add-sys-api-ip');
    await service.ok('v-add-api', 'ips-unmarked', 'admin', 'v-add-sys-api-ip');
    const [marked, unmarked] = [
      await service.makeKey('admin', 'ips'),
      await service.makeKey('admin', 'ips-unmarked'),
    ];
    await use(marked, ['v-add-sys-api-ip', ['192.0.2.79']]);
    expect((await service.call(unmarked, 'v-add-sys-api-ip', ['192.0.2.80'])).code).toBe(10);
    const apart = (await suggest('admin')).NOTES.find(({ CODE }) => CODE === 'keys_apart')?.NAMES;
    expect([apart?.includes(unmarked.id), apart?.includes(marked.id)]).toEqual([true, false]);
    // Nor is an API marked for what another one marks.
    await service.ok('v-add-api', 'marking', 'user', 'v-list-user', 'v-list-user', '--only', 'USER=alice');
    await service.ok('v-add-api', 'unmarking', 'user', 'v-list-access-keys,v-list-user');
    await use(await service.makeKey('alice', 'marking,unmarking'), ['v-list-user', ['alice']]);
    expect((await suggest('unmarking')).COMMAND_LINES).toEqual(['v-change-api unmarking user v-list-user']);
  });

  it('of a user makes no role without commands, and no name that a role can not have', async () => {
    const key = await service.makeKey('eve.b', 'much');
    await use(key, ['v-list-user', ['eve.b']]);
    const found = await suggest('eve.b');
    expect(found.COMMAND_LINES[0]).toBe('v-add-api use-eve-b user v-list-user');
    await runLines(found.COMMAND_LINES);
    await service.ok('v-add-api', 'nothing-used', 'user', 'v-list-access-keys');
    await service.ok('v-change-access-key', key.id, 'PERMISSIONS', 'nothing-used', '--allow-ip', 'any');
    const later = await suggest('eve.b');
    expect(codesOf(later)).toEqual(['command_gone']);
    expect(later.COMMAND_LINES).toEqual([`v-change-access-key ${key.id} --allow-ip 127.0.0.1`]);
  });

  it('leaves a key as it is whose API holds arguments, for the new role would not', async () => {
    await service.ok(
      'v-add-api',
      'held',
      'user',
      'v-list-user,v-list-web-domain',
      '--only',
      'DOMAIN=a.example',
    );
    const key = await service.makeKey('alice', 'held,much');
    await use(key, ['v-list-user', ['alice']]);
    const found = await suggest(key.id);
    expect(found.NOTES).toContainEqual(expect.objectContaining({ CODE: 'held_apis', NAMES: ['held'] }));
    expect(found.COMMAND_LINES).toEqual([]);
    // One that can do all that its maker can has what the maker is held to.
    const maker = await service.makeKey('admin', '');
    const made = keyIn((await service.call(maker, 'v-add-access-key', ['admin', '', '', 'plain'])).body);
    await use(made, ['v-list-user', ['alice']]);
    await service.ok('v-add-api', 'held-user', 'admin', 'v-list-user,v-list-users', '--only', 'USER=alice');
    await service.ok('v-change-access-key', maker.id, 'PERMISSIONS', 'held-user');
    const ofMade = await suggest(made.id);
    expect([codesOf(ofMade), ofMade.COMMAND_LINES]).toEqual([['held_apis'], []]);
  });

  it('leaves an unrestricted key as it is that did what no role allows', async () => {
    const key = await service.makeKey('admin', '');
    await use(key, ['v-list-users', []], ['v-add-api', ['made-over-api', 'user', 'v-list-user']]);
    const found = await suggest(key.id);
    expect(found.NOTES).toMatchObject([{ CODE: 'needs_everything', NAMES: ['v-add-api'] }]);
    expect(found.COMMAND_LINES).toEqual([]);
    const other = await service.makeKey('admin', '');
    await use(other, ['v-list-users', []]);
    await runLines((await suggest(other.id)).COMMAND_LINES);
    await service.ok('v-change-access-key', other.id, '--rate-limit', 'none');
    await use(other, ['v-list-users', []]);
    expect((await service.call(other, 'v-list-apis')).code).toBe(10);
  });

  it('leaves an unrestricted key as it is that deleted a passkey, which may have been one of the root user', async () => {
    const key = await service.makeKey('admin', '');
    await service.call(key, 'v-delete-passkey', ['A'.repeat(24)]);
    const found = await suggest(key.id);
    expect(found.NOTES).toMatchObject([{ CODE: 'needs_everything', NAMES: ['v-delete-passkey'] }]);
    expect(found.COMMAND_LINES).toEqual([]);
  });

  it("leaves an administrator's key as it is whose API is for administrators", async () => {
    await service.ok('v-add-user', 'anna', 'A-long-passw0rd', 'anna@example.com', '--role', 'admin');
    await service.ok('v-add-api', 'support', 'admin', 'v-list-user,v-list-users');
    const key = await service.makeKey('anna', 'support,much');
    await use(key, ['v-list-user', ['alice']]);
    const found = await suggest(key.id);
    expect(found.NOTES).toMatchObject([{ CODE: 'admin_apis', NAMES: ['support'] }]);
    expect([found.COMMAND_LINES, found.KEYS]).toMatchObject([[], [{ ALLOWED_IP: [], RATE_LIMIT: '' }]]);
    expect(await service.ok('v-suggest-api', key.id)).toContain('may name any user');
    // Nobody's keys may name others by it any more, so there is nothing to leave.
    await service.ok('v-change-user-role', 'anna', 'user');
    expect(codesOf(await suggest(key.id))).not.toContain('admin_apis');
  });

  it('of a user is one role, and of an API what it can do without', async () => {
    await service.ok('v-add-api', 'bobs', 'user', 'v-list-user,v-list-access-keys,v-delete-access-keys');
    const [one, other, unused] = [
      await service.makeKey('bob', 'bobs'),
      await service.makeKey('bob', 'bobs'),
      await service.makeKey('bob', 'bobs'),
    ];
    await use(one, ['v-list-user', ['bob']]);
    await use(other, ['v-list-access-keys', ['bob']]);
    const ofUser = await suggest('bob');
    expect(ofUser.COMMAND_LINES[0]).toBe('v-add-api use-bob user v-list-access-keys,v-list-user');
    expect(ofUser.COMMAND_LINES).toHaveLength(3);
    expect(ofUser.NOTES).toMatchObject([{ CODE: 'unused_keys', NAMES: [unused.id] }]);
    expect((await suggest(unused.id)).COMMAND_LINES).toEqual([`v-suspend-access-key ${unused.id}`]);
    const ofApi = await suggest('bobs');
    expect(ofApi.BEYOND).toEqual(['v-delete-access-keys']);
    await runLines(ofApi.COMMAND_LINES);
    await use(one, ['v-list-user', ['bob']]);
    expect(await service.ok('v-list-api', 'bobs', 'plain')).toBe(
      'bobs\tuser\tv-list-access-keys,v-list-user\n',
    );
  });

  it('answers in each format, and refuses words that it does not know', async () => {
    const shell = await service.ok('v-suggest-api', 'much');
    expect(shell).toMatch(/^API: +much\nSINCE: +\S+\nRECORD: +from \S+ on\n/);
    expect((await service.ok('v-suggest-api', 'alice', 'csv')).split('\n')[0]).toBe(
      'kind,name,count,last,key',
    );
    const key = await service.makeKey('alice', 'much');
    await use(key, ['v-list-user', ['alice']]);
    expect(await service.ok('v-suggest-api', key.id, 'plain')).toMatch(/^line\tv-/m);
    for (const wrong of [
      ['nobody-here'],
      ['alice', 'xml'],
      ['alice', '--since', 'x'],
      ['alice', '--kind', 'x'],
    ])
      expect((await service.run('v-suggest-api', ...wrong)).code).toBe(wrong.length === 1 ? 3 : 2);
    await service.ok('v-add-api', 'bob', 'user', 'v-list-user');
    expect((await service.run('v-suggest-api', 'bob')).code).toBe(2);
    expect(await service.ok('v-suggest-api', 'bob', '--kind', 'api')).toMatch(/^API: +bob\n/);
  });
});

describe('who may ask', () => {
  it('is not told which APIs a maker has that is a key of another user', async () => {
    const maker = await service.makeKey('admin', 'keys,much');
    const made = await service.call(maker, 'v-add-access-key', ['alice', 'much', '', 'plain']);
    const child = keyIn(made.body);
    await use(child, ['v-suggest-api', [child.id]]);
    const answer = await service.call(child, 'v-suggest-api', [child.id, 'json']);
    const shown = JSON.parse(answer.body) as Shown;
    expect([codesOf(shown), shown.COMMAND_LINES]).toEqual([['other_users_maker'], []]);
    expect((await suggest(child.id)).COMMAND_LINES[1]).toContain(`${maker.id} PERMISSIONS keys,much,use-`);
  });

  it('a key tells of its own user, where its role lists the command in SAFE, and of nobody else', async () => {
    const [alice, bob] = [await service.makeKey('alice', 'much'), await service.makeKey('bob', 'much')];
    const plain = await service.makeKey('alice', 'keys');
    const ask = async (key: Key, name: string) =>
      (await service.call(key, 'v-suggest-api', [name, 'json'])).code;
    expect(await ask(alice, alice.id)).toBe(0);
    expect(await ask(alice, 'alice')).toBe(0);
    expect(await ask(alice, bob.id)).toBe(3);
    expect(await ask(alice, 'admin')).toBe(3);
    expect(await ask(alice, 'much')).toBe(10);
    expect(await ask(plain, 'alice')).toBe(10);
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    expect(await ask(alice, alice.id)).toBe(0);
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
  });

  it('REST v1 has the same for a key, a user and an API', async () => {
    const key = await service.makeKey('alice', 'much');
    await use(key, ['v-list-user', ['alice']]);
    const found = await root.get(`/v1/access-keys/${key.id}/suggestion`);
    expect(found.json).toMatchObject({
      ...{ kind: 'key', name: key.id, node: '', decisions: 1, role: 'user', api: `use-${key.id}` },
      commands: [{ command: 'v-list-user', count: 1, isSafe: false }],
      keys: [{ accessKeyId: key.id, allowedAddresses: ['127.0.0.1'], rateLimit: '1/min' }],
    });
    const later = new Date(Date.now() + 60_000).toISOString();
    const none = await root.get(`/v1/access-keys/${key.id}/suggestion?since=${later}`);
    expect(none.json).toMatchObject({ decisions: 0, notes: [{ code: 'unused_keys' }] });
    expect((await root.get('/v1/users/alice/suggestion')).json).toMatchObject({ kind: 'user' });
    expect((await root.get('/v1/apis/much/suggestion')).json).toMatchObject({ kind: 'api', api: 'much' });
    expect((await root.get('/v1/users/nobody/suggestion')).status).toBe(404);
    expect((await root.get('/v1/apis/much/suggestion?since=yesterday')).status).toBe(400);
  });
});

it('says so where the record does not go back so far: a compressed file is not read', async () => {
  const key = await service.makeKey('alice', 'much');
  await use(key, ['v-list-user', ['alice']]);
  const present = join(service.dataDir, 'audit', 'events.jsonl');
  const moved = `${present}.1`;
  renameSync(present, moved);
  await within(5000, 'a new file', () => existsSync(present));
  await use(key, ['v-list-apis', []]);
  const whole = await suggest(key.id);
  expect([codesOf(whole), whole.COMMANDS.length]).toEqual([[], 2]);
  writeFileSync(`${moved}.gz`, gzipSync(readFileSync(moved)));
  rmSync(moved);
  const part = await suggest(key.id);
  expect([codesOf(part), part.COMMANDS.map(({ COMMAND }) => COMMAND)]).toEqual([
    ['older_use_unknown'],
    ['v-list-apis'],
  ]);
  // Where the file between two is gone, too.
  const [oldest, between] = [gunzipSync(readFileSync(`${moved}.gz`)), `${present}.between`];
  renameSync(present, between);
  await within(5000, 'a new file', () => existsSync(present));
  await use(key, ['v-list-user', ['alice']]);
  rmSync(`${moved}.gz`);
  writeFileSync(moved, oldest);
  expect(codesOf(await suggest(key.id))).toEqual([]);
  rmSync(between);
  expect(codesOf(await suggest(key.id))).toContain('older_use_unknown');
});

it('is made whole or not at all, and only so many at a time', async () => {
  const key = await service.makeKey('alice', 'much');
  const suggester = service.part<RoleSuggester>(RoleSuggester);
  const ask = (signal: AbortSignal) =>
    suggester.suggest({ kind: 'key', name: key.id }, 0, { authority: 'everything', signal });
  await expect(ask(AbortSignal.abort())).rejects.toMatchObject({ code: 14 });
  const { signal } = new AbortController();
  const asked = await Promise.allSettled(Array.from({ length: 30 }, () => ask(signal)));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
});
