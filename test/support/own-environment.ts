/** What tests and harnesses give to the programs that they start: nothing of an operator's settings. */
import { join } from 'node:path';
import { temporaryFolder } from './folders.js';

/**
 * The whole environment of a program: what every program needs, no `.env` file, and what the test adds.
 *
 * @param more - by their full names
 */
export function ownEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  // A home that root can't make either.
  return {
    PATH: process.env['PATH'],
    HOME: '/dev/null',
    HEARTHKEY_ENV_FILE: 'none',
    HEARTHKEY_RUN_DIR: 'none',
    ...more,
  };
}

/**
 * Settings of a service, by their full names. Where the test says nothing, nothing of this machine is touched: a free
 * port, a new data directory, and a directory for temporary files.
 *
 * @param settings - without `HEARTHKEY_`
 */
export function ownSettings(settings: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { DATA_DIR = join(temporaryFolder(), 'data'), TMP_DIR = temporaryFolder() } = settings;
  const all = { LISTEN: '127.0.0.1:0', ...settings, DATA_DIR, TMP_DIR };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`HEARTHKEY_${name}`, value]));
}
