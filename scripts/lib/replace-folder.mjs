import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { entriesBelow } from './files-below.mjs';

/**
 * Gives `folder` the files of `next`, file by file: no path that both of them have is missing at any moment, so that
 * programs which are started from there, or load a file late, find it. (The folder as a whole can't be exchanged in one
 * step: for a moment there would be none.) What `next` doesn't have is removed at the end.
 */
export function replaceFolder(folder, next) {
  const wanted = filesOf(next);
  for (const name of wanted) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    renameSync(join(next, name), join(folder, name));
  }
  const keeps = new Set(wanted);
  for (const name of filesOf(folder)) if (!keeps.has(name)) rmSync(join(folder, name));
}

/** Links too. */
function filesOf(folder) {
  return entriesBelow(folder)
    .filter(({ entry }) => !entry.isDirectory())
    .map(({ path }) => path);
}
