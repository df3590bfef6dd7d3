import { beforeEach, expect, it } from '@jest/globals';
import { byService, TestStore, describeStores } from '../support/store.js';
import { AllowListStore } from '../../src/allowlist/allow-list-store.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { SettingStore } from '../../src/settings/setting-store.js';
import { readChangeNumber } from '../../src/storage/changes.js';
import type { Database, Transaction } from '../../src/storage/database.js';
import { Facts } from '../../src/authorization/facts/facts.js';

let store: TestStore;
let key: { id: string };

beforeEach(async () => {
  store = await TestStore.open();
  key = await store.addKey({}, { hash: 'none' });
});

async function suspendKey(): Promise<void> {
  await store.changes.run(async (change) => {
    await store.keys.update(change.trx, key.id, { isSuspended: true });
    change.touch('access_key', key.id);
  });
}

/** A gate that everything passes once it was opened. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** Reads keys as the real store does, and waits before it hands over what it read. */
class PausingKeyStore extends AccessKeyStore {
  pause: (() => Promise<void>) | undefined;

  /** The next reading has read, and waits to go on. */
  pauseOnce() {
    const [hasRead, goOn] = [gate(), gate()];
    this.pause = async () => {
      this.pause = undefined;
      hasRead.open();
      await goOn.passed;
    };
    return { hasRead, goOn };
  }

  override async findManyWithSecret(ids: readonly string[], db: Database | Transaction) {
    const found = await super.findManyWithSecret(ids, db);
    await this.pause?.();
    return found;
  }
}

function factsWith(keys: AccessKeyStore): Facts {
  const { db, userStore: users, changes } = store;
  const facts = new Facts({
    db,
    keys,
    users,
    settings: new SettingStore(db),
    allowList: new AllowListStore(db),
  });
  changes.onApplied((change) => facts.apply(change));
  return facts;
}

describeStores('the facts of a key', () => {
  it('are in memory after the first load', async () => {
    expect(store.facts.view(key.id)).toBeUndefined();
    const loaded = await store.facts.load(key.id);
    expect(store.facts.view(key.id)).toMatchObject({ key: loaded.key, owner: { isSuspended: false } });
  });

  it('are read anew after the key was changed', async () => {
    await store.facts.load(key.id);
    await suspendKey();
    expect(store.facts.view(key.id)).toBeUndefined();
    expect((await store.facts.load(key.id)).key?.isSuspended).toBe(true);
  });

  it('are read anew after the key was deleted: it is gone', async () => {
    await store.facts.load(key.id);
    await store.deleteKey(key.id);
    expect(store.facts.view(key.id)).toBeUndefined();
    expect(await store.facts.load(key.id)).toMatchObject({ key: undefined, owner: undefined });
  });

  it('have the keys that made it, the nearest first, as they are now', async () => {
    const child = await store.addKey({ makerId: key.id }, { hash: 'none' });
    const grandchild = await store.addKey({ makerId: child.id }, { hash: 'none' });
    const ids = async () => (await store.facts.load(grandchild.id)).makers.map(({ id }) => id);
    expect(await ids()).toEqual([child.id, key.id]);
    expect(store.facts.view(grandchild.id)).toMatchObject({ makers: [{ id: child.id }, { id: key.id }] });
    expect(store.facts.view(key.id)).toMatchObject({ makers: [] });
    await suspendKey();
    expect(store.facts.view(grandchild.id)).toBeUndefined();
    expect((await store.facts.load(grandchild.id)).makers).toMatchObject([
      { isSuspended: false },
      { id: key.id, isSuspended: true },
    ]);
    expect(store.facts.view(grandchild.id)?.makers[1]?.isSuspended).toBe(true);
  });

  it('have something suspended in the place of a maker that is gone, or of a chain without an end', async () => {
    const orphan = await store.addKey({ makerId: 'GoneGoneGoneGoneGone' }, { hash: 'none' });
    const gone = [{ id: 'GoneGoneGoneGoneGone', isSuspended: true, isGone: true }];
    expect((await store.facts.load(orphan.id)).makers).toMatchObject(gone);
    expect(store.facts.view(orphan.id)?.makers).toMatchObject(gone);
    const circle = await store.addKey({ id: 'CircleCircleCircle01', makerId: 'CircleCircleCircle01' });
    expect((await store.facts.load(circle.id)).makers.at(-1)).toMatchObject({ isGone: true });
    expect(store.facts.view(circle.id)?.makers.at(-1)).toMatchObject({ isGone: true });
  });

  it('are read anew after its owner was suspended', async () => {
    await store.facts.load(key.id);
    await store.users.suspend('alice', byService);
    expect(store.facts.view(key.id)).toBeUndefined();
    expect((await store.facts.load(key.id)).owner).toEqual({ isSuspended: true, role: 'user' });
  });

  it('are read anew after a switch or the allow list was changed', async () => {
    await store.facts.load(key.id);
    await store.settings.apply({ API_SYSTEM: '0' }, byService);
    expect(store.facts.view(key.id)).toBeUndefined();
    expect((await store.facts.load(key.id)).switches.settings.apiSystem).toBe('off');
    await store.allowList.delete('allow-all', byService);
    expect(store.facts.view(key.id)).toBeUndefined();
    const { allowList } = (await store.facts.load(key.id)).switches;
    expect(allowList.allows(undefined, '', 'access_key')).toBe(false);
  });

  it('that somebody holds are not current any more once a change was applied', async () => {
    const view = await store.facts.load(key.id);
    expect(store.facts.isCurrent(view)).toBe(true);
    await suspendKey();
    expect(store.facts.isCurrent(view)).toBe(false);
  });

  it('say of a key that is unknown that there is none, without another reading, until it is made', async () => {
    const id = 'InNqgp01kO3v0W22eg6Z';
    expect(store.facts.view(id)).toBeUndefined();
    expect((await store.facts.load(id)).key).toBeUndefined();
    expect(store.facts.view(id)).toMatchObject({ key: undefined, owner: undefined });
    await store.addKey({ id }, { hash: 'none' });
    expect(store.facts.view(id)).toBeUndefined();
    expect((await store.facts.load(id)).key?.id).toBe(id);
  });

  it('have no owner where the owner is gone, and find one who comes back', async () => {
    const orphan = await store.addKey({ user: 'nobody' }, { hash: 'none' });
    expect(await store.facts.load(orphan.id)).toMatchObject({ owner: undefined });
    expect(store.facts.view(orphan.id)).toBeUndefined();
    await store.addUser('nobody');
    expect((await store.facts.load(orphan.id)).owner).toEqual({ isSuspended: false, role: 'user' });
  });

  it('are as many as their limit at most, and right beyond it', async () => {
    const { db, keys, userStore: users } = store;
    const stores = { db, keys, users, settings: new SettingStore(db), allowList: new AllowListStore(db) };
    const facts = new Facts(stores, 2);
    const ids = [key.id];
    for (let count = 0; count < 3; count++) ids.push((await store.addKey({}, { hash: 'none' })).id);
    for (const id of ids) await facts.load(id);
    expect(ids.filter((id) => facts.view(id) !== undefined)).toEqual(ids.slice(-2));
    for (const id of ids) expect((await facts.load(id)).key?.id).toBe(id);
  });
});

