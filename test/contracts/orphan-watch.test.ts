import { beforeEach, expect, it } from '@jest/globals';
import { OrphanWatch } from '../../src/keys/orphan-watch.js';
import { describeStores, TestStore } from '../support/store.js';

let store: TestStore;
let names: string[];
let watch: OrphanWatch;

beforeEach(async () => {
  store = await TestStore.open();
  names = ['admin', 'alice'];
  const { keys, changes } = store;
  const onError = (): void => undefined;
  watch = new OrphanWatch({ store: keys, changes, userNames: () => names, rootUser: 'admin', onError });
});

const isSuspended = async (id: string): Promise<boolean | undefined> =>
  (await store.keys.find(id))?.isSuspended;

describeStores('the watch for keys of users whom the panel no longer has', () => {
  it('suspends them, and again one that is revived, or made, while its owner is absent', async () => {
    const { id } = await store.addKey({}, { hash: 'none' });
    await watch.sweep();
    expect(await isSuspended(id)).toBe(false);
    names = ['admin'];
    await watch.sweep();
    expect(await isSuspended(id)).toBe(true);
    await watch.sweep();
    await store.changes.run(async (change) => {
      await store.keys.update(change.trx, id, { isSuspended: false });
      change.touch('access_key', id);
    });
    const { id: made } = await store.addKey({}, { hash: 'none' });
    await watch.sweep();
    expect([await isSuspended(id), await isSuspended(made)]).toEqual([true, true]);
  });

  it('leaves those of a user who is back by the time it comes to them', async () => {
    const { id } = await store.addKey({}, { hash: 'none' });
    names = ['admin'];
    const swept = watch.sweep();
    names = ['admin', 'alice'];
    await swept;
    expect(await isSuspended(id)).toBe(false);
  });

  it('asks the store only when users or keys have changed', async () => {
    await watch.sweep();
    const asked: string[] = [];
    const ask = store.keys.ownersOfActiveKeys.bind(store.keys);
    store.keys.ownersOfActiveKeys = () => {
      asked.push('owners');
      return ask();
    };
    await watch.sweep();
    expect(asked).toEqual([]);
    await store.addKey({}, { hash: 'none' });
    await watch.sweep();
    await watch.sweep();
    expect(asked).toEqual(['owners']);
  });
});
