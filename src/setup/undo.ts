import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ReturnCode } from '../errors.js';
import { undoFile, undoFolder, type Undone } from './files.js';
import type { Entry, FileEntry, Journal } from './journal.js';
import { say } from './output.js';
import { reloadNginx, testNginx } from './panel-nginx.js';
import { undoUnit } from './unit.js';

/**
 * Takes back what the journal tells, newest first.
 *
 * @param from - the entry to end with: those before it are of earlier runs
 * @returns 0; 4 where something has to stay because a file that was changed since names it; 15 where nginx or the unit
 * didn't take it
 */
export function undo(journal: Journal, from = 0): ReturnCode {
  const entries = journal.entries();
  let code: ReturnCode = ReturnCode.OK;
  for (let index = entries.length - 1; index >= from; index--) {
    const entry = entries[index];
    if (entry === undefined) continue;
    const worse = undoEntry(journal, entry, writtenAt(entries, index));
    if (worse !== ReturnCode.OK) code = worse;
    // What has to stay is tried again by the next one.
    if (code !== ReturnCode.EXISTS) journal.keep(index);
  }
  if (code !== ReturnCode.EXISTS && from === 0) journal.remove();
  const nginx = entries.slice(from).find((entry) => entry.kind === 'nginx');
  return nginx === undefined ? code : (backToOldNginx(nginx) ?? code);
}

/** What it would do, a line for each. */
export function describeUndo(journal: Journal): void {
  for (const entry of journal.entries().reverse()) {
    if (entry.kind === 'file')
      say(`would ${entry.backup === undefined ? 'remove' : 'restore'} ${entry.path}`);
    if (entry.kind === 'folder') say(`would remove ${entry.path}, if it is empty`);
    if (entry.kind === 'nginx') say(`would reload nginx with ${entry.conf}`);
    if (entry.kind === 'unit') say(`would set ${entry.name} back`);
  }
}

function undoEntry(journal: Journal, entry: Entry, afterMtime: string | undefined): ReturnCode {
  if (entry.kind === 'file') return tell(journal, entry, undoFile(entry, afterMtime));
  if (entry.kind === 'folder' && undoFolder(entry.path, entry.parentMtime)) say(`removed ${entry.path}`);
  if (entry.kind !== 'unit') return ReturnCode.OK;
  try {
    undoUnit(entry);
    say(`set ${entry.name} back`);
    return ReturnCode.OK;
  } catch (error) {
    say(`Error: ${(error as Error).message}`);
    return ReturnCode.CONNECT;
  }
}

/** When its folder was changed by the step, where the step ended. */
function writtenAt(entries: readonly Entry[], index: number): string | undefined {
  const next = entries[index + 1];
  return next?.kind === 'written' ? next.folderMtime : undefined;
}

function tell(journal: Journal, { path, backup }: FileEntry, undone: Undone): ReturnCode {
  if (undone.is === 'in use') {
    say(
      `${path} stays, because ${undone.usedBy} was changed since and names it: remove that line, then run this again`,
    );
    return ReturnCode.EXISTS;
  }
  if (undone.is !== 'changed') {
    say(`${undone.is}: ${path}`);
    return ReturnCode.OK;
  }
  if (backup !== undefined) journal.leave(backup);
  const old = backup === undefined ? '' : `; ${backup} has it as it was before`;
  say(`${path} was changed since, so it stays as it is${old}`);
  return ReturnCode.OK;
}

/** @returns undefined where it runs with the old configuration */
function backToOldNginx(nginx: Extract<Entry, { kind: 'nginx' }>): ReturnCode | undefined {
  if (!existsSync(dirname(nginx.conf))) return undefined;
  try {
    testNginx(nginx);
    reloadNginx(nginx);
    say(`reloaded nginx with ${nginx.conf}`);
    return undefined;
  } catch (error) {
    say(`Error: ${(error as Error).message}`);
    return ReturnCode.CONNECT;
  }
}
