import type { CommandSpec } from '../catalogue/command-spec.js';
import { AppError, ReturnCode } from '../errors.js';
import { formatRoleFile, type RoleFile } from './role-file.js';

/** The name of the API that is built in. */
export const readOnlyApi = 'read-only';

/**
 * Every command that only reads, of the catalogue as it is at each moment, for the key's own user: it has no SAFE.
 *
 * @param listCommands - all that there are
 */
export function readOnlyEntry(listCommands: () => readonly CommandSpec[]): {
  name: string;
  role: RoleFile;
} {
  const names = (): string[] => listCommands().flatMap(({ name, onlyReads }) => (onlyReads ? [name] : []));
  const role = {
    role: 'user' as const,
    isReadOnlyApi: true as const,
    get listed() {
      return names();
    },
    get commands() {
      return new Set(names());
    },
    safe: new Set<string>(),
  };
  return { name: readOnlyApi, role };
}

/**
 * The built-in API in the place of a file of its name. Such a file neither replaces it nor widens what keys had by the
 * file: as long as it is there, the name grants nothing.
 */
export function besideFile<T>(builtIn: T, file: object | undefined): T | { name: string; problem: string } {
  if (file === undefined) return builtIn;
  return { name: readOnlyApi, problem: 'has the name of an API that is built in: rename it' };
}

/**
 * Its file is gone, and no command took it away: an editor may be putting another one there, or the folder is not there.
 * Keys had less by the name than the built-in API has.
 */
export const removedByHand = {
  name: readOnlyApi,
  problem: 'was removed by hand: v-delete-api read-only lets the API that is built in count',
} as const;

/** The same where several nodes share a database. */
export const onlyShared = {
  name: readOnlyApi,
  problem:
    'is in the database that the nodes share, not here: v-delete-api read-only lets the API that is built in count',
} as const;

/** In the place of a file of its name that is no role file: where it is copied or shared, it grants nothing either. */
export const grantsNothing = formatRoleFile('user', [], []);

/** @throws AppError 10 for what the API is not there for */
export function refuseReadOnlyApi(name: string): void {
  if (name !== readOnlyApi) return;
  throw new AppError(ReturnCode.FORBIDDEN, `API ${name} is built in and has no file: choose another name`);
}
