import { isAbsolute, resolve } from 'node:path';
import { defaultPlaces, installationDir } from '../config/config.js';

/** The environment of an operator's shell, which the set-up runs in. The only reader of it in this folder. */
export function shellEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** The settings file that is written: the one that the service reads. */
export function envFilePlace(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['HEARTHKEY_ENV_FILE'] ?? '';
  if (given !== '' && given !== 'none') return isAbsolute(given) ? given : resolve(installationDir, given);
  return defaultPlaces.envFile;
}
