import { beforeEach, expect, it } from '@jest/globals';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { Changes } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import { PanelUsers } from '../../src/users/panel-users.js';
import { UserStore } from '../../src/users/user-store.js';
import { Users } from '../../src/users/users.js';
import { byService, describeStores, openStore } from '../support/store.js';

const alice = { name: 'alice', email: '', package: '', firstName: '', lastName: '' };
let db: Database;
let store: UserStore;
let panel: PanelUsers;

beforeEach(async () => {
  db = await openStore();
  store = new UserStore(db);
  const changes = new Changes(db);
  const slowHash = new SlowHash({ concurrency: 1, queueLength: 1 });
  const users = new Users(store, changes, slowHash, 'admin');
  panel = new PanelUsers({ store, users, changes, slowHash, rootUser: 'admin', live: undefined });
  await panel.added(alice, byService);
});

const isSuspended = async (): Promise<boolean | undefined> => (await store.find('alice'))?.isSuspended;

describeStores('what a panel elsewhere was asked', () => {
  it('is kept only where it is one line of text: no other could be stored, or be in a copy', async () => {
    const bob = { name: 'bob', email: 'bob\u0000@example.com', package: 'gold\n' };
    await panel.seen({ ...bob, firstName: 'Jörg (Sales)', lastName: '\u2028' }, true, await panel.askedAt());
    expect(await store.find('bob')).toMatchObject({
      ...{ email: '', package: '', firstName: 'Jörg (Sales)', lastName: '', isSuspended: true },
    });
  });

  it('counts where nothing was done meanwhile', async () => {
    await panel.seen(alice, true, await panel.askedAt());
    expect(await isSuspended()).toBe(true);
    await panel.seen(alice, false, await panel.askedAt());
    expect(await isSuspended()).toBe(false);
    await panel.vanished('alice', await panel.askedAt());
    expect(await isSuspended()).toBeUndefined();
  });

  it('does not undo a suspension that was answered after it was asked', async () => {
    const askedAt = await panel.askedAt();
    await panel.suspended('alice', true, byService);
    await panel.seen(alice, false, askedAt);
    expect(await isSuspended()).toBe(true);
  });

  it('does not take a user away that was added after it was asked', async () => {
    const askedAt = await panel.askedAt();
    await panel.deleted('alice', byService);
    await panel.added(alice, byService);
    await panel.vanished('alice', askedAt);
    expect(await isSuspended()).toBe(false);
  });
});
