import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fields, Key } from '../support/client.js';
import { textsBelow } from '../support/files-below.js';
import { commandsDirectory } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';

let service: ServiceProcess;
/** Every secret that was used, and what it was. */
const secrets = new Map<string, string>();
const wrongSecret = 'Wr0ng-Secret_'.padEnd(40, 'q');

/** What a secret leaves behind where it stands in a text whole, or nearly so. */
function findIn(text: string): string[] {
  return [...secrets].filter(([secret]) => text.includes(secret.slice(0, 16))).map(([, what]) => what);
}

function findOnDisk(): string[] {
  return textsBelow(service.dataDir).flatMap(({ file, text }) =>
    findIn(text).map((what) => `${what} in ${file}`),
  );
}

function keep(secret: string, what: string): string {
  secrets.set(secret, what);
  return secret;
}

async function makeKey(user: string, permissions: string): Promise<Key> {
  const key = await service.makeKey(user, permissions);
  keep(key.secret, `the secret of ${user}'s key`);
  return key;
}

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({
    'v-list-mail-domains': { options: 'USER', script: 'echo ran' },
    'v-change-mail-account-password': { options: 'USER DOMAIN ACCOUNT PASSWORD', script: 'exit 4' },
    'v-list-slow': { options: 'USER', script: 'sleep 5' },
  });
  service = await ServiceProcess.start({ COMMANDS_DIR, LOG_LEVEL: 'trace', COMMAND_TIMEOUT: '200ms' });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  await service.ok('v-add-user', 'alice', keep('pass-word-of-alice-1', 'a password'), 'a@example.com');
});

afterAll(async () => {
  await service.end();
});

