import { beforeAll, describe, expect, it } from '@jest/globals';
import { hasValidChecksum } from '../../src/secrets/generated-secret.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { TakeOverAccessKeys } from '../../src/keys/take-over-access-keys.js';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { byService } from '../support/store.js';
import { TestService } from '../support/test-service.js';

let service: TestService;

async function weakKey(id: string, user: string, comment = ''): Promise<Key> {
  const secret = id.padEnd(40, '=');
  const key = { id, secret, user, permissions: ['mail-accounts'], comment };
  const verdicts = await service
    .part<TakeOverAccessKeys>(TakeOverAccessKeys)
    .takeOver([{ ...key, isSuspended: false, createdAtMs: 0 }], byService);
  expect(verdicts).toEqual(['taken']);
  return { id, secret, pair: `${id}:${secret}` };
}

const listMail = (key: Key) => service.call(key, 'v-list-mail-domains', ['alice']);

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({
    'v-list-mail-domains': { options: 'USER', script: 'echo ran' },
    'v-list-api-keys-of': { options: 'USER', script: 'echo ran' },
  });
  service = await TestService.startOpen(['alice', 'bob'], { COMMANDS_DIR });
});

describe('v-rotate-access-key', () => {
  it('gives the key another secret, and the old one is dead when it returns', async () => {
    const old = await service.makeKey('alice', 'mail-accounts', 'Mail');
    expect(await listMail(old)).toMatchObject({ code: 0 });
    const [id, secret = ''] = (await service.ok('v-rotate-access-key', old.id, 'plain')).trim().split(':');
    expect(id).toBe(old.id);
    expect(hasValidChecksum(secret)).toBe(true);
    expect(await listMail(old)).toMatchObject({ status: 401, code: 9 });
    expect(await listMail({ ...old, secret })).toMatchObject({ code: 0 });
  });

  it('answers as v-add-access-key does, and leaves the rest of the key as it was', async () => {
    const { id } = await service.makeKey('alice', 'mail-accounts', 'Mail');
    const before = await service.ok('v-list-access-key', id, 'json');
    const rotated = JSON.parse(await service.ok('v-rotate-access-key', id, 'json')) as Record<string, string>;
    expect(rotated['SECRET_ACCESS_KEY']).toMatch(/^[0-9A-Za-z_-]{40}$/);
    expect({ ...rotated, SECRET_ACCESS_KEY: '' }).toEqual(JSON.parse(before));
    expect(await service.ok('v-rotate-access-key', id)).toMatch(
      /^ACCESS_KEY_ID: {6}\S+\nSECRET_ACCESS_KEY: {2}\S{40}\n/,
    );
  });

  it('lets no request through that had the old secret checked while it was replaced', async () => {
    const old = await service.makeKey('alice', 'mail-accounts');
    const calls = Array.from({ length: 10 }, () => listMail(old));
    await service.ok('v-rotate-access-key', old.id);
    const late = await listMail(old);
    expect(late.code).toBe(9);
    for (const { code } of await Promise.all(calls)) expect([0, 9]).toContain(code);
  });

  it('keeps a suspended key suspended', async () => {
    const old = await service.makeKey('alice', 'mail-accounts');
    await service.ok('v-suspend-access-key', old.id);
    const [, secret = ''] = (await service.ok('v-rotate-access-key', old.id, 'plain')).trim().split(':');
    expect(await listMail({ ...old, secret })).toMatchObject({ code: 9 });
  });

  it('is refused to a key for a key that may do more than itself', async () => {
    await service.ok('v-add-api', 'rotating', 'admin', 'v-rotate-access-key');
    const weaker = await service.makeKey('admin', 'rotating');
    const unrestricted = await service.makeKey('admin', '');
    const others = await service.makeKey('alice', 'mail-accounts');
    for (const { id } of [unrestricted, others]) {
      expect(await service.call(weaker, 'v-rotate-access-key', [id])).toMatchObject({ code: 10 });
    }
    expect(await service.call(weaker, 'v-rotate-access-key', [weaker.id, 'plain'])).toMatchObject({
      code: 0,
    });
    expect(await service.call(unrestricted, 'v-rotate-access-key', [others.id])).toMatchObject({ code: 0 });
  });

  it('refuses what is no key with the right code', async () => {
    expect(await service.run('v-rotate-access-key')).toMatchObject({ code: 1 });
    expect(await service.run('v-rotate-access-key', '')).toMatchObject({ code: 3 });
    expect(await service.run('v-rotate-access-key', 'x')).toMatchObject({ code: 2 });
    expect(await service.run('v-rotate-access-key', 'A'.repeat(20))).toMatchObject({ code: 3 });
    expect(await service.run('v-rotate-access-key', 'A'.repeat(20), 'csv')).toMatchObject({ code: 2 });
    expect(await service.run('v-rotate-access-key', '--weak', 'A'.repeat(20))).toMatchObject({ code: 2 });
    expect(await service.run('v-rotate-access-key', '--weak', 'x', 'json')).toMatchObject({ code: 1 });
  });

  it('records the change, and not the secret', async () => {
    const { id } = await service.makeKey('alice', 'mail-accounts');
    const [, secret = ''] = (await service.ok('v-rotate-access-key', id, 'plain')).trim().split(':');
    const events = (await service.events()).filter((event) => event.command === 'v-rotate-access-key');
    expect(events.at(-1)).toMatchObject({ type: 'change', target: { accessKeyId: id, secret: 'rotated' } });
    expect(JSON.stringify(events)).not.toContain(secret);
  });
});

describe('v-rotate-access-key --weak', () => {
  it('gives every weak key a strong secret, prints each pair, and touches no other key', async () => {
    const strong = await service.makeKey('alice', 'mail-accounts');
    const weak = [
      await weakKey('WEAK0000000000000001', 'alice'),
      await weakKey('WEAK0000000000000002', 'alice'),
    ];
    for (const key of weak) expect(await listMail(key)).toMatchObject({ code: 0 });
    const pairs = (await service.ok('v-rotate-access-key', '--weak', 'plain')).trim().split('\n');
    expect(pairs.map((pair) => pair.split(':')[0])).toEqual(weak.map(({ id }) => id));
    for (const [index, key] of weak.entries()) {
      expect(await listMail(key)).toMatchObject({ code: 9 });
      const [id = '', secret = ''] = pairs[index]?.split(':') ?? [];
      expect(await listMail({ id, secret, pair: '' })).toMatchObject({ code: 0 });
    }
    expect(await listMail(strong)).toMatchObject({ code: 0 });
    expect(await service.part<AccessKeyStore>(AccessKeyStore).listWeak()).toEqual([]);
    expect(await service.ok('v-rotate-access-key', '--weak', 'plain')).toBe('');
    expect(JSON.parse(await service.ok('v-rotate-access-key', '--weak', 'json'))).toEqual([]);
  });

  it('prints JSON that can be read', async () => {
    await weakKey('WEAK0000000000000003', 'alice', 'One');
    await weakKey('WEAK0000000000000004', 'bob', 'Two');
    const rotated = JSON.parse(await service.ok('v-rotate-access-key', '--weak', 'json')) as Record<
      string,
      string
    >[];
    expect(rotated.map((key) => [key['USER'], key['COMMENT']])).toEqual([
      ['alice', 'One'],
      ['bob', 'Two'],
    ]);
  });

  it('is there for operators only: over HTTP the word is an ID that is none', async () => {
    const root = await service.makeKey('admin', '');
    expect(await service.call(root, 'v-rotate-access-key', ['--weak'])).toMatchObject({ code: 2 });
  });
});
