import { describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildScript, source } from '../../../test/support/child-scripts.js';
import { temporaryFolder } from '../../../test/support/folders.js';
import { openDatabase } from '../database.js';
import { DataDirError, lockDataDir, prepareDataDir } from './data-dir.js';

/** A process that holds the lock until it is killed. */
function holderOf(dataDir: string): ChildScript {
  return ChildScript.start(`
    import { lockDataDir } from ${source('storage/sqlite/data-dir.ts')};
    globalThis.lock = lockDataDir(${JSON.stringify(dataDir)});
    console.log('locked');
    setInterval(() => {}, 1000);
  `);
}

describe('the data directory', () => {
  it('is made where it is missing, open to its owner alone', () => {
    const dataDir = join(temporaryFolder(), 'deep/data');
    prepareDataDir(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    prepareDataDir(dataDir);
  });

  it('that can not be one is refused in one line that names it', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const loop = join(temporaryFolder(), 'loop');
    symlinkSync(loop, loop);
    for (const dataDir of [file, join(file, 'data'), loop]) {
      expect(() => prepareDataDir(dataDir)).toThrow(DataDirError);
      expect(() => prepareDataDir(dataDir)).toThrow(
        new RegExp(`^HEARTHKEY_DATA_DIR: the data directory ${dataDir} [^\n]*$`),
      );
    }
  });
});

describe('in a data directory that others may look into', () => {
  it('what is kept is readable to its owner alone, also where it was not before', async () => {
    const dataDir = temporaryFolder();
    chmodSync(dataDir, 0o755);
    for (let start = 0; start < 2; start++) {
      const lock = lockDataDir(dataDir);
      const db = await openDatabase(join(dataDir, 'hearthkey.db'));
      const names = readdirSync(dataDir);
      expect(names).toEqual(expect.arrayContaining(['hearthkey.db', 'hearthkey.db-wal', 'lock']));
      for (const name of names)
        expect([name, statSync(join(dataDir, name)).mode & 0o777]).toEqual([name, 0o600]);
      await db.destroy();
      lock.release();
      for (const name of readdirSync(dataDir)) chmodSync(join(dataDir, name), 0o644);
    }
  });
});

describe('the lock of the data directory', () => {
  it('is refused to a second service, in one clear line', async () => {
    const dataDir = temporaryFolder();
    const holder = holderOf(dataDir);
    await holder.prints('locked');
    expect(() => lockDataDir(dataDir)).toThrow(DataDirError);
    expect(() => lockDataDir(dataDir)).toThrow(
      `another Hearthkey service is running on the data directory ${dataDir}`,
    );
  });

  it('is free again when the process that held it was killed with SIGKILL', async () => {
    const dataDir = temporaryFolder();
    const holder = holderOf(dataDir);
    await holder.prints('locked');
    await holder.kill();
    lockDataDir(dataDir).release();
  });

  it('is free again after it was released, and not before', () => {
    const dataDir = temporaryFolder();
    const lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(/another Hearthkey service/);
    lock.release();
    const next = lockDataDir(dataDir);
    next.release();
  });

  it('of one directory does not concern another one', () => {
    const locks = [lockDataDir(temporaryFolder()), lockDataDir(temporaryFolder())];
    for (const lock of locks) lock.release();
  });

  it('that can not be taken for another reason says so', () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'lock'));
    expect(() => lockDataDir(dataDir)).toThrow(/can't be locked: /);
  });
});
