import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { AuditRecord } from '../record/audit-record.js';
import { GrowingTree, tileWidth } from './merkle.js';
import { RecordTree } from './record-tree.js';

let dataDir: string;
let record: AuditRecord;
let tree: RecordTree;
let expected: GrowingTree;

beforeEach(() => {
  dataDir = join(temporaryFolder(), 'data');
  mkdirSync(join(dataDir, 'audit'), { recursive: true });
  open();
  expected = new GrowingTree();
  const { onLines } = record;
  record.onLines = (leaves, newTree) => {
    for (const leaf of leaves) expected.push(leaf);
    onLines(leaves, newTree);
  };
  record.begin();
});

function open(): void {
  record = new AuditRecord({ dataDir, now: () => 0, onNote: () => undefined });
  tree = new RecordTree(dataDir, record, 2);
}

function append(count: number): void {
  for (let number = 0; number < count; number++) record.append([`{"id":"${String(number)}"}`]);
}

const sign = () => tree.sign(() => record.sync());

describe('a tree whose tiles can not be written', () => {
  it('keeps no more of them than a bound, and is whole once they can', async () => {
    const folder = join(dataDir, 'audit', 'tree-1');
    append(10);
    await sign();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    append(2 * tileWidth);
    expect(tree.isReady).toBe(true);
    await expect(sign()).rejects.toThrow();
    append(tileWidth);
    expect(tree.isReady).toBe(false);
    append(10 * tileWidth);
    await expect(tree.catchUp()).rejects.toThrow();
    rmSync(folder);
    await tree.catchUp();
    append(1);
    expect(await sign()).toMatchObject({ size: expected.size, root: expected.root() });
    record.close(() => undefined);
    open();
    record.begin();
    await tree.catchUp();
    expect(await sign()).toMatchObject({ size: expected.size, root: expected.root() });
    expect(record.findings).toEqual([]);
  });
});

describe('a tree of which nothing could be recorded since the start', () => {
  it('is none yet, and is read once it can', async () => {
    append(3);
    record.close(() => undefined);
    open();
    await tree.catchUp();
    expect(tree.isReady).toBe(false);
    record.begin();
    await tree.catchUp();
    expect(await sign()).toMatchObject({ size: expected.size, root: expected.root() });
  });
});
