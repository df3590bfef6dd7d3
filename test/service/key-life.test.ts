/** A key's whole life as an operator and a client see it. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { KeyUses } from '../../src/keys/usage/key-uses.js';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { patienceMs } from '../support/waiting.js';

type Fields = Record<string, string | string[]>;

let service: TestService;

async function add(args: string[], user = 'alice', permissions = 'mail-accounts'): Promise<Key> {
  const pair = (await service.ok('v-add-access-key', user, permissions, '', 'plain', ...args)).trim();
  const [id = '', secret = ''] = pair.split(':');
  return { id, secret, pair };
}

const use = (key: Key, from = '127.0.0.1') => service.call(key, 'v-list-mail-domains', ['alice'], { from });
const show = async (id: string, ...args: string[]): Promise<Fields> =>
  JSON.parse(await service.ok('v-list-access-key', id, 'json', ...args)) as Fields;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({ 'v-list-mail-domains': { options: 'USER', script: 'echo ran' } });
  service = await TestService.startOpen(['alice', 'bob'], { COMMANDS_DIR });
  const list =
    'v-add-access-key,v-change-access-key,v-rotate-access-key,v-list-access-key,v-unsuspend-access-key';
  await service.ok('v-add-api', 'keys', 'user', list, list);
  await service.ok('v-add-api', 'keys-admin', 'admin', list, list);
});

describe('the end of a key', () => {
  it('is refused from its second on, with 9, and a later end revives it', async () => {
    const key = await add(['--expires', '3s']);
    const { EXPIRES } = await show(key.id);
    const endMs = Date.parse(String(EXPIRES));
    for (;;) {
      const askedMs = Date.now();
      const { code, body } = await use(key);
      const answeredMs = Date.now();
      if (answeredMs < endMs) expect(code).toBe(0);
      if (askedMs < endMs) continue;
      expect({ code, body }).toMatchObject({ code: 9, body: `Error: key ${key.id} has expired` });
      break;
    }
    expect((await service.events('--key', key.id, '--reason', 'key_expired')).length).toBeGreaterThan(0);
    await service.ok('v-change-access-key', key.id, '--expires', '90d');
    expect(await use(key)).toMatchObject({ code: 0 });
    await service.ok('v-change-access-key', key.id, '--expires=now');
    expect(await use(key)).toMatchObject({ code: 9 });
    expect(await show(key.id)).toMatchObject({ EXPIRES: 'ended' });
    await service.ok('v-change-access-key', key.id, '--expires', 'never');
    expect(await use(key)).toMatchObject({ code: 0 });
    expect(await show(key.id)).not.toHaveProperty('EXPIRES');
  });

  it('is in the event of the change, and an event and a line of doctor tell of it ahead of time', async () => {
    const key = await add(['--expires', '40d']);
    const soon = await add(['--expires', '2030-01-01T00:00:00Z']);
    expect((await service.events('--key', soon.id, '--type', 'change'))[0]?.target).toMatchObject({
      expires: '2030-01-01T00:00:00.000Z',
    });
    await service.ok('v-change-access-key', key.id, '--expires', 'now');
    const { stdout } = await service.run('doctor', 'plain');
    expect(stdout).toMatch(new RegExp(`^key_end\taccess key ${key.id} of alice\thas expired\t`, 'm'));
    expect(stdout).not.toContain(soon.id);
  });

  it('of the wrong form, or in the past, is refused and nothing is made', async () => {
    const before = await service.ok('v-list-access-keys', '', 'plain');
    for (const wrong of [
      ['--expires', 'soon'],
      ['--expires', '2020-01-01'],
      ['--allow-ip', 'x'],
      ['--rate-limit', '0/s'],
    ]) {
      expect(await service.run('v-add-access-key', 'alice', 'mail-accounts', ...wrong)).toMatchObject({
        code: 2,
      });
    }
    expect(await service.run('v-add-access-key', 'alice', 'mail-accounts', '--expires')).toMatchObject({
      code: 1,
    });
    expect(await service.ok('v-list-access-keys', '', 'plain')).toBe(before);
    expect(await service.run('v-change-access-key', 'A'.repeat(20), '--expires', '1d')).toMatchObject({
      code: 3,
    });
    expect(await service.run('v-change-access-key', 'A'.repeat(20))).toMatchObject({ code: 1 });
  });
});

describe('addresses of a key', () => {
  it('narrow what API_ALLOWED_IP lets in: both have to', async () => {
    const key = await add(['--allow-ip', '127.0.0.2', '--allow-ip', '192.0.2.0/24,2001:db8::/64']);
    expect(await use(key, '127.0.0.2')).toMatchObject({ code: 0 });
    expect(await use(key, '127.0.0.3')).toMatchObject({ status: 401, code: 10 });
    const [event] = await service.events('--key', key.id, '--reason', 'address_not_allowed_for_key');
    expect(event).toMatchObject({ code: 10, clientAddress: '127.0.0.3', actor: { user: 'alice' } });
    expect(await show(key.id)).toMatchObject({ ALLOWED_IP: ['127.0.0.2', '192.0.2.0/24', '2001:db8::/64'] });
    const check = (ip: string) =>
      service.run('v-check-access-key', key.id, key.secret, 'v-list-mail-domains', ip);
    expect([
      (await check('192.0.2.77')).code,
      (await check('192.0.3.77')).code,
      (await check('')).code,
    ]).toEqual([0, 10, 10]);
    await service.ok('v-change-access-key', key.id, '--allow-ip', '127.0.0.3');
    expect([(await use(key, '127.0.0.2')).code, (await use(key, '127.0.0.3')).code]).toEqual([10, 0]);
    await service.ok('v-change-access-key', key.id, '--allow-ip', 'any');
    expect(await use(key, '127.0.0.2')).toMatchObject({ code: 0 });
  });

  it('are not told to one who does not know the secret', async () => {
    const key = await add(['--allow-ip', '127.0.0.2', '--expires', '1d']);
    const wrong = { ...key, secret: (await add([])).secret };
    expect(await use(wrong, '127.0.0.3')).toMatchObject({
      code: 9,
      body: 'Error: Invalid access key or secret',
    });
  });
});

describe('v-rotate-access-key --overlap', () => {
  it('gives a second secret for the same ID; the old one counts until the overlap ends, then its use is an alert', async () => {
    const old = await add([]);
    const rotated = JSON.parse(
      await service.ok('v-rotate-access-key', old.id, 'json', '--overlap', '3s'),
    ) as Fields;
    const next = { ...old, secret: String(rotated['SECRET_ACCESS_KEY']) };
    const endMs = Date.parse(String(rotated['OLD_SECRET_UNTIL']));
    expect(await use(next)).toMatchObject({ code: 0 });
    for (;;) {
      const askedMs = Date.now();
      const { code } = await use(old);
      if (Date.now() < endMs) expect(code).toBe(0);
      if (askedMs < endMs) continue;
      expect(code).toBe(9);
      break;
    }
    expect(await use(next)).toMatchObject({ code: 0 });
    const [alert] = await service.events('--type', 'alert', '--key', old.id);
    expect(alert).toMatchObject({ alert: 'replaced_secret_used', clientAddress: '127.0.0.1' });
    expect(JSON.stringify(await service.events('--key', old.id))).not.toContain(old.secret);
  });

  it.each(['91d', '-1h', 'x', ''])('refuses %j as an overlap', async (text) => {
    const { id } = await add([]);
    expect(await service.run('v-rotate-access-key', id, '--overlap', text)).toMatchObject({ code: 2 });
  });
});

describe('the lists', () => {
  it('have the columns they had, and all that is new behind --long', async () => {
    const key = await add([
      '--expires',
      '2030-01-01T00:00:00Z',
      '--allow-ip',
      '127.0.0.0/8',
      '--rate-limit',
      '600/min',
    ]);
    await use(key);
    await service.part<KeyUses>(KeyUses).flush();
    expect((await service.ok('v-list-access-key', key.id)).split('\n')).toHaveLength(8);
    expect(await service.ok('v-list-access-key', key.id, 'plain')).toBe(`${key.id}:\n`);
    const row = (text: string): string[] =>
      (text.split('\n').find((line) => line.includes(key.id)) ?? '').split('\t');
    expect(row(await service.ok('v-list-access-keys', 'alice', 'plain'))).toHaveLength(6);
    const long = row(await service.ok('v-list-access-keys', 'alice', 'plain', '--long'));
    expect(long.slice(6, 11)).toEqual(['2030-01-01T00:00:00Z', '127.0.0.0/8', '600/min', 'no', '-']);
    expect(long.slice(12)).toEqual(['127.0.0.1', 'v-list-mail-domains', '-', '-', 'no', '-']);
    const json = await show(key.id);
    expect(json).toMatchObject({ LAST_USED_COMMAND: 'v-list-mail-domains', RATE_LIMIT: '600/min' });
    expect(Math.abs(Date.parse(String(json['LAST_USED'])) - Date.now())).toBeLessThan(patienceMs);
    expect(json).not.toHaveProperty('SUSPENDED');
    expect(await show(key.id, '--long')).toMatchObject({ SUSPENDED: 'no', OLD_SECRET_UNTIL: '' });
    expect(await service.ok('v-list-access-keys', '--long')).toContain('LAST_USED_COMMAND');
    const withoutLimit = await add([]);
    expect(await show(withoutLimit.id, '--long')).toMatchObject({ RATE_LIMIT: '120/min (REST)' });
    const longRow = row(await service.ok('v-list-access-keys', 'alice', 'plain', '--long'));
    expect(longRow[8]).toBe('600/min');
    const [, ...fields] = Object.keys(await show(withoutLimit.id));
    expect(fields).toEqual(['SECRET_ACCESS_KEY', 'USER', 'PERMISSIONS', 'COMMENT', 'TIME', 'DATE']);
  });
});

describe('a key with limits that handles keys', () => {
  const limits = ['--expires', '30d', '--allow-ip', '127.0.0.0/8', '--rate-limit', '600/min'];
  const made = (body: string): Key => {
    const [id = '', secret = ''] = body.split(':');
    return { id, secret, pair: body };
  };

  it.each([
    ['alice', 'keys'],
    ['admin', 'keys-admin'],
    ['admin', ''],
  ])(
    "of %s with '%s' makes keys with its own limits, and handles none that has wider ones",
    async (user, api) => {
      const key = await add(limits, user, api);
      const answer = await service.call(key, 'v-add-access-key', [user, api, '', 'plain']);
      expect(answer.code).toBe(0);
      const mine = await show(key.id);
      const { EXPIRES, ALLOWED_IP, RATE_LIMIT } = await show(made(answer.body).id);
      expect({ EXPIRES, ALLOWED_IP, RATE_LIMIT }).toEqual({
        ...{ EXPIRES: mine['EXPIRES'], ALLOWED_IP: mine['ALLOWED_IP'], RATE_LIMIT: mine['RATE_LIMIT'] },
      });
      const wider: string[][] = [
        [],
        limits.slice(0, 4),
        limits.slice(2),
        [...limits, '--expires', '31d'],
        [...limits, '--allow-ip', '10.0.0.1'],
        [...limits, '--rate-limit', '601/min'],
      ];
      for (const options of wider) {
        const other = await add(options, user, api);
        for (const cmd of ['v-rotate-access-key', 'v-unsuspend-access-key']) {
          expect(await service.call(key, cmd, [other.id])).toMatchObject({ code: 10 });
        }
        expect(await service.call(key, 'v-change-access-key', [other.id, 'COMMENT', 'Mine'])).toMatchObject({
          code: 10,
        });
      }
      const narrower = await add([...limits, '--expires', '1d'], user, api);
      expect(await service.call(key, 'v-rotate-access-key', [narrower.id, 'plain'])).toMatchObject({
        code: 0,
      });
    },
  );

  it("of the root user without permissions can't make what has no limits: legacy keys, passwords, roles, addresses", async () => {
    const key = await add(['--expires', '30d'], 'admin', '');
    for (const [cmd, ...args] of [
      ['v-generate-api-key'],
      ['v-change-user-password', 'admin', 'new-password-1'],
      ['v-change-api', 'keys', 'user', 'v-list-users'],
      ['v-add-sys-api-ip', 'allow-all'],
      ['v-change-sys-config-value', 'API', 'yes'],
    ] as [string, ...string[]][]) {
      expect(await service.call(key, cmd, args)).toMatchObject({ code: 10 });
    }
    expect(await service.call(key, 'v-list-users', ['plain'])).toMatchObject({ code: 0 });
  });
});

describe('what an installation asks of its keys', () => {
  it('is an end, a longest life and a number for each user, for those that are made or changed from now on', async () => {
    const policy = { KEY_MAX_LIFE: '30d', KEY_MUST_EXPIRE: 'yes', KEYS_PER_USER: '2' };
    const strict = await TestService.startOpen(['alice', 'bob'], policy);
    const make = (...options: string[]) =>
      strict.run('v-add-access-key', 'alice', 'mail-accounts', '', 'plain', ...options);
    expect(await make()).toMatchObject({ code: 2 });
    expect(await make('--expires', '31d')).toMatchObject({ code: 2 });
    expect(await make('--expires', 'never')).toMatchObject({ code: 2 });
    const first = await make('--expires', '30d');
    expect(first.code).toBe(0);
    expect(
      await strict.run('v-change-access-key', first.stdout.slice(0, 20), '--expires', 'never'),
    ).toMatchObject({ code: 2 });
    const more = await Promise.all([1, 2, 3].map(() => make('--expires', '1d')));
    expect(more.map(({ code }) => code).sort()).toEqual([0, 8, 8]);
    await strict.close();
  });
});