describeStores('facts that were read before a change', () => {
  it('do not go on saying that there is no key, where it was made while they were on their way', async () => {
    const id = 'InNqgp01kO3v0W22eg6Z';
    const keys = new PausingKeyStore(store.db);
    const facts = factsWith(keys);
    await facts.loadSwitches();
    const { hasRead, goOn } = keys.pauseOnce();
    const load = facts.load(id);
    await hasRead.passed;
    const made = store.addKey({ id }, { hash: 'none' });
    goOn.open();
    await Promise.all([load, made]);
    expect((facts.view(id) ?? (await facts.load(id))).key?.id).toBe(id);
  });

  it('are not kept after it: the change came while they were on their way', async () => {
    const keys = new PausingKeyStore(store.db);
    const facts = factsWith(keys);
    await facts.loadSwitches();
    const { hasRead, goOn } = keys.pauseOnce();
    const load = facts.load(key.id);
    await hasRead.passed;
    // One process, one connection: the change waits until the reading has ended, and is applied right after it.
    const change = suspendKey();
    goOn.open();
    const [view] = await Promise.all([load, change]);
    const now = facts.view(key.id) ?? (await facts.load(key.id));
    expect(now.key?.isSuspended).toBe(true);
    expect(facts.isCurrent(now)).toBe(true);
    if (facts.isCurrent(view)) expect(view.key?.isSuspended).toBe(true);
  });

  it('are read again when the news of the change comes first', async () => {
    const keys = new PausingKeyStore(store.db);
    const facts = factsWith(keys);
    await facts.loadSwitches();
    const number = await readChangeNumber(store.db);
    let readings = 0;
    let change: Promise<void> | undefined;
    keys.pause = async () => {
      readings += 1;
      // The news of a change that this reading could not see yet; the change itself waits for the connection.
      facts.apply({ number: number + 1, touched: [{ kind: 'access_key', id: key.id }] });
      change ??= suspendKey();
    };
    const view = await facts.load(key.id);
    await change;
    expect(readings).toBeGreaterThan(1);
    expect(view).toMatchObject({ version: { number: number + 1 }, key: { isSuspended: true } });
  });

  it('never come out of fifty loads and changes at the same time', async () => {
    const changes = Array.from({ length: 25 }, async (_, count) => {
      await store.changes.run(async (change) => {
        await store.keys.update(change.trx, key.id, { comment: `change ${String(count)}` });
        change.touch('access_key', key.id);
      });
      // From here on nobody may see what was before: at least this change, or a newer one.
      return store.facts.view(key.id) ?? store.facts.load(key.id);
    });
    const loads = Array.from({ length: 25 }, () => store.facts.load(key.id));
    await Promise.all([...changes, ...loads]);
    const inStore = await store.keys.find(key.id);
    const inMemory = store.facts.view(key.id) ?? (await store.facts.load(key.id));
    expect(inMemory.key?.comment).toBe(inStore?.comment);
    expect(inMemory.key?.comment).toMatch(/^change \d+$/);
  });
});