describe('no secret is anywhere in the data directory, on stdout or stderr, or in auth.log', () => {
  it('after keys were made and used, rightly and wrongly, over HTTP and the command line', async () => {
    const alice = await makeKey('alice', 'mail-accounts');
    const root = await makeKey('admin', '');
    keep(wrongSecret, 'a wrong secret');
    for (const key of [alice, root]) {
      await service.call(key, 'v-list-mail-domains', ['alice']);
      await service.api({ hash: key.pair, cmd: 'v-list-mail-domains', arg1: 'alice' });
      await service.call({ ...key, secret: wrongSecret }, 'v-list-mail-domains', ['alice']);
      await service.call(key, 'v-list-slow', ['alice']);
      await service.run('v-check-access-key', key.id, key.secret, 'v-list-mail-domains');
      await service.run('v-check-access-key', key.id, wrongSecret, 'v-list-mail-domains');
      await service.bin('v-check-access-key', [key.id, '-', 'v-list-mail-domains'], { input: key.secret });
      await service.ok('v-suspend-access-key', key.id);
      await service.call(key, 'v-list-mail-domains', ['alice']);
      await service.ok('v-unsuspend-access-key', key.id);
    }
    expect(findOnDisk()).toEqual([]);
  });

  it('after passwords and legacy keys were made, changed, checked and revoked', async () => {
    const names = ['pass-word-of-bob-from-stdin', 'pass-word-of-bob-changed', 'short'];
    const [first = '', second = ''] = names.map((name) => keep(name, 'a password'));
    secrets.delete('short');
    await service.bin('v-add-user', ['bob', '-', 'b@example.com'], { input: first });
    await service.ok('v-change-user-password', 'bob', second);
    await service.run('v-change-user-password', 'nobody-here', second);
    await service.run('v-add-user', 'two words', first, 'b@example.com');
    await service.run('v-change-user-password', 'bob', `${second}\n`);
    const legacyKey = keep((await service.ok('v-generate-api-key')).trim(), 'a legacy key');
    await service.ok('v-check-api-key', legacyKey);
    await service.run('v-check-api-key', keep('Wr0ngLegacyKey_0123456789abcdefg', 'a wrong legacy key'));
    await service.api({ hash: legacyKey, cmd: 'v-list-users' });
    await service.api({ user: 'admin', password: second, cmd: 'v-list-users' });
    await service.ok('v-revoke-api-key', legacyKey);
    await service.run('v-revoke-api-key', legacyKey);
    expect(findOnDisk()).toEqual([]);
  });

  it('after a command with a secret among its arguments, built-in or not, allowed or denied', async () => {
    const root = await makeKey('admin', '');
    const alice = await makeKey('alice', 'mail-accounts');
    const password = keep('pass-word-of-a-mailbox', 'a password of a mailbox');
    const args = ['alice', 'example.com', 'info', password];
    await service.call(root, 'v-change-mail-account-password', args);
    await service.call(alice, 'v-change-mail-account-password', args);
    await service.call(alice, 'v-change-mail-account-password', ['admin', ...args.slice(1)]);
    await service.call(root, 'v-change-user-password', ['alice', keep('pass-word-over-http', 'a password')]);
    await service.call(root, 'v-add-user', [
      'carol',
      keep('pass-word-of-carol', 'a password'),
      'c@example.com',
    ]);
    const made = await service.call(root, 'v-add-access-key', ['alice', 'mail-accounts', '', 'plain']);
    const [id = '', secret = ''] = made.body.split(':');
    keep(secret, 'the secret of a key made over HTTP');
    await service.call(root, 'v-check-access-key', [id, secret, 'v-list-mail-domains']);
    const legacy = await service.call(root, 'v-generate-api-key');
    keep(legacy.body, 'a legacy key made over HTTP');
    await service.call(root, 'v-check-api-key', [legacy.body]);
    await service.call(root, 'v-revoke-api-key', [legacy.body]);
    expect(findOnDisk()).toEqual([]);
  });

  it.each<[string, (key: Key) => Fields]>([
    ['as the command', (key) => ({ access_key: key.id, secret_key: key.secret, cmd: key.secret })],
    [
      'as the command of an unknown key',
      (key) => ({ access_key: 'A'.repeat(20), secret_key: 'x', cmd: key.secret }),
    ],
    ['as the pair in the command', (key) => ({ access_key: key.id, secret_key: key.secret, cmd: key.pair })],
    ['as the key', (key) => ({ access_key: key.secret, secret_key: key.id, cmd: 'v-list-mail-domains' })],
    [
      'as the pair in the key',
      (key) => ({ access_key: key.pair, secret_key: 'x', cmd: 'v-list-mail-domains' }),
    ],
    ['as the user', (key) => ({ user: key.secret, password: key.secret, cmd: 'v-list-mail-domains' })],
    ['as the hash', (key) => ({ hash: key.secret, cmd: 'v-list-mail-domains' })],
    [
      'as the hash the wrong way round',
      (key) => ({ hash: `${key.secret}:${key.id}`, cmd: 'v-list-mail-domains' }),
    ],
    [
      'as returncode',
      (key) => ({ access_key: key.id, secret_key: key.secret, cmd: 'v-list-users', returncode: key.secret }),
    ],
  ])('after a secret was put in the wrong field: %s', async (_where, fields) => {
    const key = await makeKey('alice', 'mail-accounts');
    const answer = await service.api(fields(key));
    expect(answer.code).not.toBe(0);
    await service.post(JSON.stringify(fields(key)), 'application/json');
    expect(findOnDisk()).toEqual([]);
  });

  it('after a secret was put in the address', async () => {
    const key = await makeKey('alice', 'mail-accounts');
    await service.request('GET', `/api/?access_key=${key.id}&secret_key=${key.secret}`, undefined);
    await service.request('GET', `/${key.secret}`, undefined);
    expect(findOnDisk()).toEqual([]);
  });

  it('after a secret was put in the wrong place of a command line', async () => {
    const key = await makeKey('alice', 'mail-accounts');
    await service.run('v-delete-access-key', key.secret);
    await service.run('v-list-access-key', key.pair);
    await service.run('v-check-access-key', key.secret, key.id, 'v-list-mail-domains');
    await service.run('v-check-access-key', key.pair, key.secret, key.secret);
    await service.run('v-list-user', key.secret);
    await service.run('v-add-api', 'x', 'user', key.secret);
    await service.run('v-add-sys-api-ip', key.secret);
    await service.run(key.secret);
    expect(findOnDisk()).toEqual([]);
  });

  it('and none was printed by the service, however much it logs', () => {
    expect(secrets.size).toBeGreaterThan(20);
    expect(findIn(service.stdout)).toEqual([]);
    expect(findIn(service.stderr)).toEqual([]);
  });

  it('nor is any of them shown by a command', async () => {
    const shown = [
      ['v-list-audit-events', 'json', '--limit', '10000'],
      ['v-list-access-keys', '', 'json'],
      ['v-list-users', 'json'],
      ['v-list-api-keys', 'json'],
      ['v-list-apis', 'json'],
    ];
    for (const [name = '', ...args] of shown) {
      expect({ name, found: findIn(await service.ok(name, ...args)) }).toEqual({ name, found: [] });
    }
  });
});
