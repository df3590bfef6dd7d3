import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceWholeFile } from '../../storage/sqlite/whole-file.js';

const pattern = /^[0-9a-f]{32}$/;

export function newChainId(): string {
  return randomBytes(16).toString('hex');
}

/**
 * Which chain the folder says that its record is. What lies beside the record can be changed together with it, so the
 * head beside the audit key counts, then the database.
 *
 * @returns undefined: there is no such file, or nothing in it that could be an ID
 */
export function chainIdInFolder(dataDir: string): string | undefined {
  try {
    const id = readFileSync(chainFile(dataDir), 'utf8').trim();
    return pattern.test(id) ? id : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

export function writeChainId(dataDir: string, id: string): void {
  replaceWholeFile(chainFile(dataDir), `${id}\n`);
}

/** Writes it anew where the file was altered or removed since the start. @returns whether it was as it should be */
export function restoreChainId(dataDir: string, id: string): boolean {
  if (chainIdInFolder(dataDir) === id) return true;
  writeChainId(dataDir, id);
  return false;
}

function chainFile(dataDir: string): string {
  return join(dataDir, 'audit-chain');
}
