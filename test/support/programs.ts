/** Programs that tests run besides Node.js; `npm test` as root installs them (scripts/install-test-servers.sh). */
import type { describe as Describe } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Jest's; harnesses that run without it use the rest of this file. */
declare const describe: typeof Describe;

/** Where Debian has its programs; those of PostgreSQL are in no PATH. */
const folders = [
  ...(process.env['PATH'] ?? '').split(':'),
  '/usr/sbin',
  '/sbin',
  ...postgresFolders('/usr/lib/postgresql'),
];

/** Tests that are skipped, by name, where one of these programs is missing. */
export function describeWith(...programs: string[]): typeof Describe | typeof Describe.skip {
  return programs.every(hasProgram) ? describe : describe.skip;
}

export function hasProgram(program: string): boolean {
  return find(program) !== undefined;
}

/** The path of a program that is there. */
export function programPath(program: string): string {
  const path = find(program);
  if (path === undefined) throw new Error(`${program} is not installed`);
  return path;
}

function find(program: string): string | undefined {
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Newest first. */
function postgresFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(root, version, 'bin'));
}
