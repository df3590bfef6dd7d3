import { expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { auditFolder } from '../record/record-files.js';
import { tileBytes, tileWidth } from './merkle.js';
import { TileStore } from './tile-store.js';

it('makes no folder for the record where it is gone: somebody may put it back', async () => {
  const dataDir = temporaryFolder();
  const folder = auditFolder(dataDir);
  mkdirSync(folder);
  const store = new TileStore(dataDir, 1);
  await store.writeCheckpoint('first');
  renameSync(folder, `${folder}.aside`);
  await expect(store.writeCheckpoint('second')).rejects.toThrow('ENOENT');
  expect(existsSync(folder)).toBe(false);
  renameSync(`${folder}.aside`, folder);
  await store.writeCheckpoint('second');
  expect(await store.readCheckpoint()).toBe('second');
});

it('puts a whole tile in the place of one that a kill has torn, and leaves nothing else', async () => {
  const dataDir = temporaryFolder();
  mkdirSync(auditFolder(dataDir));
  const store = new TileStore(dataDir, 1);
  const add = (index: number) => {
    store.add({ level: 0, index, width: tileWidth, bytes: Buffer.alloc(tileBytes, index + 1) });
  };
  add(0);
  await store.flush([]);
  const folder = join(store.folder, 'tile/0');
  writeFileSync(join(folder, '001'), 'torn');
  add(1);
  add(2);
  await store.flush([]);
  for (const index of [0, 1, 2])
    expect(await store.read(0, index, tileWidth)).toEqual(Buffer.alloc(tileBytes, index + 1));
  expect(readdirSync(folder)).toEqual(['000', '001', '002']);
});
