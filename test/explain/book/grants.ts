/**
 * What a key may run, as sets (DESIGN 1 and 7.6, docs/deviations.md, README "API roles"): permissions of the key that
 * all of its makers have too; the roles of these names; the commands of these roles.
 */
import { onlyLooks } from './commands.js';
import type { Only, RoleText, World, WorldKey } from '../world.js';

export interface Grants {
  /** `everything`: a root user's key without permissions, made by nobody or by such keys alone. */
  permissions: 'everything' | ReadonlySet<string>;
  commands: ReadonlySet<string>;
  /** Those that one role lists both in COMMANDS and in SAFE. */
  safe: ReadonlySet<string>;
  roles: readonly Granting[];
}

/** What one role grants; each of `only` has to allow the arguments. */
export interface Granting {
  commands: ReadonlySet<string>;
  safe: ReadonlySet<string>;
  only: readonly Only[];
}

export function grantsOf(world: World): Grants {
  const chain = chainOf(world);
  const isOfRootUser = chain.every(({ user }) => user === world.rootUser);
  const permissions = chain.map((key) => permissionsOf(key, world)).reduce(common, 'everything');
  if (permissions === 'everything')
    return { permissions, commands: new Set(world.commands.keys()), safe: new Set(), roles: [] };
  const roles = [...permissions].map((name) => commandsOf(world, name, isOfRootUser));
  return {
    permissions,
    commands: union(roles.map(({ commands }) => commands)),
    safe: union(roles.map(({ safe }) => safe)),
    roles,
  };
}

/** The key and those that made it: all of them have to allow what it does. */
export function chainOf({ key, makers }: World): readonly WorldKey[] {
  return key === undefined ? [] : [key, ...makers];
}

function permissionsOf(key: WorldKey, { rootUser }: World): Grants['permissions'] {
  const isUnrestricted = key.user === rootUser && key.permissions.length === 0 && key.isGone !== true;
  return isUnrestricted ? 'everything' : new Set(key.isGone === true ? [] : key.permissions);
}

function common(one: Grants['permissions'], other: Grants['permissions']): Grants['permissions'] {
  if (one === 'everything') return other;
  return other === 'everything' ? one : intersection(one, other);
}

/** A node grants what both its file and the shared database grant (DESIGN 8). */
function commandsOf(world: World, name: string, isOfRootUser: boolean): Granting {
  if (name === 'read-only') return readOnly(world);
  const { file = 'missing', shared } = world.roles.get(name) ?? {};
  const [here, there] = [file, shared ?? file].map((copy) => rowsOf(copy, isOfRootUser));
  const commands = intersection(here!.commands, there!.commands);
  const safe = intersection(commands, intersection(here!.safe, there!.safe));
  return { commands, safe, only: [...here!.only, ...there!.only] };
}

/** The built-in API has the commands that only look; a file of its name grants nothing, and neither does the name then, here or on other nodes. */
function readOnly({ roles, commands }: World): Granting {
  const { file = 'missing', shared = 'missing' } = roles.get('read-only') ?? {};
  const isTaken = file !== 'missing' || shared !== 'missing';
  const reading = isTaken ? [] : [...commands.keys()].filter(onlyLooks);
  return { commands: new Set(reading), safe: new Set(), only: [] };
}

/** A role that can't be read grants nothing; only `user` grants something to users other than the root user. */
function rowsOf(copy: RoleText | 'broken' | 'missing', isOfRootUser: boolean): Granting {
  const grants = typeof copy === 'object' && (isOfRootUser || copy.role === 'user') ? copy : undefined;
  const only = grants?.only === undefined ? [] : [grants.only];
  return { commands: new Set(grants?.commands), safe: new Set(grants?.safe), only };
}

function intersection(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one].filter((item) => other.has(item)));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
