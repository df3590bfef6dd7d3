import { bothHeld, formatHeld } from '../catalogue/held-arguments.js';
import { onlyShared, readOnlyApi } from './read-only-api.js';
import type { ApiEntry } from './role-directory.js';
import { parseRoleFile, RoleFileError, type RoleFile } from './role-file.js';

/** The roles that the database has, by name; undefined: its text is none, and grants nothing. */
export type SharedRoles = ReadonlyMap<string, RoleFile | undefined>;

export function readSharedRoles(texts: ReadonlyMap<string, string>): SharedRoles {
  return new Map([...texts].map(([name, text]) => [name, readSharedRole(text)]));
}

/** @returns undefined for a text that is no role file */
export function readSharedRole(text: string): RoleFile | undefined {
  try {
    return parseRoleFile(text);
  } catch (error) {
    if (error instanceof RoleFileError) return undefined;
    throw error;
  }
}

const agreed = new WeakMap<RoleFile, WeakMap<RoleFile, ApiEntry>>();

/**
 * What a node grants where several share a database: what both its own file and the database grant. So a file that was
 * edited by hand on one node can take away there at once, and gives nothing that the others don't know of.
 *
 * @param shared - undefined: one process owns the data, and the file alone counts
 */
export function agreedEntry(
  entry: ApiEntry | undefined,
  shared: SharedRoles | undefined,
): ApiEntry | undefined {
  if (shared === undefined || entry?.role === undefined) return entry;
  // The others have a file of its name, by which it grants nothing.
  if (entry.role.isReadOnlyApi) return shared.has(entry.name) ? onlyShared : entry;
  const other = shared.get(entry.name);
  if (other === undefined)
    return { name: entry.name, problem: 'is not in the database that the nodes share' };
  const known = agreed.get(entry.role)?.get(other);
  if (known !== undefined) return known;
  const both = { name: entry.name, role: agreedRole(entry.role, other) };
  const byOther = agreed.get(entry.role) ?? new WeakMap<RoleFile, ApiEntry>();
  agreed.set(entry.role, byOther.set(other, both));
  return both;
}

function agreedRole(one: RoleFile, other: RoleFile): RoleFile {
  const only = bothHeld(one.only, other.only);
  return {
    ...(only !== undefined && { only }),
    // Each of the two lets keys do what the other doesn't: together they are for the root user alone.
    role: one.role === other.role ? one.role : undefined,
    listed: one.listed.filter((command) => other.listed.includes(command)),
    commands: both(one.commands, other.commands),
    safe: both(one.safe, other.safe),
  };
}

function both(one: ReadonlySet<string>, other: ReadonlySet<string>): Set<string> {
  return new Set([...one].filter((item) => other.has(item)));
}

/** Whether two roles say the same, line for line. */
export function isSameRole(one: RoleFile, other: RoleFile): boolean {
  const text = ({ role, listed, safe, only }: RoleFile) =>
    JSON.stringify([role, listed, [...safe], only && formatHeld(only)]);
  return text(one) === text(other);
}

/** How a node's file of an API differs from the database that the nodes share. */
export interface RoleDifference {
  api: string;
  problem: string;
  /** Undefined: it has none, or what it has can't be read. */
  file: RoleFile | undefined;
  shared: RoleFile | undefined;
  /** Whether the database has the API. */
  isShared: boolean;
}

/** How a node's files differ from the database; they are reported, never spread. */
export function roleDifferences(files: readonly ApiEntry[], shared: SharedRoles): RoleDifference[] {
  const found = new Map(files.map((entry) => [entry.name, entry]));
  const names = [...new Set([...found.keys(), ...shared.keys()])].sort();
  return names.flatMap((api) => {
    const [file, other] = [found.get(api)?.role, shared.get(api)];
    const roles = { api, file, shared: other, isShared: shared.has(api) };
    // Whatever its file says, it grants nothing.
    if (api === readOnlyApi && found.has(api)) return [];
    if (!found.has(api)) return [{ ...roles, problem: 'is in the database, but in no file of this node' }];
    if (!roles.isShared) return [{ ...roles, problem: 'is in a file of this node, but not in the database' }];
    if (file !== undefined && other !== undefined && isSameRole(file, other)) return [];
    return [{ ...roles, problem: "differs between this node's file and the database" }];
  });
}
