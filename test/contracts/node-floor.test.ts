import { beforeEach, expect, it } from '@jest/globals';
import { BackupStore } from '../../src/backup/backup-store.js';
import { ReturnCode } from '../../src/errors.js';
import type { AccessKey, StoredSecret } from '../../src/keys/access-key.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { NodeFloor } from '../../src/storage/cluster/node-floor.js';
import { NodeStore } from '../../src/storage/cluster/node-store.js';
import { Changes } from '../../src/storage/changes.js';
import type { Database, Transaction } from '../../src/storage/database.js';
import { UserStore } from '../../src/users/user-store.js';
import { describeStores, openStore } from '../support/store.js';

const key: AccessKey = {
  ...{ id: 'one', user: 'alice', permissions: [], comment: '', isSuspended: false, createdAtMs: 0 },
};
const secret: StoredSecret = { hash: 'h', version: 'v', tag: null, hasChecksum: true, isWeak: false };
const rateLimit = { count: 5, windowSeconds: 60 };

describeStores('beside a node of an older version', () => {
  let db: Database;
  let keys: AccessKeyStore;
  let nowMs: number;

  beforeEach(async () => {
    db = await openStore();
    nowMs = 0;
    keys = new AccessKeyStore(db, new NodeFloor(() => nowMs));
    await new NodeStore(db).register('present', 1000);
  });

  const insert = (wanted: AccessKey): Promise<void> =>
    new Changes(db).run(({ trx }) => keys.insert(trx, wanted, secret));
  const update = (wanted: object): Promise<void> =>
    new Changes(db).run(({ trx }) => keys.update(trx, 'one', wanted));

  /** Of a copy in which every key is so. */
  const restore = (as: object): Promise<unknown> =>
    new Changes(db).run(async ({ trx, number }) => {
      const store = new BackupStore(db, undefined, new NodeFloor(() => nowMs));
      const present = await store.read(trx);
      const wanted = { ...present, access_keys: present.access_keys.map((row) => ({ ...row, ...as })) };
      return store.replace(trx, { present, wanted, changeNumber: number });
    });

  it.each([
    ['0.1.0', /: upgrade old \(0\.1\.0\) first/],
    ['', /: upgrade old \(before 0\.1\.0\) first/],
  ])('(%j) what it would not keep is refused by its name, and nothing else', async (version, message) => {
    await new NodeStore(db).register('old', 1000);
    await db.updateTable('nodes').set({ version }).where('id', '=', 'old').execute();
    const refusal = { code: ReturnCode.BUSY, message: expect.stringMatching(message) as unknown };
    await expect(insert({ ...key, rateLimit })).rejects.toMatchObject(refusal);
    await insert(key);
    await expect(update({ rateLimit })).rejects.toMatchObject(refusal);
    await expect(update({ quota: { count: 5, unit: 'day' } })).rejects.toMatchObject(refusal);
    await expect(restore({ quota: '5/day' })).rejects.toMatchObject(refusal);
    await expect(update({ only: new Map([['DOMAIN', ['a.com']]]) })).rejects.toMatchObject(refusal);
    await expect(update({ trial: { sinceMs: 1, by: '', rateLimit } })).rejects.toMatchObject(refusal);
    await expect(restore({ held_arguments: 'DOMAIN=a.com' })).rejects.toMatchObject(refusal);
    await restore({ comment: 'other' });
    await update({ rateLimit: null, quota: null, trial: null });
    expect(await keys.find('one')).toEqual({ ...key, comment: 'other' });
    await new NodeStore(db).remove('old');
    await update({ rateLimit });
    await insert({ ...key, id: 'two', rateLimit });
    expect(await keys.find('one')).toMatchObject({ rateLimit });
  });

  it('a node of 0.2.0 keeps rate limits, and nothing that came later', async () => {
    await new NodeStore(db).register('old', 1000);
    await db.updateTable('nodes').set({ version: '0.2.0' }).where('id', '=', 'old').execute();
    await insert({ ...key, rateLimit });
    const refusal = { code: ReturnCode.BUSY, message: expect.stringContaining('old (0.2.0)') as unknown };
    await expect(insert({ ...key, id: 'two', isCanary: true })).rejects.toMatchObject(refusal);
    const later = [
      { quota: { count: 5, unit: 'day' } },
      { only: new Map([['DOMAIN', ['a.com']]]) },
      { trial: { sinceMs: 1, by: '', rateLimit } },
    ];
    for (const wanted of later) await expect(update(wanted)).rejects.toMatchObject(refusal);
  });

  it('nobody is made an administrator, whom it would not protect', async () => {
    const users = new UserStore(db);
    const carol = { name: 'carol', email: '', package: '', firstName: '', lastName: '', createdAtMs: 0 };
    const state = { hasPassword: false, isSuspended: false, isLoginDisabled: false };
    const run = (work: (trx: Transaction) => Promise<unknown>) => new Changes(db).run(({ trx }) => work(trx));
    await new NodeStore(db).register('old', 1000);
    await db.updateTable('nodes').set({ version: '0.1.0' }).where('id', '=', 'old').execute();
    const refusal = { code: ReturnCode.BUSY, message: expect.stringContaining('administrators') as unknown };
    await expect(
      run((trx) => users.insert(trx, { ...carol, ...state, role: 'admin' }, null)),
    ).rejects.toMatchObject(refusal);
    await run((trx) => users.insert(trx, { ...carol, ...state, role: 'user' }, null));
    await expect(run((trx) => users.update(trx, 'carol', { role: 'admin' }))).rejects.toMatchObject(refusal);
    await run((trx) => users.update(trx, 'carol', { role: 'user' }));
    await new NodeStore(db).remove('old');
    await run((trx) => users.update(trx, 'carol', { role: 'admin' }));
    expect(await users.administrators()).toEqual(new Set(['carol']));
  });

  it('a dead node is passed over after two leases, and one that renews its lease is not', async () => {
    const nodes = new NodeStore(db);
    for (const id of ['dead', 'old']) await nodes.register(id, 1000);
    await db.updateTable('nodes').set({ version: '0.1.0' }).where('id', 'in', ['dead', 'old']).execute();
    const wanted = { ...key, rateLimit };
    await expect(insert(wanted)).rejects.toThrow(/upgrade dead \(0\.1\.0\), old \(0\.1\.0\) first/);
    nowMs = 2000;
    await expect(insert(wanted)).rejects.toThrow(/upgrade dead/);
    nowMs = 2001;
    await db.updateTable('nodes').set({ renewals: 1 }).where('id', '=', 'old').execute();
    await expect(insert(wanted)).rejects.toThrow(/upgrade old \(0\.1\.0\) first/);
    nowMs = 4002;
    await insert(wanted);
    expect(await keys.find('one')).toMatchObject({ rateLimit });
  });
});
