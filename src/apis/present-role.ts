import { AppError, notFound, ReturnCode } from '../errors.js';
import type { ApiEntry } from './role-directory.js';
import type { RoleFile } from './role-file.js';

/** What is there, as the nodes agree on it: a role file, or one that is none; undefined: nothing. */
export type Present = { role: RoleFile | undefined } | undefined;

/** Asked right before a role file is changed: throws, or tells whether it is to be. */
export type Check = (present: Present) => boolean;

/** Throws where the file is not as the caller last saw it. */
export type RequireRole = (role: RoleFile | undefined) => void;

export function presentOf(entry: ApiEntry | undefined): Present {
  return entry && { role: entry.role };
}

export function mustBeNew(name: string): Check {
  return (present) => {
    if (present !== undefined) throw new AppError(ReturnCode.EXISTS, `API ${name} already exists`);
    return true;
  };
}

export function mustBeThere(name: string, requireRole: RequireRole = () => undefined): Check {
  return (present) => {
    if (present === undefined) throw notFound(`API ${name}`);
    requireRole(present.role);
    return true;
  };
}
