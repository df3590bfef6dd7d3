/** A copy of the installation that a test may spoil, with the same packages. */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installation, temporaryFolder } from '../support/folders.js';

/** @param names - of the files and folders that are copied, besides package.json */
export function copyInstallation(...names: string[]): string {
  const copy = join(temporaryFolder(), 'copy');
  for (const name of ['package.json', ...names])
    cpSync(join(installation, name), join(copy, name), { recursive: true });
  symlinkSync(join(installation, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
