import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.js';

/** Of the versions before: so many copies stay. */
const copiesKept = 2;

/**
 * Copies the embedded database beside itself before its tables are changed: `FILE.VERSION`, one for each version, the two
 * newest. The copy is whole and on the disk when this returns.
 *
 * @param version - which the database is of
 * @throws Error where it can't be copied: then nothing is to be changed
 */
export async function copyBeforeUpgrade(db: Kysely<Schema>, file: string, version: string): Promise<string> {
  const copy = copyName(file, version);
  const temporary = `${copy}.new`;
  try {
    rmSync(temporary, { force: true });
    // SQLite makes it with the mode that the umask leaves.
    closeSync(openSync(temporary, 'wx', 0o600));
    await sql`vacuum into ${temporary}`.execute(db);
    syncFile(temporary);
    renameSync(temporary, copy);
    syncFile(dirname(copy));
  } catch (error) {
    rmSync(temporary, { force: true });
    const why = (error as Error).message;
    throw new Error(`the store ${file} can't be copied before its upgrade, and stays as it is: ${why}`, {
      cause: error,
    });
  }
  prune(file);
  return copy;
}

export function copyName(file: string, version: string): string {
  return `${file}.${version}`;
}

function prune(file: string): void {
  const folder = dirname(file);
  const start = `${basename(file)}.`;
  const copies = readdirSync(folder)
    .filter((name) => name.startsWith(start) && /^\d+\.\d+\.\d+[\w.-]*$/.test(name.slice(start.length)))
    .map((name) => join(folder, name))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const old of copies.slice(copiesKept)) rmSync(old);
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
