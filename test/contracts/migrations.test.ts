import { expect, it } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { join } from 'node:path';
import { openDatabase } from '../../src/storage/database.js';
import { UserStore } from '../../src/users/user-store.js';
import { ChildScript, source } from '../support/child-scripts.js';
import { temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { describeStores, newStore, openStoreAt, postgresServer, serverOf } from '../support/store.js';

const rounds = process.env['CI'] === undefined ? 20 : 8;
const tablesQuery = `select table_name from information_schema.tables
  where table_schema = 'public' and table_name not like 'kysely%' order by 1`;

describeWith('initdb', 'postgres')('nodes that start at once on an empty PostgreSQL database', () => {
  it('all find the tables made, once, in many rounds', async () => {
    const server = await postgresServer();
    for (let round = 0; round < rounds; round++) {
      const url = await server.newDatabase();
      const opened = await Promise.all([1, 2, 3].map(() => openDatabase(serverOf(url))));
      for (const db of opened) expect(await new UserStore(db).list()).toEqual([]);
      await Promise.all(opened.map((db) => db.destroy()));
      const name = new URL(url).pathname.slice(1);
      const made = await server.query(name, 'select name from kysely_migration');
      expect(new Set(made.map((row) => row['name'])).size).toBe(made.length);
      const tables = (await server.query(name, tablesQuery)).map((row) => row['table_name']);
      expect(tables).toEqual(expect.arrayContaining(['access_keys', 'change_log', 'nodes', 'users']));
    }
  });

  it('do so as processes of their own', async () => {
    const server = await postgresServer();
    for (let round = 0; round < 2; round++) {
      const store = JSON.stringify(serverOf(await server.newDatabase()));
      const scripts = [1, 2, 3].map(() =>
        ChildScript.start(`
          import { openDatabase } from ${source('storage/database.ts')};
          const db = await openDatabase(${store});
          console.log(JSON.stringify(await db.selectFrom('users').selectAll().execute()));
          await db.destroy();
        `),
      );
      expect(await Promise.all(scripts.map((script) => script.output()))).toEqual(['[]\n', '[]\n', '[]\n']);
    }
  });
});

describeStores('a node of the version before', () => {
  it('starts and works on a store that a newer node has brought further', async () => {
    const store = await newStore();
    const newer = await openStoreAt(store);
    await newer.schema
      .alterTable('users')
      .addColumn('language', 'text', (column) => column.notNull().defaultTo('en'))
      .execute();
    await newer.schema.createTable('later').addColumn('id', 'text').execute();
    const untyped = newer as unknown as Kysely<{
      kysely_migration: { name: string; timestamp: string };
    }>;
    await untyped
      .insertInto('kysely_migration')
      .values({ name: '9999-later', timestamp: '2999-01-01T00:00:00.000Z' })
      .execute();
    await newer.destroy();
    const older = await openStoreAt(store);
    const row = { name: 'alice', email: '', package: '', first_name: '', last_name: '', created_at_ms: 0 };
    await older
      .insertInto('users')
      .values({ ...row, password_hash: null, is_suspended: 0, is_login_disabled: 0 })
      .execute();
    expect((await new UserStore(older).find('alice'))?.name).toBe('alice');
  });
});

describeStores('a store that can not be opened', (kind) => {
  it('says so in one line that names it', async () => {
    if (kind === 'SQLite') {
      const file = join(temporaryFolder(), 'missing/hearthkey.db');
      await expect(openDatabase(file)).rejects.toThrow(new RegExp(`^the store ${file} can't be opened: .+$`));
      return;
    }
    const url = new URL((await postgresServer()).url('missing'));
    url.password = 'hunter2';
    const refused = openDatabase(serverOf(url.href));
    await expect(refused).rejects.toThrow(
      /^the store at 127\.0\.0\.1:\d+\/missing can't be reached: database "missing" does not exist$/,
    );
    url.port = '1';
    await expect(openDatabase(serverOf(url.href))).rejects.toThrow(
      /^the store at 127\.0\.0\.1:1\/missing can't be reached: connect ECONNREFUSED 127\.0\.0\.1:1$/,
    );
  });
});

describeWith('initdb', 'postgres')('a PostgreSQL database that can not keep what is promised', () => {
  it('is refused when it has another encoding', async () => {
    const server = await postgresServer();
    const url = await server.newDatabase();
    const name = new URL(url).pathname.slice(1);
    await server.query('postgres', `drop database ${name}`);
    const other = "template template0 encoding LATIN1 locale 'C' locale_provider libc";
    await server.query('postgres', `create database ${name} ${other}`);
    await expect(openDatabase(serverOf(url))).rejects.toThrow(/its encoding is LATIN1/);
    expect(await server.query(name, tablesQuery)).toEqual([]);
  });

  it('does not change what a transaction means: its own defaults do not count', async () => {
    const server = await postgresServer();
    const url = await server.newDatabase();
    const name = new URL(url).pathname.slice(1);
    await server.query('postgres', `alter database ${name} set default_transaction_isolation = serializable`);
    await server.query('postgres', `alter database ${name} set default_transaction_read_only = on`);
    const db = await openStoreAt(serverOf(url));
    const { rows } = await sql`select current_setting('transaction_isolation') as level`.execute(db);
    expect(rows).toEqual([{ level: 'read committed' }]);
  });
});
