import { beforeEach, expect, it } from '@jest/globals';
import { ReturnCode } from '../../src/errors.js';
import type { AccessKey, StoredSecret } from '../../src/keys/access-key.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { NodeStore } from '../../src/storage/cluster/node-store.js';
import { Changes } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import { describeStores, openStore } from '../support/store.js';

const key: AccessKey = {
  ...{ id: 'one', user: 'alice', permissions: [], comment: '', isSuspended: false, createdAtMs: 0 },
};
const secret: StoredSecret = { hash: 'h', version: 'v', tag: null, hasChecksum: true, isWeak: false };
const rateLimit = { count: 5, windowSeconds: 60 };

describeStores('beside a node of an older version', () => {
  let db: Database;
  let keys: AccessKeyStore;

  beforeEach(async () => {
    db = await openStore();
    keys = new AccessKeyStore(db);
    await new NodeStore(db).register('present', 1000);
  });

  const insert = (wanted: AccessKey): Promise<void> =>
    new Changes(db).run(({ trx }) => keys.insert(trx, wanted, secret));
  const update = (wanted: object): Promise<void> =>
    new Changes(db).run(({ trx }) => keys.update(trx, 'one', wanted));

  it.each([
    ['0.1.0', /to be upgraded first: old \(0\.1\.0\)/],
    ['', /to be upgraded first: old \(before 0\.1\.0\)/],
  ])('(%j) what it would not keep is refused by its name, and nothing else', async (version, message) => {
    await new NodeStore(db).register('old', 1000);
    await db.updateTable('nodes').set({ version }).where('id', '=', 'old').execute();
    const refusal = { code: ReturnCode.BUSY, message: expect.stringMatching(message) as unknown };
    await expect(insert({ ...key, rateLimit })).rejects.toMatchObject(refusal);
    await insert(key);
    await expect(update({ rateLimit })).rejects.toMatchObject(refusal);
    await update({ rateLimit: null, comment: 'other' });
    expect(await keys.find('one')).toEqual({ ...key, comment: 'other' });
    await new NodeStore(db).remove('old');
    await update({ rateLimit });
    await insert({ ...key, id: 'two', rateLimit });
    expect(await keys.find('one')).toMatchObject({ rateLimit });
  });
});
