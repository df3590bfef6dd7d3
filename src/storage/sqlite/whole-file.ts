import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/*
 * Small files that a start depends on, mode 0600. A reader finds the whole text or no file: a kill or a full disk
 * leaves none that is empty. The file is on the disk when this returns.
 */

/** @throws Error EEXIST when there is such a file, which stays as it is */
export function makeWholeFile(file: string, text: string): void {
  laidBeside(file, text, (temporary) => linkSync(temporary, file));
}

export function replaceWholeFile(file: string, text: string): void {
  laidBeside(file, text, (temporary) => renameSync(temporary, file));
}

function laidBeside(file: string, text: string, put: (temporary: string) => void): void {
  const temporary = `${file}.${String(process.pid)}.new`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flush: true });
    put(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(dirname(file));
}

/** So that the name is on the disk, too. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
