/** Data directories as earlier releases have left them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const releases = join(installation, 'test/fixtures/releases');

interface Secrets {
  passwords: Record<'alice' | 'bob', string>;
  keys: Record<'root' | 'alice' | 'bob' | 'suspended', string>;
  legacyKey: string;
}

function keyOf(pair: string): Key {
  const [id = '', secret = ''] = pair.split(':');
  return { id, secret, pair };
}

describe.each(readdirSync(releases))('a data directory of %s', (release) => {
  const { passwords, keys, legacyKey } = JSON.parse(
    readFileSync(join(releases, release, 'secrets.json'), 'utf8'),
  ) as Secrets;
  let service: TestService;

  beforeAll(async () => {
    const dataDir = join(temporaryFolder(), 'data');
    for (const part of ['data', 'data-audit'].filter((name) => existsSync(join(releases, release, name)))) {
      const folder = dataDir.replace(/data$/, part);
      cpSync(join(releases, release, part), folder, { recursive: true });
      // git keeps no modes but the one of programs.
      chmodSync(folder, 0o700);
    }
    service = await TestService.start({ DATA_DIR: dataDir });
  });

  afterAll(() => service.close());

  it('has its keys, with their permissions and limits', async () => {
    const alice = keyOf(keys.alice);
    expect(await service.call(alice, 'v-list-user', ['alice', 'json'])).toMatchObject({ code: 0 });
    expect(await service.call(alice, 'v-list-user', ['bob', 'json'])).toMatchObject({ code: 10 });
    expect(await service.call(keyOf(keys.bob), 'v-list-user', ['bob', 'json'])).toMatchObject({ code: 0 });
    expect(await service.call(keyOf(keys.root), 'v-list-users', ['json'])).toMatchObject({ code: 0 });
    expect(await service.call(keyOf(keys.suspended), 'v-list-user', ['alice'])).toMatchObject({ code: 9 });
    const wrong = { ...alice, secret: keyOf(keys.bob).secret };
    expect(await service.call(wrong, 'v-list-user', ['alice'])).toMatchObject({ code: 9 });
    const row = await service.ok('v-list-access-key', keyOf(keys.bob).id, '--long');
    expect(row).toContain('120/min');
  });

  it('has its legacy key and passwords', async () => {
    const legacy = await service.api({ hash: legacyKey, cmd: 'v-list-users', arg1: 'json' });
    expect(legacy).toMatchObject({
      status: 200,
      body: expect.stringContaining('"alice"') as unknown as string,
    });
    for (const [user, password] of Object.entries(passwords))
      expect((await service.run('v-check-user-password', user, password)).code).toBe(0);
    expect((await service.run('v-check-user-password', 'alice', passwords.bob)).code).toBe(9);
  });

  it('has its audit record, which goes on', async () => {
    expect(await service.ok('v-verify-audit')).toMatch(/^WHOLE: +yes$/m);
    expect((await service.events('--type', 'change')).length).toBeGreaterThan(5);
  });

  it('was copied before its tables were changed, if they were', () => {
    const copies = readdirSync(service.dataDir).filter((name) => name.startsWith('hearthkey.db.'));
    for (const copy of copies) expect(copy).toBe(`hearthkey.db.${release}`);
    expect(existsSync(join(service.dataDir, 'hearthkey.db'))).toBe(true);
  });
});
