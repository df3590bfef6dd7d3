import { expect, it } from '@jest/globals';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { temporaryFolder } from '../../../test/support/folders.js';
import { auditFolder } from '../record/record-files.js';
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
