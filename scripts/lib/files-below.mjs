import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * All that is below a folder, each before what is in it, with its path from there. Links are not followed, as
 * `recursive` does from Node.js 22 on.
 */
export function entriesBelow(folder, inside = '') {
  return readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((entry) => {
    const path = join(inside, entry.name);
    const one = { path, entry };
    return entry.isDirectory() ? [one, ...entriesBelow(folder, path)] : [one];
  });
}

/** Paths of the files alone, sorted. */
export function filesBelow(folder) {
  return entriesBelow(folder)
    .filter(({ entry }) => entry.isFile())
    .map(({ path }) => path)
    .sort();
}
