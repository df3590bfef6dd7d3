import { isAbsolute, resolve } from 'node:path';
import { defaultPlaces, installationDir } from '../config/config.js';

/** The environment of an operator's shell, which the set-up runs in. The only reader of it in this folder. */
export function shellEnvironment(): { path: string | undefined; sudoUser: string | undefined } {
  return { path: process.env['PATH'], sudoUser: process.env['SUDO_USER'] };
}

/** The settings file that is written: the one that the service reads. */
export function envFilePlace(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['HEARTHKEY_ENV_FILE'] ?? '';
  if (given !== '' && given !== 'none') return isAbsolute(given) ? given : resolve(installationDir, given);
  return defaultPlaces.envFile;
}
