import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import type { AuditKey } from '../key/audit-key.js';
import { readHead } from '../record/chain.js';
import { firstLineIn, mostFirstLineBytes } from '../record/first-line.js';
import { auditFolder, readPiece } from '../record/record-files.js';
import { openStatement, readStatement, statementFile, type PutAway } from './statement.js';

/** Files that are no longer part of the record, until they are removed. */
const prefix = 'put-away-';

/** Lays the signed statement beside the one that counts, on the disk. */
export async function layStatement(dataDir: string, note: string): Promise<void> {
  const handle = await open(`${statementFile(dataDir)}.new`, 'w', 0o600);
  try {
    await handle.writeFile(note);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Makes the statement that was laid the one that counts. A rename alone, so that no decision waits. */
export function enactStatement(dataDir: string): void {
  renameSync(`${statementFile(dataDir)}.new`, statementFile(dataDir));
}

/** Renames the files of the statement. A start finishes this after a kill. */
export function takeOutFiles(dataDir: string, { files }: PutAway): void {
  for (const name of files) takeOut(dataDir, name);
}

/**
 * At start: takes out what a kill left of the files that the newest statement names.
 *
 * @returns the statement; undefined: there is none, or none that this key has signed for this chain
 */
export function finishPuttingAway(dataDir: string, key: AuditKey, chain: string): PutAway | undefined {
  rmSync(`${statementFile(dataDir)}.new`, { force: true });
  const statement = openStatement(readStatement(dataDir) ?? '', key, chain);
  for (const name of statement?.files ?? []) {
    // Log rotation may have given the name to another file since.
    const first = firstSequence(join(auditFolder(dataDir), name));
    if (first !== undefined && first < (statement?.begin ?? 0)) takeOut(dataDir, name);
  }
  return statement;
}

/** Off the path of decisions: to give a large file's blocks back takes its time. */
export async function removePutAwayFiles(dataDir: string): Promise<void> {
  const folder = auditFolder(dataDir);
  for (const name of await readdir(folder)) if (name.startsWith(prefix)) await rm(join(folder, name));
}

function takeOut(dataDir: string, name: string): void {
  renameSync(join(auditFolder(dataDir), name), join(auditFolder(dataDir), `${prefix}${name}`));
}

/** Undefined: there is no such file, or its first line is none of a record. */
function firstSequence(file: string): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const piece = readPiece(descriptor, 0, mostFirstLineBytes);
    const cut = { finishFlush: constants.Z_SYNC_FLUSH };
    const text = file.endsWith('.gz') ? gunzipSync(piece, cut) : piece;
    const line = firstLineIn(text);
    return line && readHead(line)?.sequence;
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}
