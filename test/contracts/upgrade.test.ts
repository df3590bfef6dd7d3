/** A store that another version of Hearthkey has left. */
import { expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { openDatabase, type Database } from '../../src/storage/database.js';
import { temporaryFolder } from '../support/folders.js';
import { describeStores, newStore } from '../support/store.js';
import { version } from '../../src/config/version.js';

/** Makes an embedded store one that the last migration has not been made in. */
function makeOlder(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`
    alter table access_keys drop column held_arguments; drop table key_end_notices;
    drop table audit_heads; drop table audit_cosignatures; drop table audit_nodes;
    drop table canary_uses; alter table access_keys drop column canary_hash;
    drop index access_keys_trials; alter table access_keys drop column trial;
    drop index access_keys_derived; drop index access_keys_derived_end; alter table access_keys drop column is_derived;
    drop table approvals; drop table kept_records;
    drop table quota_counts; alter table access_keys drop column quota;
    drop index users_administrators; alter table users drop column role;
    delete from kysely_migration where name >= '0017-audit-heads';
    delete from meta where name like 'store_%';
    insert into users values ('alice', '', '', '', '', null, 0, 0, 0, 0)`);
  database.close();
}

function copiesOf(file: string): string[] {
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.`));
  return names.sort();
}

async function setMeta(db: Database, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await db
      .insertInto('meta')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
}

async function openAndClose(file: string): Promise<void> {
  await (await openDatabase(file)).destroy();
}

it('an embedded store of an older form is copied first, once for each version', async () => {
  const file = join(temporaryFolder(), 'hearthkey.db');
  await openAndClose(file);
  expect(copiesOf(file)).toEqual([]);
  makeOlder(file);
  await openAndClose(file);
  expect(copiesOf(file)).toEqual(['hearthkey.db.0.1.0']);
  const copy = `${file}.0.1.0`;
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  const old = new DatabaseSync(copy);
  expect(old.prepare('select name from users').all()).toEqual([{ name: 'alice' }]);
  expect(old.prepare("select 1 from kysely_migration where name = '0017-audit-heads'").all()).toEqual([]);
  expect(old.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
  old.close();
  const made = statSync(copy).mtimeMs;
  await openAndClose(file);
  expect([copiesOf(file), statSync(copy).mtimeMs]).toEqual([['hearthkey.db.0.1.0'], made]);
});

it('of the copies of older versions the newest two stay, and nothing else is taken for one', async () => {
  const file = join(temporaryFolder(), 'hearthkey.db');
  await openAndClose(file);
  makeOlder(file);
  for (const [index, name] of ['0.0.8', '0.0.9', 'mine'].entries()) {
    writeFileSync(`${file}.${name}`, '');
    utimesSync(`${file}.${name}`, 1000 + index, 1000 + index);
  }
  await openAndClose(file);
  expect(copiesOf(file)).toEqual(['hearthkey.db.0.0.9', 'hearthkey.db.0.1.0', 'hearthkey.db.mine']);
});

it('an embedded store that can not be copied stays as it is', async () => {
  const file = join(temporaryFolder(), 'hearthkey.db');
  await openAndClose(file);
  makeOlder(file);
  mkdirSync(`${file}.0.1.0`);
  writeFileSync(`${file}.0.1.0/in the way`, '');
  await expect(openDatabase(file)).rejects.toThrow(/can't be copied before its upgrade, and stays as it is/);
  const database = new DatabaseSync(file);
  expect(database.prepare("select name from sqlite_schema where name = 'audit_heads'").all()).toEqual([]);
  database.close();
});

describeStores('a store', () => {
  it('that only newer versions can use is refused in one line that names both and says how to go on', async () => {
    const store = await newStore();
    const db = await openDatabase(store);
    await setMeta(db, { store_version: '99.2.0', store_readable_from: '99.1.0' });
    await db.destroy();
    await expect(openDatabase(store)).rejects.toThrow(
      new RegExp(
        `form of Hearthkey 99\\.2\\.0, which 99\\.1\\.0 and later can use, and this is ${version}: install`,
      ),
    );
  });

  it('of a newer version that this one still can use is used, and keeps the name of the newer one', async () => {
    const store = await newStore();
    const db = await openDatabase(store);
    await setMeta(db, { store_version: '99.2.0', store_readable_from: '0.0.1' });
    await db.destroy();
    const again = await openDatabase(store);
    const row = await again
      .selectFrom('meta')
      .select('value')
      .where('name', '=', 'store_version')
      .executeTakeFirst();
    await again.destroy();
    expect(row?.value).toBe('99.2.0');
  });
});
