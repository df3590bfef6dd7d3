import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { includes } from './nginx-conf.js';
import { syncFolder, type FileEntry, type Journal } from './journal.js';

export interface NewFile {
  /** For a file that isn't there yet. */
  mode: number;
  /** The owner of a file that isn't there yet; this process' unless said. */
  owner?: { uid: number; gid: number } | undefined;
  /** A file that names this one. */
  usedBy?: string;
}

/**
 * Writes a file, through the journal. One that is there keeps mode, owner and extended attributes; a reader finds the
 * old text or the new one.
 *
 * @returns false where the text is there already
 */
export function changeFile(journal: Journal, given: string, content: Buffer, how: NewFile): boolean {
  const path = existsSync(given) ? realpathSync(given) : given;
  const isThere = existsSync(path);
  if (isThere && readFileSync(path).equals(content)) return false;
  const temporary = join(dirname(path), `.${basename(path)}.hearthkey-setup`);
  const backup = isThere ? journal.backupName(path) : undefined;
  if (backup !== undefined) copyWhole(path, backup);
  const { usedBy } = how;
  const before = { path, temporary, backup, after: digest(content), folderMtime: mtimeOf(dirname(path)) };
  journal.add({ kind: 'file', ...before, ...(usedBy !== undefined && { usedBy }) });
  rmSync(temporary, { force: true });
  if (isThere) copyWhole(path, temporary);
  writeFileSync(temporary, content, { mode: how.mode, flush: true });
  if (!isThere) {
    chmodSync(temporary, how.mode);
    if (how.owner !== undefined) chownSync(temporary, how.owner.uid, how.owner.gid);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
  journal.add({ kind: 'written', path, folderMtime: mtimeOf(dirname(path)) });
  return true;
}

export function makeFolder(journal: Journal, path: string, mode: number): boolean {
  if (existsSync(path)) return false;
  journal.add({ kind: 'folder', path, parentMtime: mtimeOf(dirname(path)) });
  mkdirSync(path, { mode });
  chmodSync(path, mode);
  return true;
}

export type Undone =
  | { is: 'restored' | 'removed' | 'as before' }
  /** Somebody changed it since, so it stays as it is. */
  | { is: 'changed' }
  /** It has to stay, because `usedBy` names it. */
  | { is: 'in use'; usedBy: string };

/** @param afterMtime - of the folder, when the step had ended; undefined: it did not end */
export function undoFile(entry: FileEntry, afterMtime: string | undefined): Undone {
  const { path, temporary } = entry;
  const isFolderOurs = afterMtime === undefined || mtimeOf(dirname(path)) === afterMtime;
  const undone = undoContent(entry);
  rmSync(temporary, { force: true });
  // Where others made or removed a file there meanwhile, the time is theirs.
  if (isFolderOurs && undone.is !== 'in use') setMtime(dirname(path), entry.folderMtime);
  return undone;
}

function undoContent({ path, backup, temporary, after, usedBy }: FileEntry): Undone {
  if (usedBy !== undefined && existsSync(usedBy) && includes(readBytes(usedBy), bytesOf(path)))
    return { is: 'in use', usedBy };
  const present = existsSync(path) ? digest(readFileSync(path)) : undefined;
  const before = backup === undefined ? undefined : digest(readFileSync(backup));
  if (present === before) return { is: 'as before' };
  if (present !== after) return { is: 'changed' };
  if (backup === undefined) {
    rmSync(path);
    syncFolder(dirname(path));
    return { is: 'removed' };
  }
  rmSync(temporary, { force: true });
  copyWhole(backup, temporary);
  renameSync(temporary, path);
  syncFolder(dirname(path));
  return { is: 'restored' };
}

/** @returns false where it is not empty, or gone */
export function undoFolder(path: string, parentMtime: string): boolean {
  try {
    rmdirSync(path);
    setMtime(dirname(path), parentMtime);
    return true;
  } catch {
    return false;
  }
}

/**
 * Content, mode, owner, times to the nanosecond, access lists and extended attributes: Node.js has no call for all of
 * it.
 */
function copyWhole(from: string, to: string): void {
  execFileSync('cp', ['--preserve=all', '--', from, to], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function mtimeOf(path: string): string {
  return String(statSync(path, { bigint: true }).mtimeNs);
}

function setMtime(path: string, ns: string): void {
  const text = ns.padStart(10, '0');
  const at = `@${text.slice(0, -9)}.${text.slice(-9)}`;
  execFileSync('touch', ['-m', '-d', at, '--', path], { stdio: 'ignore' });
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A file whose encoding is not known, a character for each byte. */
export function readBytes(path: string): string {
  return readFileSync(path, 'latin1');
}

/** A text of ours as it stands among such bytes. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
