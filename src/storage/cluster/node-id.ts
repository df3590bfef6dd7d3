import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWholeFile, replaceWholeFile } from '../sqlite/whole-file.js';

/** Names this data directory among those of other nodes, for good: 16 hexadecimal digits in `<data>/node-id`. */
export function nodeIdOf(dataDir: string): string {
  const file = join(dataDir, 'node-id');
  try {
    return readNodeId(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeWholeFile(file, `${randomBytes(8).toString('hex')}\n`);
    return readNodeId(file);
  }
}

/** Writes it anew where the file was altered or removed since it was read. @returns whether it was as it should be */
export function restoreNodeId(dataDir: string, id: string): boolean {
  const file = join(dataDir, 'node-id');
  try {
    if (readNodeId(file) === id) return true;
  } catch {
    // Missing, unreadable, or no ID: it is not as it should be.
  }
  replaceWholeFile(file, `${id}\n`);
  return false;
}

function readNodeId(file: string): string {
  const id = readFileSync(file, 'utf8').trim();
  if (/^[0-9a-f]{16}$/.test(id)) return id;
  throw new Error(`${file} does not hold the 16 hexadecimal digits that name this node`);
}
