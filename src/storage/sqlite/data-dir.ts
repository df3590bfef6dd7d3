import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { systemReason } from '../../text/system-reason.js';

/** The data directory can't be used; `message` is one line that says why and what to do. */
export class DataDirError extends Error {}

export interface DataDirLock {
  release(): void;
}

/** Makes the data directory (mode 0700) where it is missing, and checks that it can be written. */
export function prepareDataDir(dataDir: string): void {
  try {
    if (mkdirSync(dataDir, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(dataDir, 0o700);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataDirError(
      `HEARTHKEY_DATA_DIR: the data directory ${dataDir} can't be written: ${systemReason(error)}`,
    );
  }
}

/**
 * Makes a file of SQLite's readable to its owner alone (0600), and what lies beside it, also where others may look
 * into the directory; to be called before it is opened. What SQLite makes beside it later has the same mode.
 */
export function makePrivate(file: string): void {
  // One that is there is never opened here: to close it would let go of the locks that this process has on it.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(file + suffix)) chmodSync(file + suffix, 0o600);
  }
}

/**
 * Makes this process the only one on the data directory. The lock is SQLite's own on a file beside the data, so the
 * kernel takes it back when the process ends, however it ends.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const file = join(dataDir, 'lock');
  let database: InstanceType<typeof DatabaseSync> | undefined;
  try {
    makePrivate(file);
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const text = (error as Error).message;
    throw new DataDirError(
      /locked|busy/i.test(text)
        ? `another Hearthkey service is running on the data directory ${dataDir}`
        : `the data directory ${dataDir} can't be locked: ${text}`,
    );
  }
  const held = database;
  return { release: () => held.close() };
}
