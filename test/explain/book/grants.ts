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
  /** It lets the key name others than its own user. */
  isForOthers: boolean;
}

export function grantsOf(world: World): Grants {
  const chain = chainOf(world);
  const standing = standingOf(world);
  const permissions = chain.map((key) => permissionsOf(key, world)).reduce(common, 'everything');
  if (permissions === 'everything')
    return { permissions, commands: new Set(world.commands.keys()), safe: new Set(), roles: [] };
  const roles = [...permissions].map((name) => commandsOf(world, name, standing));
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

type Standing = 'root user' | 'administrator' | 'user';

/** An administrator who is gone, or suspended, is asked about elsewhere. */
function standingOf({ key, rootUser, owner, administrators }: World): Standing {
  if (key?.user === rootUser) return 'root user';
  return owner !== 'gone' && administrators.includes(key?.user ?? '') ? 'administrator' : 'user';
}

/** A node grants what both its file and the shared database grant (DESIGN 8). */
function commandsOf(world: World, name: string, standing: Standing): Granting {
  if (name === 'read-only') return readOnly(world);
  const { file = 'missing', shared } = world.roles.get(name) ?? {};
  const copies = [file, shared ?? file];
  const [here, there] = copies.map((copy) => rowsOf(copy, standing));
  const [oneRole, otherRole] = copies.map((copy) => (typeof copy === 'object' ? copy.role : undefined));
  // Where the two have another ROLE, they are for the root user alone.
  if (standing !== 'root user' && oneRole !== otherRole) return nothing;
  const commands = intersection(here!.commands, there!.commands);
  const safe = intersection(commands, intersection(here!.safe, there!.safe));
  const isForOthers = standing === 'root user' || (standing === 'administrator' && oneRole === 'admin');
  return { commands, safe, only: [...here!.only, ...there!.only], isForOthers };
}

/** The built-in API has the commands that only look; a file of its name grants nothing, and neither does the name then, here or on other nodes. */
function readOnly({ roles, commands }: World): Granting {
  const { file = 'missing', shared = 'missing' } = roles.get('read-only') ?? {};
  const isTaken = file !== 'missing' || shared !== 'missing';
  const reading = isTaken ? [] : [...commands.keys()].filter(onlyLooks);
  return { ...nothing, commands: new Set(reading) };
}

const nothing: Granting = { commands: new Set(), safe: new Set(), only: [], isForOthers: false };

/** A role that can't be read grants nothing; `admin` grants to administrators too, `user` to everybody. */
function rowsOf(copy: RoleText | 'broken' | 'missing', standing: Standing): Granting {
  const isFor = (role: RoleText['role']): boolean =>
    standing === 'root user' || role === 'user' || (standing === 'administrator' && role === 'admin');
  const grants = typeof copy === 'object' && isFor(copy.role) ? copy : undefined;
  const only = grants?.only === undefined ? [] : [grants.only];
  return { ...nothing, commands: new Set(grants?.commands), safe: new Set(grants?.safe), only };
}

function intersection(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one].filter((item) => other.has(item)));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
