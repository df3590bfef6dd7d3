/** Writers that know less than the tables have: a version from before there were former secrets, and SQL by hand. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import type { AccessKey, StoredSecret } from '../../src/keys/access-key.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { wasDeleted } from '../../src/keys/deleted-key-store.js';
import { Changes } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import { describeWith } from '../support/programs.js';
import { openStoreAt, postgresServer, serverOf } from '../support/store.js';

const t = 1_800_000_000_000;
const key: AccessKey = {
  ...{ id: 'one', user: 'alice', permissions: [], comment: '', isSuspended: false, createdAtMs: t },
};
const secret: StoredSecret = { hash: 'h1', version: 'v1', tag: '1', hasChecksum: true, isWeak: false };

describeWith('initdb', 'postgres')('where another writer', () => {
  let db: Database;
  let keys: AccessKeyStore;
  let other: pg.Client;

  beforeEach(async () => {
    const url = await (await postgresServer()).newDatabase();
    db = await openStoreAt(serverOf(url));
    keys = new AccessKeyStore(db);
    const changes = new Changes(db);
    await changes.run(({ trx }) => keys.insert(trx, key, secret));
    const second = { ...secret, version: 'v2', hash: 'h2' };
    await changes.run(({ trx }) => keys.replaceSecret(trx, 'one', second, { endsAtMs: t + 1000, nowMs: t }));
    other = new pg.Client({ connectionString: url });
    await other.connect();
    // As a node of 0.1.0 says of its own changes.
    await other.query(`set hearthkey.changes = 'own'`);
  });

  afterEach(() => other.end());

  const former = async () => (await keys.findWithSecret('one', db))?.formerSecrets ?? [];

  it('rotates a key, the secret of its overlap counts no more', async () => {
    expect(await former()).toMatchObject([{ version: 'v1', hash: 'h1' }]);
    await other.query(`update access_keys set secret_version = 'v3', secret_hash = 'h3' where id = 'one'`);
    expect(await former()).toEqual([]);
  });

  it('rotates a key as this version does, the secret before the present one stays', async () => {
    await other.query(`begin`);
    await other.query(`update former_secrets set hash = '', ends_at_ms = ${String(t)}`);
    await other.query(
      `insert into former_secrets select id, secret_version, secret_hash, secret_tag, 1, 0, ${String(t + 9)} from access_keys`,
    );
    await other.query(`update access_keys set secret_version = 'v3', secret_hash = 'h3'`);
    await other.query(`commit`);
    const kept = (await former()).map(({ version, hash }) => [version, hash]);
    expect(kept.sort()).toEqual([
      ['v1', ''],
      ['v2', 'h2'],
    ]);
  });

  it('deletes a key, it is known as deleted and leaves no secret behind', async () => {
    await other.query(`insert into legacy_keys values ('l', 'index', 'hash', 0, 0)`);
    await other.query(`delete from access_keys`);
    await other.query(`delete from legacy_keys`);
    expect(await wasDeleted(db, 'one')).toBe(true);
    expect(await wasDeleted(db, 'index')).toBe(true);
    expect(await db.selectFrom('former_secrets').selectAll().execute()).toEqual([]);
  });

  it('takes a key out and puts it in anew, it was not deleted', async () => {
    await other.query(`begin`);
    await other.query(`create temporary table kept as select * from access_keys`);
    await other.query(`delete from access_keys`);
    await other.query(`insert into access_keys select * from kept`);
    await other.query(`commit`);
    expect(await wasDeleted(db, 'one')).toBe(false);
    expect(await former()).toHaveLength(1);
  });
});
