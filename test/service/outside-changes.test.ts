/** The tables are changed by SQL, behind the service's back: that counts, too. */
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { KeyExpirySweeper } from '../../src/keys/sweeps/key-expiry-sweeper.js';
import type { Key } from '../support/client.js';
import { commandsDirectory, installation, temporaryFolder } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const command = 'v-list-mail-domains';
const noticedMs = 10_000;
const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER', script: 'echo mail' } });

/** What decisions don't depend on, or is read from the database for each. A new table has to be put here, or watched. */
const unwatched = [
  'access_key_uses',
  'answered_challenges',
  'approvals',
  'audit_checkpoints',
  ...['audit_cosignatures', 'audit_heads', 'audit_nodes'],
  'audit_outbox',
  'canary_uses',
  'change_counter',
  'change_log',
  'creations',
  'deleted_keys',
  // Logins and sessions are read for each decision, so no node has them in memory.
  'ended_logins',
  'kept_records',
  'key_end_notices',
  'login_links',
  'meta',
  'nodes',
  ...['passkeys', 'quota_counts', 'sessions'],
  'weak_key_addresses',
  'weak_key_attempts',
];

describeWith('initdb', 'postgres')('two nodes on a database that somebody changes by SQL', () => {
  let server: PostgresServer;
  let nodes: [TestService, TestService];
  let store: string;
  let key: Key;

  const sql = (text: string) => server.query(store, text);
  const call = async (node: TestService): Promise<number> => (await node.call(key, command, ['alice'])).code;
  const codes = () => Promise.all(nodes.map(call));
  const number = async (): Promise<number> =>
    Number((await sql('select number from change_counter'))[0]?.['number']);

  async function becomes(code: number): Promise<void> {
    await within(noticedMs, `both answer ${String(code)}`, async () =>
      (await codes()).every((each) => each === code),
    );
  }

  beforeAll(async () => {
    server = await PostgresServer.start();
    const settings = {
      DATABASE_URL: await server.newDatabase(),
      PEPPER_FILE: join(temporaryFolder(), 'pepper'),
      COMMANDS_DIR,
    };
    store = new URL(settings.DATABASE_URL).pathname.slice(1);
    nodes = [await TestService.startOpen(['alice'], settings), await TestService.start(settings)];
  });

  beforeEach(async () => {
    key = await nodes[0].makeKey('alice', 'mail-accounts');
    expect(await codes()).toEqual([0, 0]);
  });

  it('a key that was deleted is refused on both, at the latest when a command says that it is gone', async () => {
    await sql(`delete from access_keys where id = '${key.id}'`);
    expect((await nodes[1].run('v-delete-access-key', key.id)).code).toBe(3);
    expect(await codes()).toEqual([9, 9]);
    const other = await nodes[0].makeKey('alice', 'mail-accounts');
    key = other;
    expect(await codes()).toEqual([0, 0]);
    await sql('truncate access_keys');
    await becomes(9);
  });

  it.each([
    ['the key', 'access_keys', 'is_suspended = 1', 'is_suspended = 0', 9],
    ['its permissions', 'access_keys', `permissions = ''`, `permissions = 'mail-accounts'`, 10],
    ['its owner', 'users', 'is_suspended = 1', 'is_suspended = 0', 9],
    ['a switch', 'settings', `value = '1'`, `value = '2'`, 21],
    ['an address', 'allowed_addresses', `entry = '192.0.2.1'`, `entry = '127.0.0.0/8'`, 10],
    ['a role', 'apis', `text = replace(text, 'v-', 'w-')`, `text = replace(text, 'w-', 'v-')`, 10],
  ])('%s that was changed counts on both, and so does the way back', async (_, table, away, back, code) => {
    const of = table === 'settings' ? ` where name = 'API_SYSTEM'` : '';
    await sql(`update ${table} set ${away}${of}`);
    await becomes(code);
    await sql(`update ${table} set ${back}${of}`);
    await becomes(0);
  });

  it('a key that was put in counts, also where it was unknown before', async () => {
    await sql(`create table kept as select * from access_keys; delete from access_keys`);
    await becomes(9);
    await sql('insert into access_keys select * from kept; drop table kept');
    await becomes(0);
  });

  it('the secret before the present one is refused when it was taken away', async () => {
    const before = key;
    await nodes[0].ok('v-rotate-access-key', key.id, '--overlap', '1h');
    expect(await codes()).toEqual([0, 0]);
    await sql('delete from former_secrets');
    await becomes(9);
    key = before;
  });

  it('a legacy key that was taken away is refused', async () => {
    await nodes[0].ok('v-change-sys-config-value', 'API', 'yes');
    const legacy = (await nodes[0].ok('v-generate-api-key')).trim();
    const ask = async (node: TestService) =>
      (await node.api({ hash: legacy, cmd: command, arg1: 'alice', returncode: 'yes' })).body.trim();
    const both = () => Promise.all(nodes.map(ask));
    expect(await both()).toEqual(['0', '0']);
    await sql('delete from legacy_keys');
    await within(noticedMs, 'both refuse', async () => (await both()).every((code) => code === '9'));
  });

  it('takes one number for a transaction, and tells it in the log and the record of each node', async () => {
    const before = await number();
    await sql(`begin; update users set email = 'a@example.com'; update users set email = 'b@example.com';
      update access_keys set comment = 'x'; commit`);
    expect(await number()).toBe(before + 1);
    for (const node of nodes) {
      await within(noticedMs, 'the log tells it', () =>
        node.log.includes('another program changed the table users'),
      );
      await within(noticedMs, 'the record tells it', async () =>
        (await node.events('--type', 'alert')).some(({ target }) => target?.['table'] === 'users'),
      );
    }
  });

  it('is not what the service does itself: a change takes one number, and looking after keys none', async () => {
    const before = await number();
    await nodes[0].ok('v-suspend-user', 'alice');
    await nodes[1].ok('v-unsuspend-user', 'alice');
    expect(await number()).toBe(before + 2);
    for (const node of nodes) await node.part(KeyExpirySweeper).sweep();
    expect(await number()).toBe(before + 2);
  });

  it('is noticed in every table that decisions depend on', async () => {
    const tables =
      await sql(`select c.relname as name, exists(select from pg_trigger t where t.tgrelid = c.oid
      and t.tgname = 'hearthkey_outside_change') as watched from pg_class c
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely%'`);
    const names = tables.filter(({ watched }) => watched !== true).map(({ name }) => name);
    expect(names.sort()).toEqual(unwatched);
  });

  it('needs no right to anything but the table that is changed, and no table of the same name stands in', async () => {
    await sql(`create role helpdesk login; grant select, update on users to helpdesk`);
    const before = await number();
    await sql(`set role helpdesk; create temporary table change_counter (id int, number bigint, mark text);
      update users set email = 'c@example.com'`);
    expect(await number()).toBe(before + 1);
  });
});

describe('the embedded database of a service', () => {
  it('can be changed by no other process while the service runs', async () => {
    const service = await TestService.startOpen(['alice'], { COMMANDS_DIR });
    const key = await service.makeKey('alice', 'mail-accounts');
    const file = join(service.dataDir, 'hearthkey.db');
    const script = `const { DatabaseSync } = require('@photostructure/sqlite');
      new DatabaseSync(process.argv[1]).exec('delete from access_keys')`;
    const outside = spawnSync(process.execPath, ['-e', script, file], {
      cwd: installation,
      encoding: 'utf8',
    });
    expect(outside.stderr).toMatch(/database is locked/);
    expect((await service.call(key, command, ['alice'])).code).toBe(0);
    await service.close();
    const database = new DatabaseSync(file);
    database.exec('delete from access_keys');
    database.close();
    const again = await TestService.start({ DATA_DIR: service.dataDir, COMMANDS_DIR });
    expect((await again.call(key, command, ['alice'])).code).toBe(9);
  });
});
