/** Programs that tests run besides Node.js; `npm test` as root installs them (scripts/install-test-servers.sh). */
import { describe } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian has its programs. */
const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];

/** Tests that are skipped, by name, where one of these programs is missing. */
export function describeWith(...programs: string[]): typeof describe | typeof describe.skip {
  const isThere = (program: string): boolean => folders.some((folder) => existsSync(join(folder, program)));
  return programs.every(isThere) ? describe : describe.skip;
}
