import { beforeEach, expect, it } from '@jest/globals';
import { AllowListStore } from '../../src/allowlist/allow-list-store.js';
import { SettingStore } from '../../src/settings/setting-store.js';
import { settingDefaults } from '../../src/settings/settings.js';
import { Changes } from '../../src/storage/changes.js';
import { describeStores, openStore } from '../support/store.js';

let changes: Changes;
let settings: SettingStore;
let allowList: AllowListStore;

beforeEach(async () => {
  const db = await openStore();
  changes = new Changes(db);
  settings = new SettingStore(db);
  allowList = new AllowListStore(db);
});

describeStores('settings', () => {
  it('have their defaults until they are set, and then the last value', async () => {
    expect(await settings.all()).toEqual(settingDefaults);
    for (const value of ['2', '0']) await changes.run(({ trx }) => settings.set(trx, 'API_SYSTEM', value));
    expect(await settings.all()).toEqual({ ...settingDefaults, API_SYSTEM: '0' });
  });
});

describeStores('the allow list', () => {
  const add = (entry: string): Promise<boolean> =>
    changes.run(({ trx, number }) => allowList.add(trx, entry, number));
  const remove = (entry: string): Promise<boolean> => changes.run(({ trx }) => allowList.delete(trx, entry));
  const replaceAll = (entries: readonly string[]): Promise<void> =>
    changes.run(({ trx, number }) => allowList.replaceAll(trx, entries, number));

  it('keeps the order in which entries were added, each once', async () => {
    const added = [];
    for (const entry of ['10.0.0.2', 'allow-all', '10.0.0.10', '10.0.0.2']) added.push(await add(entry));
    expect(added).toEqual([true, true, true, false]);
    expect(await allowList.list()).toEqual(['10.0.0.2', 'allow-all', '10.0.0.10']);
  });

  it('says whether an entry was there to be deleted', async () => {
    await add('::1');
    expect([await remove('::1'), await remove('::1')]).toEqual([true, false]);
    expect(await allowList.list()).toEqual([]);
  });

  it('is replaced as a whole, in the order given, also by thousands of entries', async () => {
    await add('::1');
    const many = Array.from(
      { length: 40_000 },
      (_, index) => `10.${String(index >> 8)}.${String(index & 255)}.1`,
    );
    await replaceAll(many);
    await add('::2');
    expect(await allowList.list()).toEqual([...many, '::2']);
    await replaceAll([]);
    expect(await allowList.list()).toEqual([]);
  });
});
