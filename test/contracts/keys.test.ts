import { beforeEach, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import type { AccessKey, StoredSecret } from '../../src/keys/access-key.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { readMadeBy, readMakers } from '../../src/keys/makers/maker-store.js';
import { LegacyKeyStore, type StoredLegacyKey } from '../../src/keys/legacy/legacy-key-store.js';
import { WeakKeyStore } from '../../src/keys/legacy/weak-key-store.js';
import { Changes } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import { describeStores, openStore } from '../support/store.js';
import { byCodePoint, textsOfAllKinds } from '../support/texts.js';

let db: Database;
let changes: Changes;
let keys: AccessKeyStore;
let legacyKeys: LegacyKeyStore;
let weakKeys: WeakKeyStore;

beforeEach(async () => {
  db = await openStore();
  changes = new Changes(db);
  keys = new AccessKeyStore(db);
  legacyKeys = new LegacyKeyStore(db);
  weakKeys = new WeakKeyStore(db);
});

const key: AccessKey = {
  id: 'InNqgp01kO3v0W22eg6Z',
  user: 'alice',
  permissions: ['mail', 'web'],
  comment: 'First',
  isSuspended: false,
  createdAtMs: 1_767_258_000_123,
};
const secret: StoredSecret = {
  hash: 'hash',
  version: 'v1',
  tag: '00112233',
  hasChecksum: true,
  isWeak: false,
};
const add = (wanted: Partial<AccessKey> = {}, stored: Partial<StoredSecret> = {}): Promise<void> =>
  changes.run(({ trx }) => keys.insert(trx, { ...key, ...wanted }, { ...secret, ...stored }));

describeStores('an access key', () => {
  it('is found as it was added, with its secret only where that is asked for', async () => {
    await add();
    expect(await keys.find(key.id)).toEqual(key);
    expect(await keys.findWithSecret(key.id, db)).toEqual({ ...key, ...secret });
    expect(await keys.find(key.id.toLowerCase())).toBeUndefined();
  });

  it('knows the key that made it, and all that it made; each goes when it is adopted or deleted', async () => {
    await add();
    await add({ id: 'child', makerId: key.id });
    await add({ id: 'grandchild', makerId: 'child' });
    await add({ id: 'other', makerId: 'someone' });
    const child = (await keys.find('grandchild'))!;
    expect((await readMakers(keys, child, db)).map(({ id }) => id)).toEqual(['child', key.id]);
    const madeBy = (id: string) =>
      changes.run(async ({ trx }) => (await readMadeBy(keys, [id], trx)).map((made) => made.id));
    expect(await madeBy(key.id)).toEqual(['child', 'grandchild']);
    await changes.run(({ trx }) => keys.update(trx, 'grandchild', { isAdopted: true }));
    expect(await keys.find('grandchild')).not.toHaveProperty('makerId');
    expect(await madeBy(key.id)).toEqual(['child']);
    const other = (await keys.find('other'))!;
    expect(await readMakers(keys, other, db)).toMatchObject([{ id: 'someone', isGone: true }]);
  });

  it('shares its shape in memory with every other: one of its own is half as large again as the key', async () => {
    setFlagsFromString('--allow-natives-syntax');
    const haveSameShape = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (
      a: object,
      b: object,
    ) => boolean;
    const ids = Array.from({ length: 20 }, (_, index) => `key-${String(index)}`);
    for (const id of ids) await add({ id });
    const [first, ...others] = await keys.findManyWithSecret(ids, db);
    expect(others).toHaveLength(19);
    for (const other of others) expect(haveSameShape(first ?? {}, other)).toBe(true);
  });

  it('may have no permissions, no tag and every comment', async () => {
    for (const [index, comment] of textsOfAllKinds.entries()) {
      const wanted = { id: `key-${String(index)}`, permissions: [], comment };
      await add(wanted, { tag: null, isWeak: true, hasChecksum: false });
      expect(await keys.findWithSecret(wanted.id, db)).toMatchObject({ ...wanted, tag: null, isWeak: true });
    }
  });

  it('of an ID that is taken is not added, and nothing else of that change is made', async () => {
    await add();
    const second = changes.run(async ({ trx }) => {
      await keys.insert(trx, { ...key, id: 'other' }, secret);
      await keys.insert(trx, { ...key, comment: 'Second' }, secret);
    });
    await expect(second).rejects.toThrow(/unique/i);
    expect(await keys.list(undefined)).toEqual([key]);
  });

  it('is changed in what is named', async () => {
    await add();
    await changes.run(({ trx }) => keys.update(trx, key.id, { permissions: [], isSuspended: true }));
    expect(await keys.find(key.id)).toEqual({ ...key, permissions: [], isSuspended: true });
  });

  it('has its secret renewed only while it is still that secret', async () => {
    await add();
    await keys.renewSecret(key.id, 'v0', { tag: 'old' });
    expect(await keys.findWithSecret(key.id, db)).toMatchObject(secret);
    await keys.renewSecret(key.id, 'v1', { tag: 'new', hash: 'new hash' });
    expect(await keys.findWithSecret(key.id, db)).toMatchObject({ tag: 'new', hash: 'new hash' });
  });

  it('takes with it what is kept of attempts on it, and leaves that of others', async () => {
    for (const id of ['one', 'two', 'three']) {
      await add({ id, user: id === 'three' ? 'bob' : 'alice' });
      await weakKeys.countAttempt(id, 10);
      await weakKeys.keepSuccess(id, '192.0.2.1');
      await weakKeys.countAttempt(id, 10);
    }
    await changes.run(({ trx }) => keys.delete(trx, 'one'));
    expect(await weakKeys.failedAttempts('one')).toBe(0);
    expect(await weakKeys.hasSucceeded('one', '192.0.2.1')).toBe(false);
    await changes.run(({ trx }) => keys.deleteOf(trx, 'alice'));
    expect((await keys.list(undefined)).map(({ id }) => id)).toEqual(['three']);
    expect(await weakKeys.failedAttempts('two')).toBe(0);
    expect(await weakKeys.failedAttempts('three')).toBe(1);
  });

  it('is known as deleted when it is, also a second time', async () => {
    const wereDeleted = () => Promise.all(['one', 'two', 'three'].map((id) => keys.wasDeleted(id)));
    for (const id of ['one', 'two', 'three']) await add({ id, user: id === 'three' ? 'bob' : 'alice' });
    await changes.run(({ trx }) => keys.delete(trx, 'one'));
    expect(await wereDeleted()).toEqual([true, false, false]);
    await add({ id: 'one' });
    await changes.run(({ trx }) => keys.deleteOf(trx, 'alice'));
    expect(await wereDeleted()).toEqual([true, true, false]);
    await changes.run(({ trx }) => keys.delete(trx, 'nobody'));
    expect(await keys.wasDeleted('nobody')).toBe(false);
  });
});

describeStores('the list of access keys', () => {
  it('is in the order of code points of their IDs', async () => {
    for (const id of textsOfAllKinds) await add({ id });
    expect((await keys.list('alice')).map(({ id }) => id)).toEqual([...textsOfAllKinds].sort(byCodePoint));
  });

  it('is of one user, or of all; and knows who owns a key that works', async () => {
    await add({ id: 'one' });
    await add({ id: 'two', user: 'bob' });
    await add({ id: 'three', user: 'bob' });
    await add({ id: 'four', user: 'carol', isSuspended: true });
    expect((await keys.list('bob')).map(({ id }) => id)).toEqual(['three', 'two']);
    expect(await keys.list(undefined)).toHaveLength(4);
    expect((await keys.ownersOfActiveKeys()).sort()).toEqual(['alice', 'bob']);
  });
});

describeStores('a legacy key', () => {
  const legacy: StoredLegacyKey = {
    id: 'one',
    lookupIndex: 'index',
    hash: 'hash',
    createdAtMs: 5,
    isWeak: false,
  };
  const addLegacy = (wanted: Partial<StoredLegacyKey> = {}): Promise<void> =>
    changes.run(({ trx }) => legacyKeys.insert(trx, { ...legacy, ...wanted }));

  it('is found by its index', async () => {
    await addLegacy();
    expect(await legacyKeys.findByIndex('index')).toEqual(legacy);
    expect(await legacyKeys.findByIndex('INDEX')).toBeUndefined();
    expect([await legacyKeys.exists('one'), await legacyKeys.exists('two')]).toEqual([true, false]);
  });

  it('may be without an index, as may others, and gets one again', async () => {
    await addLegacy({ lookupIndex: null });
    await addLegacy({ id: 'two', lookupIndex: null, isWeak: true });
    expect((await legacyKeys.listWithoutIndex()).map(({ id }) => id).sort()).toEqual(['one', 'two']);
    expect(await legacyKeys.hasWeak()).toBe(true);
    await legacyKeys.renewIndex('one', 'again');
    expect((await legacyKeys.findByIndex('again'))?.id).toBe('one');
  });

  it('does not share its index with another one', async () => {
    await addLegacy();
    await expect(addLegacy({ id: 'two' })).rejects.toThrow(/unique/i);
  });

  it('is listed in the order in which they were made, and deleted once', async () => {
    await addLegacy({ id: 'late', lookupIndex: 'a', createdAtMs: 1_767_258_000_123 });
    await addLegacy({ id: 'early', lookupIndex: 'b', createdAtMs: 1_767_258_000_122 });
    expect(await legacyKeys.list()).toEqual([
      { id: 'early', createdAtMs: 1_767_258_000_122, isWeak: false },
      { id: 'late', createdAtMs: 1_767_258_000_123, isWeak: false },
    ]);
    const remove = (): Promise<boolean> => changes.run(({ trx }) => legacyKeys.delete(trx, 'late'));
    expect([await remove(), await remove()]).toEqual([true, false]);
    expect([await legacyKeys.wasDeleted('a'), await legacyKeys.wasDeleted('b')]).toEqual([true, false]);
    await addLegacy({ id: 'lost', lookupIndex: null });
    expect(await changes.run(({ trx }) => legacyKeys.delete(trx, 'lost'))).toBe(true);
  });
});

describeStores('attempts on a weak key', () => {
  it('are counted up to the limit, with a hundred at once not one more', async () => {
    const counted = await Promise.all(Array.from({ length: 100 }, () => weakKeys.countAttempt('one', 7)));
    expect(counted.filter(Boolean)).toHaveLength(7);
    expect(await weakKeys.failedAttempts('one')).toBe(7);
    expect(await weakKeys.countAttempt('one', 7)).toBe(false);
    expect(await weakKeys.countAttempt('one', 8)).toBe(true);
  });

  it('that succeed are taken back, and their addresses are known, each once', async () => {
    for (const address of ['192.0.2.1', '192.0.2.1', '']) {
      await weakKeys.countAttempt('one', 7);
      await weakKeys.keepSuccess('one', address);
    }
    expect(await weakKeys.failedAttempts('one')).toBe(0);
    expect(await weakKeys.hasSucceeded('one', '192.0.2.1')).toBe(true);
    expect(await weakKeys.hasSucceeded('one', '')).toBe(false);
    expect(await weakKeys.hasSucceeded('two', '192.0.2.1')).toBe(false);
  });
});
