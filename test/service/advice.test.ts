/** Whatever the service advises can be pasted into the command line. */
import { expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { HestiaFolder, numbered } from '../support/hestia-tree.js';
import { PanelTree } from '../support/panel-tree.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const commands = {
  'v-list-mail-domains': { options: 'USER', script: 'echo mail' },
  'v-list-web-domains': { options: 'USER', script: 'echo web' },
  'v-list-sys-info': { options: '', script: 'echo info' },
  'v-list-sys-disk': { options: '', script: 'echo disk' },
};
const COMMANDS_DIR = commandsDirectory(commands);

/** The commands in an advice, as its form promises: up to a comma, a parenthesis or the end. */
function commandsIn(advice: string): string[][] {
  const found = [...advice.matchAll(/(?:^|[ (])(v-[a-z-]+(?:(?!, |\)| \().)*)/g)];
  return found.map(([, command = '']) => command.split(' '));
}

/** Runs every command of an advice, in its order. */
async function paste(service: TestService, advice: string): Promise<number> {
  const found = commandsIn(advice);
  for (const [name = '', ...args] of found) {
    const { code, stdout } = await service.run(name, ...args);
    // What was deleted by the command before can't be looked at.
    expect([advice, name, args, code, code === 0 ? '' : stdout]).toEqual([advice, name, args, 0, '']);
  }
  return found.length;
}

interface Finding {
  CHECK: string;
  SUBJECT: string;
  ADVICE: string;
}

const examine = async (service: TestService): Promise<Finding[]> =>
  JSON.parse((await service.run('doctor', 'json')).stdout) as Finding[];

/** Follows what doctor advises, one finding after the other, each of the advised ways where it is still asked for. */
async function followDoctor(service: TestService): Promise<Set<string>> {
  const followed = new Set<string>();
  const checks = new Set<string>();
  for (;;) {
    const next = (await examine(service)).find(({ ADVICE }) => !followed.has(ADVICE));
    if (next === undefined) return checks;
    followed.add(next.ADVICE);
    checks.add(next.CHECK);
    await paste(service, next.ADVICE);
  }
}

/** An installation with much to do. */
async function prepare(settings: Record<string, string>): Promise<TestService> {
  const service = await TestService.startOpen(['bob'], { COMMANDS_DIR, ...settings });
  const tree = new HestiaFolder();
  tree.user('alice');
  tree.key({
    id: numbered.id(1),
    secret: numbered.secret(1),
    user: 'alice',
    permissions: 'mail-accounts,gone',
    comment: '',
  });
  tree.key({
    id: numbered.id(2),
    secret: numbered.secret(2),
    user: 'alice',
    permissions: 'lost',
    comment: '',
  });
  tree.legacyKey(numbered.legacyKey(1));
  // It ends with 4: the list of addresses is another one here.
  expect((await service.run('import', '--from', tree.root)).code).toBe(4);
  await service.ok('v-add-api', 'forever', 'user', 'v-list-mail-domains');
  for (const [id, end] of [
    ['E'.repeat(20), 1000],
    ['S'.repeat(20), Date.now() + 60_000],
    ['N'.repeat(20), null],
  ] as const) {
    await seedKey(service, { id, permissions: 'forever', expires_at_ms: end });
  }
  await seedKey(service, { id: 'O'.repeat(20), user_name: 'nobody', permissions: 'forever' });
  writeFileSync(join(service.dataDir, 'api/broken'), 'nonsense\n');
  await within(10_000, 'the edit counts', async () =>
    (await service.ok('v-list-apis', 'plain')).includes('broken'),
  );
  await service.ok('v-add-sys-api-ip', 'allow-all');
  return service;
}

async function seedKey(service: TestService, wanted: object): Promise<void> {
  const db = service.part<Database>(DATABASE);
  const [some] = await db.selectFrom('access_keys').selectAll().where('id', '=', numbered.id(1)).execute();
  const row = { ...some!, user_name: 'alice', is_weak: 0 as const, secret_tag: null, ...wanted };
  await db.insertInto('access_keys').values(row).execute();
}

const policies = {
  'no policy': {},
  'a longest life of 30 days': { KEY_MAX_LIFE: '30d' },
  'keys that must expire': { KEY_MUST_EXPIRE: 'yes' },
  'a longest life that is no whole unit': { KEY_MAX_LIFE: '90500ms', KEY_MUST_EXPIRE: 'yes' },
};

it.each(Object.entries(policies))('what doctor advises can be pasted: %s', async (_, settings) => {
  const service = await prepare(settings);
  const checks = await followDoctor(service);
  expect([...checks].sort()).toEqual(
    expect.arrayContaining([
      'api_unknown',
      'everybody_allowed',
      'key_end',
      'owner_unknown',
      'role_file',
      'weak_access_key',
      'weak_legacy_key',
    ]),
  );
  const left = (await examine(service)).map(({ CHECK }) => CHECK);
  expect(left).not.toContain('owner_unknown');
  expect(left).not.toContain('api_unknown');
  await service.close();
});

/** Follows what an explanation advises, until the request is allowed or nothing more is advised. */
async function followExplanation(
  service: TestService,
  key: { id: string },
  ...asked: string[]
): Promise<string> {
  for (let round = 0; ; round++) {
    const text = await service.ok('v-explain-access', key.id, ...asked, '--format', 'json');
    const told = JSON.parse(text) as { VERDICT: string; STEPS: { WOULD_ALLOW: string }[] };
    const advised = told.STEPS.map(({ WOULD_ALLOW }) => WOULD_ALLOW).filter((advice) => advice !== '');
    if (told.VERDICT === 'allow') return 'allow';
    if (round > 3) return advised.join('; ');
    for (const advice of advised) await paste(service, advice);
  }
}

it.each(Object.entries(policies))(
  'what an explanation advises can be pasted, and then allows: %s',
  async (_, settings) => {
    const service = await prepare({ ...settings, ROOT_USER: 'admin' });
    await service.ok('v-add-api', 'one', 'user', 'v-list-mail-domains,v-list-sys-info');
    await service.ok('v-add-api', 'run-list-sys-disk', 'user', 'v-list-sys-disk,v-list-web-domains');
    await service.ok('v-add-api', 'boss', 'admin', 'v-list-web-domains');
    writeFileSync(
      join(service.dataDir, 'api/one'),
      `ROLE='user'\nCOMMANDS='v-list-mail-domains,v-list-sys-info'\nSAFE='v-stray'\n`,
    );
    await within(10_000, 'the edit counts', async () =>
      (await service.ok('v-list-api', 'one', 'json')).includes('v-stray'),
    );
    const full = Array.from({ length: 64 }, (_, index) => `192.0.2.${String(index)}`).join(',');
    const keys = [
      { permissions: 'one' },
      { permissions: 'one,gone,boss,broken' },
      { permissions: 'gone' },
      { permissions: 'one', is_suspended: 1 },
      { permissions: 'one', expires_at_ms: 1000 },
      { permissions: 'one', allowed_addresses: '203.0.113.0/24' },
      { permissions: 'one', allowed_addresses: full },
      { permissions: 'one', rate_limit: '1/d' },
      { permissions: 'boss,gone', user_name: 'admin' },
      { permissions: '', user_name: 'admin', is_suspended: 1 },
    ].map((wanted, index) => ({ ...wanted, id: String(index).padStart(20, 'K') }));
    for (const key of keys) await seedKey(service, key);
    for (const key of keys) {
      for (const command of Object.keys(commands)) {
        const user = command.includes('sys') ? [] : ['user_name' in key ? 'admin' : 'alice'];
        for (const ip of ['198.51.100.7', '2001:db8::7']) {
          await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '192.0.2.99');
          await service.ok('v-change-sys-config-value', 'API_SYSTEM', '0');
          await service.ok('v-suspend-user', 'alice');
          await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
          expect([key.id, command, await followExplanation(service, key, command, ip, ...user)]).toEqual([
            key.id,
            command,
            'allow',
          ]);
          await service.run('v-unsuspend-user', 'alice');
        }
      }
    }
    // What can't be allowed by a command advises others, which can be pasted as well.
    const [some] = keys;
    await followExplanation(service, some!, 'v-none', '0.0.0.0');
    expect(await service.ok('v-list-sys-api-ips', 'plain')).not.toContain('0.0.0.0');
    await followExplanation(service, { id: 'X'.repeat(20) }, 'v-list-sys-info');
    await followExplanation(service, { id: 'O'.repeat(20) }, 'v-list-mail-domains', '', 'nobody');
    await service.close();
  },
);

