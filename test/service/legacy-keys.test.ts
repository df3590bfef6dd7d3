import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import { temporaryFolder } from '../support/folders.js';
import { runBin } from '../support/processes.js';
import { TestService } from '../support/test-service.js';

let service: TestService;

beforeAll(async () => {
  service = await TestService.start();
});

async function generate(): Promise<string> {
  return (await service.ok('v-generate-api-key')).trimEnd();
}

async function check(key: string, ...more: string[]): Promise<number> {
  return (await service.run('v-check-api-key', key, ...more)).code;
}

async function listedIds(): Promise<string[]> {
  return Object.keys(JSON.parse(await service.ok('v-list-api-keys', 'json')) as object);
}

function bin(name: string, args: string[], input?: string) {
  const env = { HEARTHKEY_SOCKET: service.config.socketPath };
  return runBin(name, args, input === undefined ? { env } : { env, input });
}

describe('a legacy API key', () => {
  it('has 32 characters, and is right from the moment it is shown', async () => {
    const key = await generate();
    expect(key).toMatch(/^[0-9A-Za-z_-]{32}$/);
    expect(await check(key)).toBe(0);
    expect(await check(key, '203.0.113.9')).toBe(0);
  });

  it('is listed by an ID that is no part of it', async () => {
    const before = await listedIds();
    const key = await generate();
    const [id = '', ...others] = (await listedIds()).filter((one) => !before.includes(one));
    expect(others).toEqual([]);
    expect(key).not.toContain(id);
    for (const format of ['shell', 'json', 'plain']) {
      const output = await service.ok('v-list-api-keys', format);
      expect(output).toContain(id);
      expect(output).not.toContain(key);
    }
  });

  it('is revoked by itself or by its ID, and is wrong in the very next check', async () => {
    const key = await generate();
    await service.ok('v-revoke-api-key', key);
    expect(await check(key)).toBe(9);
    const before = await listedIds();
    const other = await generate();
    const id = (await listedIds()).find((one) => !before.includes(one)) ?? '';
    await service.ok('v-revoke-api-key', id);
    expect(await check(other)).toBe(9);
    expect(await listedIds()).toEqual(before);
    expect((await service.run('v-revoke-api-key', key)).code).toBe(3);
  });

  it('is not stored in clear: an argon2id hash and a keyed digest', async () => {
    const key = await generate();
    const rows = await service.part<Database>(DATABASE).selectFrom('legacy_keys').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(key);
    for (const row of rows) {
      expect(row.key_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect(row.lookup_index).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('can be checked and revoked without being in the arguments of a process', async () => {
    const key = await generate();
    expect((await bin('v-check-api-key', ['-'], `${key}\n`)).code).toBe(0);
    const file = join(temporaryFolder(), 'key');
    writeFileSync(file, `${key}\n`);
    expect((await bin('v-revoke-api-key', ['--secret-file', file])).code).toBe(0);
    expect((await bin('v-check-api-key', ['-'], `${key}\n`)).code).toBe(9);
  });

  it.each([
    '',
    'x',
    'A'.repeat(31),
    'A'.repeat(32),
    'A'.repeat(33),
    '../../../../etc/passwd',
    '--help',
    "' or 1=1 --",
  ])('%j is none: 9, never 0', async (key) => {
    expect(await check(key)).not.toBe(0);
    if (!key.startsWith('--')) expect(await check(key)).toBe(9);
  });

  it('is refused with 9 for an address that is none', async () => {
    const key = await generate();
    expect(await check(key, 'nowhere')).toBe(9);
  });

  it.each(['', '../x', 'a/b', 'A'.repeat(65), 'no such key'])('revoking %j is refused', async (key) => {
    const before = await listedIds();
    const answer = await service.run('v-revoke-api-key', key);
    expect([1, 2, 3]).toContain(answer.code);
    if (key !== '') expect(answer.stdout).not.toContain(key);
    expect(await listedIds()).toEqual(before);
  });

  it('leaves events when it is made, checked and revoked; none of them holds it', async () => {
    const key = await generate();
    await check(key);
    // From an address of its own, else it would be summed with the wrong ones of this second.
    await check('A'.repeat(32), '198.51.100.7');
    await service.ok('v-revoke-api-key', key);
    const newest = (await service.events()).slice(-4);
    expect(newest.map(({ type, outcome, command }) => [type, outcome, command])).toEqual([
      ['change', 'done', 'v-generate-api-key'],
      ['decision', 'allow', 'v-check-api-key'],
      ['decision', 'deny', 'v-check-api-key'],
      ['change', 'done', 'v-revoke-api-key'],
    ]);
    expect(readFileSync(join(service.dataDir, 'audit/events.jsonl'), 'utf8')).not.toContain(key);
    expect(service.authLog).toEqual([]);
  });
});
