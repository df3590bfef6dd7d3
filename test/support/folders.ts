/** Folders of their own for each test file, gone when it ends. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { atEnd } from './clean-up.js';

/** Where package.json, bin and dist are. */
export const installation = resolve(import.meta.dirname, '../..');

const folders: string[] = [];

/** A new folder, open to its owner alone; short, because the path of a Unix socket has at most 107 bytes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hk-'));
  folders.push(folder);
  return folder;
}

/** A commands directory: each script by its name, with the argument names that its head tells. */
export function commandsDirectory(
  scripts: Readonly<Record<string, { options?: string; script: string }>>,
): string {
  const directory = join(temporaryFolder(), 'commands');
  mkdirSync(directory);
  for (const [name, { options = '', script }] of Object.entries(scripts)) {
    const head = `#!/bin/sh\n# info: ${name} of the tests\n# options: ${options === '' ? 'NONE' : options}\n`;
    writeFileSync(join(directory, name), `${head}${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  // Another user runs them too.
  chmodSync(resolve(directory, '..'), 0o755);
  return directory;
}

atEnd(() => {
  // An audit key lies beside its data directory.
  for (const folder of folders.flatMap((name) => [name, `${name}-audit`]))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