it('what an explanation advises of a change in read-only mode, and of a secret that can be guessed, can be pasted', async () => {
  const service = await prepare({});
  await service.ok('v-add-api', 'notes', 'user', 'v-change-user-password');
  const key: Key = await service.makeKey('alice', 'notes');
  await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
  expect(await followExplanation(service, key, 'v-change-user-password', '', 'alice', 'x')).toBe('allow');
  const weak = { id: numbered.id(1), secret: `${'0'.repeat(39)}1`, pair: '' };
  for (let guess = 0; guess < 200; guess++)
    await service.call({ ...weak, secret: String(guess).padStart(40, 'W') }, 'v-list-mail-domains', [
      'alice',
    ]);
  const explained = await service.ok(
    'v-explain-access',
    weak.id,
    'v-list-mail-domains',
    '203.0.113.50',
    'alice',
  );
  expect(explained).toContain('v-rotate-access-key');
  await followExplanation(service, weak, 'v-list-mail-domains', '203.0.113.50', 'alice');
  await service.close();
});

it('what is advised about keys in front of a panel on this machine can be pasted', async () => {
  const tree = new PanelTree(['alice', 'bob']);
  const service = await TestService.start({ HESTIA_ROOT: tree.root, KEY_MAX_LIFE: '30d' });
  const [listing, other] = [
    await service.ok('v-add-access-key', 'alice', 'websites', '', 'plain', '--expires', '1d'),
    await service.ok('v-add-access-key', 'bob', 'websites', '', 'plain', '--expires', '1s'),
  ].map((pair) => ({ id: pair.split(':')[0] ?? '' }));
  await service.ok('v-suspend-user', 'alice');
  expect(await followExplanation(service, listing!, 'v-list-web-domains', '203.0.113.7', 'alice')).toBe(
    'allow',
  );
  expect(await followExplanation(service, listing!, 'v-list-user', '203.0.113.7', 'alice')).toBe('allow');
  await within(10_000, 'it has expired', async () =>
    (await examine(service)).some(({ CHECK, SUBJECT }) => CHECK === 'key_end' && SUBJECT.includes('bob')),
  );
  expect(await followExplanation(service, other!, 'v-list-web-domains', '203.0.113.7', 'bob')).toBe('allow');
  tree.removeUser('bob');
  await within(10_000, 'the key has no owner', async () =>
    (await examine(service)).some(({ CHECK }) => CHECK === 'owner_unknown'),
  );
  await followExplanation(service, other!, 'v-list-web-domains', '203.0.113.7', 'bob');
  await followDoctor(service);
  expect((await examine(service)).map(({ CHECK }) => CHECK)).not.toContain('owner_unknown');
  await service.close();
});

