/** A secret has leaked: whose it is, and its end, over the command line, `/api/`, REST v1 and the console. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateLegacyKey, generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import { Pepper } from '../../src/secrets/pepper.js';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { Database } from '../../src/storage/database.js';
import { AdministrationClient } from '../support/administration.js';
import type { Key } from '../support/client.js';
import { textsBelow } from '../support/files-below.js';
import { commandsDirectory } from '../support/folders.js';
import { Person } from '../support/person.js';
import { runBin } from '../support/processes.js';
import { TestService } from '../support/test-service.js';

interface Row {
  SECRET: string;
  KIND: string;
  KEY: string;
  USER: string;
  STATE: string;
  ACTION: string;
}

let service: TestService;
let root: Key;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({ 'v-list-mail-domains': { options: 'USER', script: 'echo ran' } });
  const settings = { COMMANDS_DIR, LOG_LEVEL: 'trace', FAILURE_LIMIT: '8', SECRET_PREFIX: 'hk_' };
  service = await TestService.startOpen(['alice', 'bob'], settings);
  root = await service.makeKey('admin', '');
});

const listMail = async (key: Key): Promise<number> =>
  (await service.call(key, 'v-list-mail-domains', ['alice'])).code;

async function revoke(lines: readonly string[], ...options: string[]) {
  const args = ['-', 'json', ...options];
  const { code, stdout } = await service.ask({ command: 'v-revoke-secret', args, stdin: lines.join('\n') });
  return { code, stdout, rows: JSON.parse(stdout) as Record<string, Row> };
}

describe('v-revoke-secret', () => {
  it('finds the key by its secret alone, and the key is dead when it returns', async () => {
    const [key, other] = [
      await service.makeKey('alice', 'mail-accounts'),
      await service.makeKey('alice', 'mail-accounts'),
    ];
    expect(await listMail(key)).toBe(0);
    const { code, stdout, rows } = await revoke([key.secret]);
    expect(code).toBe(0);
    expect(rows['1']).toMatchObject({
      KIND: 'access_key',
      KEY: key.id,
      USER: 'alice',
      STATE: 'live',
      ACTION: 'revoked',
    });
    expect(stdout).not.toContain(key.secret.slice(3));
    expect([await listMail(key), await listMail(other)]).toEqual([9, 0]);
    const [event] = (await service.events('--key', key.id, '--type', 'change')).slice(-1);
    expect(event).toMatchObject({
      command: 'v-revoke-secret',
      target: { accessKeyId: key.id, why: 'leaked' },
    });
    expect((await revoke([key.pair])).rows['1']).toMatchObject({
      KEY: key.id,
      STATE: 'revoked',
      ACTION: 'none',
    });
  });

  it('deletes every key with the secret, and each has a row, a place in REST v1 and an event', async () => {
    const twins = async () => {
      const [one, two] = [
        await service.makeKey('alice', 'mail-accounts'),
        await service.makeKey('bob', 'mail-accounts'),
      ];
      await service
        .part<Database>(DATABASE)
        .updateTable('access_keys')
        .set({
          secret_version: 'v',
          secret_tag: service.part<Pepper>(Pepper).tag(two.id, 'v', one.secret),
          secret_hash: await service.part<SlowHash>(SlowHash).hash(one.secret),
        })
        .where('id', '=', two.id)
        .execute();
      return [one, two] as const;
    };
    const [one, two] = await twins();
    const { code, rows } = await revoke([one.pair]);
    expect([code, rows]).toMatchObject([
      0,
      { '1': { KEY: one.id, ACTION: 'revoked' }, '1.2': { KEY: two.id, USER: 'bob', ACTION: 'revoked' } },
    ]);
    expect(await listMail(one)).toBe(9);
    const [three, four] = await twins();
    const answer = await new AdministrationClient(service, root).post('/v1/leaked-secrets', {
      secrets: [`${four.id}:${three.secret}`],
    });
    expect(answer.json).toMatchObject({
      items: [
        { accessKeyId: four.id, isRevoked: true, otherKeys: [{ accessKeyId: three.id, isRevoked: true }] },
      ],
    });
    for (const { id } of [one, two, three, four]) {
      expect((await service.run('v-list-access-key', id)).code).toBe(3);
      expect(await service.events('--key', id, '--type', 'change')).toContainEqual(
        expect.objectContaining({ target: expect.objectContaining({ why: 'leaked' }) as unknown }),
      );
    }
  });

  it('tells whose secrets are and changes nothing with --dry-run', async () => {
    const key = await service.makeKey('bob', 'mail-accounts');
    const { rows } = await revoke([key.secret], '--dry-run');
    expect(rows['1']).toMatchObject({ KEY: key.id, STATE: 'live', ACTION: 'to be revoked' });
    expect(await service.ok('v-list-access-key', key.id, 'plain')).toContain(key.id);
  });

  it('takes several lines of each kind, and says which it does not know', async () => {
    const one = await service.makeKey('alice', 'mail-accounts');
    const two = await service.makeKey('bob', 'mail-accounts');
    const legacy = (await service.ok('v-generate-api-key')).trim();
    const lines = [one.pair, '', two.secret, legacy, generateSecretAccessKey(), generateLegacyKey()];
    const { code, rows } = await revoke(lines);
    expect(code).toBe(3);
    expect(
      Object.entries(rows).map(([line, { KIND, STATE, ACTION }]) => [line, KIND, STATE, ACTION]),
    ).toEqual([
      ['1', 'access_key', 'live', 'revoked'],
      ['3', 'access_key', 'live', 'revoked'],
      ['4', 'legacy_key', 'live', 'revoked'],
      ['5', '', 'unknown', 'none'],
      ['6', '', 'unknown', 'none'],
    ]);
    expect((await service.run('v-check-api-key', legacy)).code).toBe(9);
    expect((await revoke([legacy])).rows['1']).toMatchObject({ KIND: 'legacy_key', STATE: 'revoked' });
  });

  it('refuses a line that is no secret, without repeating it, and deletes nothing', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const answer = await service.ask({
      ...{ command: 'v-revoke-secret', args: ['-'] },
      stdin: `${key.secret}\nnot-a-secret-of-ours`,
    });
    expect(answer.code).toBe(2);
    expect(answer.stdout).toContain('line 2');
    expect(answer.stdout).not.toContain('not-a-secret');
    expect(await listMail(key)).toBe(0);
  });

  it('deletes the key of a former secret that still counts, and leaves one whose secret has ended', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const rotated = await service.ok('v-rotate-access-key', key.id, 'plain', '--overlap', '1h');
    const [, newer = ''] = rotated.trim().split(':');
    const again = await service.makeKey('alice', 'mail-accounts');
    await service.ok('v-rotate-access-key', again.id);
    const { rows } = await revoke([key.secret, again.secret]);
    expect(rows['1']).toMatchObject({ KEY: key.id, STATE: 'live', ACTION: 'revoked' });
    expect(rows['2']).toMatchObject({ KEY: again.id, STATE: 'replaced', ACTION: 'none' });
    expect(await listMail({ ...key, secret: newer })).toBe(9);
    await service.ok('v-list-access-key', again.id);
  });

  it('deletes a suspended key, and with a key those that it made', async () => {
    const suspended = await service.makeKey('alice', 'mail-accounts');
    await service.ok('v-suspend-access-key', suspended.id);
    const maker = await service.makeKey('admin', '');
    const made = await service.call(maker, 'v-add-access-key', ['alice', 'mail-accounts', '', 'plain']);
    const [madeId = ''] = made.body.split(':');
    const { rows } = await revoke([suspended.secret, maker.secret]);
    expect(rows['1']).toMatchObject({ STATE: 'suspended', ACTION: 'revoked' });
    for (const id of [suspended.id, maker.id, madeId])
      expect((await service.run('v-list-access-key', id)).code).toBe(3);
  });

  it('is recorded as done where a key was deleted, and nowhere for a dry run', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const failed = async () =>
      (await service.events('--command', 'v-revoke-secret', '--outcome', 'failed')).length;
    const before = await failed();
    const lines = [key.secret, generateSecretAccessKey()];
    expect((await revoke(lines, '--dry-run')).code).toBe(3);
    expect((await revoke(lines)).code).toBe(3);
    expect(await failed()).toBe(before);
    expect((await revoke(lines.slice(1))).code).toBe(3);
    expect(await failed()).toBe(before + 1);
  });

  it('records no second secret in the place of FORMAT, and does not repeat it', async () => {
    const secrets = [generateSecretAccessKey(), generateSecretAccessKey()];
    const { code, body } = await service.call(root, 'v-revoke-secret', secrets);
    expect(code).toBe(2);
    const written = [body, service.log, ...textsBelow(service.dataDir).map(({ text }) => text)].join();
    expect(secrets.filter((secret) => written.includes(secret.slice(8)))).toEqual([]);
  });

  it('finds a key without a tag by ID:SECRET alone, as after a new pepper', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    await service
      .part<Database>(DATABASE)
      .updateTable('access_keys')
      .set({ secret_tag: null })
      .where('id', '=', key.id)
      .execute();
    const told = await service.ask({ command: 'v-revoke-secret', args: ['-'], stdin: key.secret });
    expect(told.code).toBe(3);
    const other = await service.makeKey('alice', 'mail-accounts');
    const answer = await new AdministrationClient(service, root).post('/v1/leaked-secrets', {
      secrets: [key.secret, other.secret],
    });
    expect(answer.json).toMatchObject({
      items: [{ state: 'unknown' }, { isRevoked: true }],
      accessKeysNotCompared: 1,
      secretsComparedByIdAlone: 0,
    });
    expect((await revoke([key.pair])).rows['1']).toMatchObject({ STATE: 'live', ACTION: 'revoked' });
  });

  it('takes no secret as an argument, and reads several lines from a pipe or a file', async () => {
    const keys = [
      await service.makeKey('alice', 'mail-accounts'),
      await service.makeKey('bob', 'mail-accounts'),
    ];
    const env = { HEARTHKEY_SOCKET: service.config.socketPath };
    const refused = await runBin('v-revoke-secret', [keys[0]?.secret ?? ''], { env });
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).not.toContain(keys[0]?.secret.slice(3));
    const input = keys.map(({ secret }) => `${secret}\r\n`).join('');
    const done = await runBin('v-revoke-secret', ['--dry-run', '-', 'plain'], { env, input });
    expect(done.stdout.split('\n').filter((line) => line.includes('to be revoked'))).toHaveLength(2);
    expect(done.code).toBe(0);
  });
});

describe('POST /v1/leaked-secrets', () => {
  it('is for who may do everything', async () => {
    await service.ok('v-add-api', 'leaks', 'user', 'v-revoke-secret', 'v-revoke-secret');
    const key = await service.makeKey('alice', 'leaks');
    const { status } = await new AdministrationClient(service, key).post('/v1/leaked-secrets', {
      secrets: [root.secret],
    });
    expect(status).toBe(403);
    expect(await listMail(root)).toBe(0);
  });

  it('deletes the keys, and neither body nor answer leaves a secret behind', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const unknown = generateSecretAccessKey();
    const answer = await new AdministrationClient(service, root).post('/v1/leaked-secrets', {
      secrets: [key.secret, unknown],
    });
    expect(answer.json).toMatchObject({
      items: [
        { accessKeyId: key.id, user: 'alice', state: 'live', isRevoked: true, deletedWithIt: [] },
        { accessKeyId: null, state: 'unknown', isRevoked: false },
      ],
    });
    expect(await listMail(key)).toBe(9);
    const left = [service.log, answer.text, ...textsBelow(service.dataDir).map(({ text }) => text)].join();
    expect([key.secret, unknown].filter((secret) => left.includes(secret.slice(8)))).toEqual([]);
  });

  it('deletes the key that asks with the others, in whatever order, and answers', async () => {
    const [caller, key] = [
      await service.makeKey('admin', ''),
      await service.makeKey('alice', 'mail-accounts'),
    ];
    const answer = await new AdministrationClient(service, caller).post('/v1/leaked-secrets', {
      secrets: [caller.secret, key.secret],
    });
    expect(answer.json).toMatchObject({
      items: [
        { accessKeyId: caller.id, isRevoked: true },
        { accessKeyId: key.id, isRevoked: true },
      ],
    });
    expect([await listMail(key), await listMail(caller)]).toEqual([9, 9]);
  });

  it('limits those who send secrets that nobody has, and never stands before a right one', async () => {
    const api = new AdministrationClient(service, root);
    const statuses: number[] = [];
    for (let round = 0; round < 12; round++)
      statuses.push((await api.post('/v1/leaked-secrets', { secrets: [generateSecretAccessKey()] })).status);
    expect(statuses.at(-1)).toBe(429);
    const key = await service.makeKey('alice', 'mail-accounts');
    expect((await api.post('/v1/leaked-secrets', { secrets: [key.secret] })).json).toMatchObject({
      items: [{ isRevoked: true }],
    });
  });
});

it('the console has a form for it, which shows no secret again', async () => {
  const key = await service.makeKey('alice', 'mail-accounts');
  const person = await new Person(service).logInByLink('admin');
  expect((await person.get('/console/keys')).text).toContain('/console/keys/leaked');
  const page = (await person.get('/console/keys/leaked')).text;
  const [, token = ''] = /name="csrf" value="([^"]+)"/.exec(page) ?? [];
  const body = new URLSearchParams({ csrf: token, secrets: key.secret }).toString();
  const answer = await service.request('POST', '/console/keys/leaked', body, {
    headers: {
      Cookie: person.cookie,
      Origin: service.url,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
  });
  expect(answer.body).toContain(key.id);
  expect(answer.body).not.toContain(key.secret.slice(8));
  expect((await service.run('v-list-access-key', key.id)).code).toBe(3);
});

it('new secrets begin with HEARTHKEY_SECRET_PREFIX, also after a rotation', async () => {
  const key = await service.makeKey('alice', 'mail-accounts');
  expect(key.secret).toMatch(/^hk_[0-9A-Za-z_-]{37}$/);
  const [, secret = ''] = (await service.ok('v-rotate-access-key', key.id, 'plain')).trim().split(':');
  expect(secret).toMatch(/^hk_[0-9A-Za-z_-]{37}$/);
  expect(await listMail({ ...key, secret })).toBe(0);
});
