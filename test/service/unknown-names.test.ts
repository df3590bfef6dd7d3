import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { postJson } from '../support/gate.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
const secret = 'Sup3rSecret!';
/** Of the form of an access key ID, of a user, of a legacy key, of a secret key, of a command. */
const secrets = [
  ...[secret, 'kq7PzT0vBnM3xY9sLw2D', 'Hunter2Hunter2', 'Ab3dEf6hIj9kLm2nOp5rSt8uVw1xYz4C'],
  ...['vT-0123456789abcdefghijABCDEFGHIJ_-43210', 'v-tulip-rainbow-cake', 'q7#z'],
];
let service: TestService;
let alice: Key;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER [FORMAT]', script: 'exit 0' } });
  service = await TestService.startOpen(['alice'], {
    COMMANDS_DIR,
    TRUSTED_PROXIES: '127.0.0.2',
    LOG_LEVEL: 'debug',
    // More fail here than one address may within a minute.
    FAILURE_LIMIT: '0',
  });
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  alice = await service.makeKey('alice', 'mail-accounts');
});

function written(): string {
  const kept = ['audit/events.jsonl', 'auth.log'].map((name) =>
    readFileSync(join(service.dataDir, name), 'utf8'),
  );
  return [...kept, service.log].join('\n');
}

const notLetIn = { from: '127.0.0.2', forwardedFor: '198.51.100.9' };

describe('what was typed in the place of a name', () => {
  it.each(secrets)('(%s) is not written down in full, by any adapter', async (typed) => {
    const { id, secret: own } = alice;
    const attempts: Fields[] = [
      { user: typed, password: 'x', cmd: command },
      { user: 'admin', password: 'x', cmd: typed },
      { access_key: typed, secret_key: own, cmd: command },
      { access_key: id, secret_key: own, cmd: typed },
      { access_key: id, secret_key: 'x'.repeat(40), cmd: typed },
      { hash: typed, cmd: typed },
      { hash: `${typed}:${own}`, cmd: command },
    ];
    for (const fields of attempts) {
      await service.api(fields);
      await service.api(fields, notLetIn);
      await service.post(JSON.stringify({ ...fields, arg1: ['x'] }), 'application/json');
    }
    await postJson(service, '/v1/authorize', { accessKeyId: typed, secretAccessKey: own, command: typed });
    await postJson(service, '/v1/authorize', { accessKeyId: id, secretAccessKey: own, command: typed });
    await service.request('GET', '/v1/forward-auth', undefined, {
      headers: { Authorization: `Bearer ${typed}:${own}`, 'X-Hearthkey-Command': typed },
    });
    await service.request('GET', '/api/accounts', undefined, {
      headers: { Authorization: `Bearer ${typed}:${own}` },
    });
    await service.run('v-check-access-key', typed, own, typed);
    await service.run('v-explain-access', typed, typed);
    expect(written()).not.toContain(typed);
    const { body } = await service.request('GET', '/metrics', undefined);
    expect(body).not.toContain(typed);
  });

  it('leaves its first characters and its length', async () => {
    await service.api({ user: secret, password: 'x', cmd: command });
    expect(service.authLog.at(-1)).toMatch(/ Sup\*\*\*\(12\) 127\.0\.0\.1 failed to login$/);
    const events = await service.events('--reason', 'not_root_user');
    expect(events.some(({ actor }) => actor.user === 'Sup***(12)')).toBe(true);
  });
});

describe('a name that there is', () => {
  const last = () => service.authLog.at(-1);

  it('stays whole when its secret is wrong, its address not let in, or its request no question', async () => {
    const fields = { access_key: alice.id, secret_key: 'x'.repeat(40), cmd: command };
    const fresh = await service.makeKey('alice', 'mail-accounts');
    await service.api({ ...fields, access_key: fresh.id }, notLetIn);
    expect(last()).toContain(` ${fresh.id} 198.51.100.9 failed`);
    await service.api(fields);
    expect(last()).toContain(` ${alice.id} 127.0.0.1 failed`);
    const other = await service.makeKey('alice', 'mail-accounts');
    const fieldsOfOther = { access_key: other.id, secret_key: other.secret, cmd: command, arg1: ['x'] };
    await service.post(JSON.stringify(fieldsOfOther), 'application/json');
    expect(last()).toContain(` ${other.id} 127.0.0.1 failed`);
    const events = await service.events('--key', other.id, '--outcome', 'deny');
    expect(events.at(-1)).toMatchObject({ reason: 'command_malformed', command });
  });

  it('of a user stays whole', async () => {
    for (const user of ['alice', 'admin']) {
      await service.api({ user, password: 'wrong', cmd: command });
      expect(last()).toContain(` ${user} 127.0.0.1 failed`);
    }
  });
});
