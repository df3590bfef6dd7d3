import { beforeEach, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TreeKeys } from '../../src/keys/tree/tree-keys.js';
import { TreeKeyStore } from '../../src/keys/tree/tree-key-store.js';
import { RemovedKeySweeper } from '../../src/keys/tree/removed-key-sweeper.js';
import { temporaryFolder } from '../support/folders.js';
import { describeStores, TestStore } from '../support/store.js';

let store: TestStore;
let root: string;
let nowMs: number;
let isAtWork: boolean;
let tree: TreeKeys;
let watch: RemovedKeySweeper;

beforeEach(async () => {
  store = await TestStore.open();
  root = temporaryFolder();
  nowMs = 0;
  isAtWork = true;
  mkdirSync(directory(), { recursive: true });
  open();
});

/** As when the service starts. */
function open(): void {
  const monotonicMs = (): number => nowMs;
  tree = new TreeKeys(root, monotonicMs);
  watch = new RemovedKeySweeper({
    ...{
      store: store.keys,
      treeStore: new TreeKeyStore(store.db),
      changes: store.changes,
      tree,
      monotonicMs,
    },
    isAtWork: () => isAtWork,
    onError: () => undefined,
    onRevoked: () => undefined,
  });
}

const directory = (): string => join(root, 'data/access-keys');
const file = (id: string): string => join(directory(), id);

async function addTreeKey(sourceTree = root): Promise<string> {
  const { id } = await store.addKey({ sourceTree }, { hash: 'none' });
  writeFileSync(file(id), 'x');
  return id;
}

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    nowMs += 1000;
    await watch.sweep();
  }
}

const suspended = async (...ids: string[]): Promise<(boolean | undefined)[]> =>
  Promise.all(ids.map(async (id) => (await store.keys.find(id))?.isSuspended));
const permitted = async (id: string): Promise<boolean> =>
  tree.permits((await store.keys.find(id)) ?? { id: 'none', sourceTree: root });

describeStores('the watch for keys of a live tree', () => {
  it('ends a key for good within a second once its file is removed, also the last one, and no other', async () => {
    const [one, two] = [await addTreeKey(), await addTreeKey()];
    const { id: own } = await store.addKey({}, { hash: 'none' });
    const other = await addTreeKey('/somewhere/else');
    rmSync(file(other));
    await pass(1);
    rmSync(file(one));
    nowMs += 200;
    expect([await permitted(one), await permitted(two), await permitted(own)]).toEqual([false, true, true]);
    await pass(1);
    expect(await suspended(one, two, own, other)).toEqual([true, false, false, false]);
    rmSync(file(two));
    await pass(1);
    writeFileSync(file(one), 'x');
    await pass(2);
    expect(await suspended(one, two)).toEqual([true, true]);
  });

  it.each<[string, () => void, () => void]>([
    ['is away', () => renameSync(directory(), join(root, 'away')), back],
    [
      'is replaced by an empty one, as when its disk is not mounted',
      () => {
        renameSync(directory(), join(root, 'away'));
        mkdirSync(directory());
      },
      back,
    ],
    ['is in a tree without its root user', () => emptied(false), () => filled(true)],
  ])('refuses its keys, and ends none, while the directory %s', async (_how, goAway, comeBack) => {
    const [one, two] = [await addTreeKey(), await addTreeKey()];
    await pass(1);
    goAway();
    nowMs += 200;
    expect(await permitted(one)).toBe(false);
    await pass(200);
    comeBack();
    await pass(2);
    expect(await suspended(one, two)).toEqual([false, false]);
    expect([await permitted(one), await permitted(two)]).toEqual([true, true]);
    rmSync(file(one));
    await pass(1);
    expect(await suspended(one, two)).toEqual([true, false]);
  });

  it('waits for a copy of the directory to be whole', async () => {
    const [one, two, three] = [await addTreeKey(), await addTreeKey(), await addTreeKey()];
    await pass(1);
    renameSync(directory(), join(root, 'away'));
    mkdirSync(directory());
    for (const id of [one, two, three]) {
      cpSync(join(root, 'away', id), file(id));
      await pass(15);
    }
    expect(await suspended(one, two, three)).toEqual([false, false, false]);
  });

  it('ends a key whose file was removed while the service was stopped after a minute, not before', async () => {
    const [one, two] = [await addTreeKey(), await addTreeKey()];
    await pass(1);
    rmSync(file(one));
    open();
    await pass(60);
    expect(await suspended(one, two)).toEqual([false, false]);
    expect(await permitted(one)).toBe(false);
    await pass(1);
    expect(await suspended(one, two)).toEqual([true, false]);
  });
});

function back(): void {
  rmSync(directory(), { recursive: true, force: true });
  renameSync(join(root, 'away'), directory());
}

function emptied(atWork: boolean): void {
  isAtWork = atWork;
  cpSync(directory(), join(root, 'away'), { recursive: true });
  rmSync(directory(), { recursive: true });
  mkdirSync(directory());
}

function filled(atWork: boolean): void {
  isAtWork = atWork;
  cpSync(join(root, 'away'), directory(), { recursive: true });
}
