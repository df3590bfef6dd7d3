import { beforeEach, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrphanedKeySweeper } from '../../src/keys/sweeps/orphaned-key-sweeper.js';
import { HestiaUsers } from '../../src/users/hestia-users.js';
import { temporaryFolder } from '../support/folders.js';
import { describeStores, TestStore } from '../support/store.js';

let store: TestStore;
let root: string;
let nowMs: number;
let panel: HestiaUsers;
let watch: OrphanedKeySweeper;

beforeEach(async () => {
  store = await TestStore.open();
  root = temporaryFolder();
  nowMs = 0;
  lay('admin');
  lay('alice');
  const monotonicMs = (): number => nowMs;
  panel = new HestiaUsers(join(root, 'users'), () => undefined, monotonicMs, 'admin');
  watch = new OrphanedKeySweeper({
    ...{ store: store.keys, changes: store.changes, panel, rootUser: 'admin', monotonicMs },
    onError: () => undefined,
  });
});

const folder = (name: string): string => join(root, 'users', name);

function lay(name: string, created = "TIME='10:00:00'\nDATE='2026-01-01'\n"): void {
  mkdirSync(folder(name), { recursive: true });
  writeFileSync(join(folder(name), 'user.conf'), `SUSPENDED='no'\n${created}`);
}

const moveAway = (name: string): void => renameSync(folder(name), join(root, name));
const moveBack = (name: string): void => renameSync(join(root, name), folder(name));

/** As if the watch had looked each second of that time. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    nowMs += 1000;
    await watch.sweep();
  }
}

const isSuspended = async (id: string): Promise<boolean | undefined> =>
  (await store.keys.find(id))?.isSuspended;
const addKey = async (): Promise<string> => (await store.addKey({}, { hash: 'none' })).id;

describeStores('the watch for keys of users whom the panel no longer has', () => {
  it('leaves the keys of a user who is back within the grace, who is refused meanwhile', async () => {
    const id = await addKey();
    await pass(1);
    moveAway('alice');
    nowMs += 200;
    expect(panel.look('alice')).toBeUndefined();
    await pass(59);
    moveBack('alice');
    await pass(3);
    expect([await isSuspended(id), panel.look('alice')?.name]).toEqual([false, 'alice']);
    // The grace is that of each absence.
    moveAway('alice');
    await pass(59);
    moveBack('alice');
    await pass(2);
    expect(await isSuspended(id)).toBe(false);
  });

  it('suspends them when the grace has passed, also for the same user who is back later', async () => {
    const id = await addKey();
    await pass(1);
    moveAway('alice');
    await pass(60);
    expect(await isSuspended(id)).toBe(false);
    await pass(1);
    expect(await isSuspended(id)).toBe(true);
    moveBack('alice');
    await pass(2);
    expect([await isSuspended(id), panel.look('alice')?.name]).toEqual([true, 'alice']);
  });

  it('suspends them again when one is revived, or made, while its owner is absent', async () => {
    const id = await addKey();
    await pass(1);
    moveAway('alice');
    await pass(61);
    await store.changes.run(async (change) => {
      await store.keys.update(change.trx, id, { isSuspended: false });
      change.touch('access_key', id);
    });
    const made = await addKey();
    await pass(1);
    expect([await isSuspended(id), await isSuspended(made)]).toEqual([true, true]);
  });

  it.each<[string, () => void]>([
    ['of another creation time', () => lay('alice', "TIME='10:00:01'\nDATE='2026-01-01'\n")],
    ['with the same creation time in another folder', () => lay('alice')],
    ['without a creation time', () => lay('alice', '')],
  ])('gives them to no new user of the name within the grace: %s', async (_which, layNew) => {
    const id = await addKey();
    await pass(1);
    moveAway('alice');
    await pass(2);
    layNew();
    nowMs += 200;
    // Refused from the first look on: no request may come between it and the watch.
    expect(panel.look('alice')).toBeUndefined();
    await pass(1);
    expect([await isSuspended(id), panel.look('alice')?.name]).toEqual([true, 'alice']);
    const made = await addKey();
    await pass(2);
    expect(await isSuspended(made)).toBe(false);
  });

  it('notices a new user of the name who was made between two looks', async () => {
    const id = await addKey();
    await pass(1);
    rmSync(folder('alice'), { recursive: true });
    lay('alice', "TIME='11:00:00'\nDATE='2026-05-01'\n");
    await pass(1);
    expect(await isSuspended(id)).toBe(true);
  });

  it('takes a file that is written anew, or half, for the same user', async () => {
    const id = await addKey();
    await pass(1);
    for (const text of [
      '',
      "SUSPENDED='no'\n",
      "SUSPENDED='no'\nTIME='10:00:00'\nDATE='2026-01-01'\nX='1'\n",
    ]) {
      writeFileSync(join(folder('alice'), 'user.conf'), text);
      await pass(2);
    }
    expect([await isSuspended(id), panel.look('alice')?.isSuspended]).toEqual([false, false]);
  });

  it('takes a copy for the same user that was put in place without an absence', async () => {
    const id = await addKey();
    await pass(1);
    cpSync(folder('alice'), join(root, 'copy'), { recursive: true });
    rmSync(folder('alice'), { recursive: true });
    renameSync(join(root, 'copy'), folder('alice'));
    await pass(2);
    expect(await isSuspended(id)).toBe(false);
  });

  it('concludes nothing from a tree without its root user, for however long', async () => {
    const id = await addKey();
    await pass(1);
    renameSync(join(root, 'users'), join(root, 'away'));
    await pass(100);
    renameSync(join(root, 'away'), join(root, 'users'));
    await pass(2);
    expect([await isSuspended(id), panel.look('alice')?.name]).toEqual([false, 'alice']);
  });

  it('asks the store only when keys have changed', async () => {
    await pass(1);
    const asked: string[] = [];
    const ask = store.keys.ownersOfActiveKeys.bind(store.keys);
    store.keys.ownersOfActiveKeys = () => {
      asked.push('owners');
      return ask();
    };
    await pass(2);
    expect(asked).toEqual([]);
    await addKey();
    await pass(2);
    expect(asked).toEqual(['owners']);
  });
});
