import { beforeEach, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { describeStores, newStore, openStore, openStoreAt, useStore } from '../support/store.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { LegacyKeyStore } from '../../src/keys/legacy/legacy-key-store.js';
import { Changes } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import { installedPepper } from '../../src/secrets/pepper-store.js';
import { createPepper, PepperError, readPepper } from '../../src/secrets/pepper.js';

let db: Database;
let file: string;
let otherFile: string;

const install = (from = file, acceptNew = false) => installedPepper(db, { file: from, acceptNew });

beforeEach(async () => {
  db = await openStore();
  file = join(temporaryFolder(), 'pepper');
  otherFile = join(temporaryFolder(), 'pepper');
});

describeStores('the pepper of a store', () => {
  it('is made together with an empty store', async () => {
    const pepper = await install();
    expect(readPepper(file)?.identifier()).toBe(pepper.identifier());
  });

  it('may be there before the store is, as on a second node', async () => {
    const pepper = createPepper(file);
    expect((await install()).identifier()).toBe(pepper.identifier());
  });

  it('is the same at the next start', async () => {
    const first = await install();
    expect((await install()).identifier()).toBe(first.identifier());
  });

  it('is not readable in the store', async () => {
    await install();
    const secret = Buffer.from(readFileSync(file, 'utf8'), 'base64').toString('hex');
    const rows = JSON.stringify(await db.selectFrom('meta').selectAll().execute());
    expect(rows).not.toContain(secret);
  });

  it('is never made anew when it is missing: the service does not start, and says how to go on', async () => {
    await install();
    rmSync(file);
    await expect(install()).rejects.toThrow(PepperError);
    await expect(install()).rejects.toThrow(/missing.*HEARTHKEY_NEW_PEPPER=yes/);
    expect(existsSync(file)).toBe(false);
  });

  it('is not exchanged unnoticed: another one is refused, and says how to go on', async () => {
    await install();
    createPepper(otherFile);
    await expect(install(otherFile)).rejects.toThrow(PepperError);
    await expect(install(otherFile)).rejects.toThrow(/not this store's.*HEARTHKEY_NEW_PEPPER=yes/);
  });

  it('is still the old one after a refusal', async () => {
    const first = await install();
    createPepper(otherFile);
    await expect(install(otherFile)).rejects.toThrow(PepperError);
    expect((await install()).identifier()).toBe(first.identifier());
  });

  it('is refused when its file holds something else', async () => {
    await install();
    writeFileSync(file, 'garbage');
    await expect(install()).rejects.toThrow(file);
  });
});

describeStores('HEARTHKEY_NEW_PEPPER', () => {
  it('makes a new pepper where the old one is missing', async () => {
    const first = await install();
    rmSync(file);
    const second = await install(file, true);
    expect(second.identifier()).not.toBe(first.identifier());
    expect((await install()).identifier()).toBe(second.identifier());
  });

  it('takes another pepper over, and from then on refuses the old one', async () => {
    await install();
    const other = createPepper(otherFile);
    expect((await install(otherFile, true)).identifier()).toBe(other.identifier());
    await expect(install(file)).rejects.toThrow(PepperError);
  });

  it('changes nothing where the right pepper is there', async () => {
    const { keys, id } = await storeWithKeys();
    const first = await install();
    expect((await install(file, true)).identifier()).toBe(first.identifier());
    expect((await keys.findWithSecret(id, db))?.tag).toBe('00112233');
  });

  it('forgets what was derived with the old pepper, and keeps every key and its hash', async () => {
    const { keys, legacyKeys, id } = await storeWithKeys();
    await install();
    rmSync(file);
    await install(file, true);
    expect(await keys.findWithSecret(id, db)).toMatchObject({ tag: null, hash: 'hash', version: 'v1' });
    expect(await legacyKeys.findByIndex('index')).toBeUndefined();
    expect(await legacyKeys.listWithoutIndex()).toMatchObject([{ id: 'legacy', hash: 'legacy-hash' }]);
  });
});

describeWith('initdb', 'postgres')('three nodes that start at once on an empty PostgreSQL database', () => {
  it('make one pepper; the two that have none refuse to start, and say how to go on', async () => {
    useStore('PostgreSQL');
    for (let round = 0; round < 10; round++) {
      const store = await newStore();
      const nodes = await Promise.all([1, 2, 3].map(() => openStoreAt(store)));
      const files = nodes.map(() => join(temporaryFolder(), 'pepper'));
      const started = await Promise.allSettled(
        nodes.map((node, index) => installedPepper(node, { file: files[index] ?? '', acceptNew: false })),
      );
      const refusals = started.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
      expect(refusals).toHaveLength(2);
      for (const refusal of refusals) {
        expect(refusal).toBeInstanceOf(PepperError);
        expect(refusal.message).toMatch(/is missing.*HEARTHKEY_NEW_PEPPER=yes/);
      }
      expect(files.filter((each) => existsSync(each))).toHaveLength(1);
    }
  });

  it('with the same pepper all start', async () => {
    useStore('PostgreSQL');
    const store = await newStore();
    const nodes = await Promise.all([1, 2, 3].map(() => openStoreAt(store)));
    const pepper = createPepper(file);
    const started = await Promise.all(nodes.map((node) => installedPepper(node, { file, acceptNew: false })));
    expect(started.map((each) => each.identifier())).toEqual(Array(3).fill(pepper.identifier()));
  });
});

async function storeWithKeys() {
  const keys = new AccessKeyStore(db);
  const legacyKeys = new LegacyKeyStore(db);
  const id = 'InNqgp01kO3v0W22eg6Z';
  const key = { id, user: 'alice', permissions: ['mail'], comment: '', isSuspended: false, createdAtMs: 1 };
  await new Changes(db).run(async ({ trx }) => {
    const secret = { hash: 'hash', version: 'v1', tag: '00112233', hasChecksum: true, isWeak: false };
    await keys.insert(trx, key, secret);
    const legacyKey = {
      id: 'legacy',
      lookupIndex: 'index',
      hash: 'legacy-hash',
      createdAtMs: 1,
      isWeak: false,
    };
    await legacyKeys.insert(trx, legacyKey);
  });
  return { keys, legacyKeys, id };
}