describeWith('initdb', 'postgres')('on a shared database', () => {
  it('what doctor advises about roles that differ can be pasted, and makes them agree', async () => {
    const server = await PostgresServer.start();
    const DATABASE_URL = await server.newDatabase();
    const service = await prepare({ DATABASE_URL });
    await service.ok('v-add-api', 'edited', 'user', 'v-list-sys-info,v-list-web-domains', 'v-list-sys-info');
    await service.ok('v-add-api', 'empty', 'user', 'v-list-web-domains');
    const edit = (name: string, text: string) => writeFileSync(join(service.dataDir, 'api', name), text);
    edit('edited', `ROLE='admin'\nCOMMANDS='v-list-web-domains'\n`);
    edit('empty', 'nonsense\n');
    edit('own', `ROLE='user'\nCOMMANDS='v-list-web-domains'\nSAFE='v-stray'\n`);
    edit('bare', `COMMANDS='v-list-web-domains'\n`);
    await within(
      10_000,
      'the edits count',
      async () => (await examine(service)).filter(({ CHECK }) => CHECK === 'role_difference').length >= 4,
    );
    const differing = (await examine(service)).filter(({ CHECK }) => CHECK === 'role_difference');
    for (const { ADVICE } of differing) await paste(service, ADVICE.split(', or ')[0]!);
    const left = (await examine(service)).filter(({ CHECK }) => CHECK === 'role_difference');
    // These are in no form that a command could take over.
    expect(left.map(({ SUBJECT }) => SUBJECT)).toEqual(['API bare', 'API broken']);
    await followDoctor(service);
    await service.close();
  });
});
