import { expect, it } from '@jest/globals';
import { byService, TestStore } from '../../../test/support/store.js';
import { ReturnCode } from '../../errors.js';
import { generateLegacyKey } from '../../secrets/generated-secret.js';
import { SlowHash } from '../../secrets/slow-hash.js';
import { LegacyKeyStore } from './legacy-key-store.js';
import { LegacyKeys } from './legacy-keys.js';
import { TakeOverLegacyKeys } from './take-over-legacy-keys.js';

it('wrong legacy keys keep no argon2 of access keys busy, and of one address only some are compared', async () => {
  const { db, changes, slowHash, pepper } = await TestStore.open();
  const guesses = new SlowHash({ concurrency: 1, queueLength: 64, patienceMs: 60_000 });
  const keys = new LegacyKeys(new LegacyKeyStore(db), changes, slowHash, pepper, guesses);
  const { key: right } = await keys.generate(byService);
  // As after a new pepper: nothing but argon2 tells a wrong key.
  await db.updateTable('legacy_keys').set({ lookup_index: null }).execute();
  const before = slowHash.startedCount;
  const from = (address: string) => ({ address });
  const flood = Array.from({ length: 100 }, () => keys.find(generateLegacyKey(), from('192.0.2.1')));
  const settled = Promise.allSettled(flood);
  expect(await keys.find(right, from('192.0.2.2'))).toBeDefined();
  const refused = (await settled).flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  expect(refused).toHaveLength(92);
  expect(refused[0]).toMatchObject({ code: ReturnCode.BUSY });
  expect(slowHash.startedCount).toBe(before);
  expect(guesses.startedCount).toBe(9);
});

it('a key that is revoked on another node while it is taken over here stays away', async () => {
  const { db, changes, slowHash, pepper } = await TestStore.open();
  const store = new LegacyKeyStore(db);
  const keys = new LegacyKeys(store, changes, slowHash, pepper, slowHash);
  const key = generateLegacyKey();
  const foreign = [{ key, createdAtMs: 0 }];
  const takeOver = (hash: () => Promise<string>) => {
    const hashing = { concurrency: 1, hash } as unknown as SlowHash;
    const taking = new TakeOverLegacyKeys(keys, store, changes, hashing, pepper);
    return taking.takeOver(foreign, byService, { reviveAll: false });
  };
  const elsewhere = async (): Promise<string> => {
    await takeOver(() => slowHash.hash(key));
    await keys.revoke(key, byService);
    return slowHash.hash(key);
  };
  expect(await takeOver(elsewhere)).toEqual([{ is: 'deleted' }]);
  expect(await keys.list()).toEqual([]);
});
