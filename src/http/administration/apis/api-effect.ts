import { presentOf } from '../../../apis/present-role.js';
import type { RoleDirectory } from '../../../apis/role-directory.js';
import { lists, type RoleFile } from '../../../apis/role-file.js';
import { wantedOnly, type NewApi } from '../../../apis/wanted-role.js';
import { grantsTo } from '../../../authorization/held-step.js';
import type { Catalogue } from '../../../catalogue/catalogue.js';
import { describeCommand } from '../../../catalogue/command-spec.js';
import { isNoWiderHeld, isWithin, placesOf, type HeldArguments } from '../../../catalogue/held-arguments.js';
import type { AccessKeyList } from '../../../keys/listing/access-key-list.js';
import type { ApiEffectDto, KeyEffectDto } from './api.dto.js';

const mostKeys = 1000;

export interface EffectParts {
  roles: Pick<RoleDirectory, 'find'>;
  list: Pick<AccessKeyList, 'page'>;
  catalogue: Pick<Catalogue, 'find'>;
  rootUser: string;
  /** Whether a user is an administrator beside the root user. */
  isAdministrator: (name: string) => boolean;
}

type Effect = Pick<KeyEffectDto, 'loses' | 'gains'>;

/**
 * What keys could run no more, or only then, by their roles: with all arguments, or with some of them. What a key itself
 * is held to is left out.
 *
 * @param wanted - the role file as it would be; without commands: as if it were gone
 * @throws AppError 12 as the change would
 */
export async function effectOf(
  { roles, list, catalogue, rootUser, isAdministrator }: EffectParts,
  wanted: NewApi,
): Promise<ApiEffectDto> {
  const entry = roles.find(wanted.name);
  const after = roleOf(wanted, wantedOnly(wanted, presentOf(entry)));
  const { keys, last } = await list.page({ permission: wanted.name }, 'id', mostKeys, undefined);
  // Most keys have one of a few sets of roles.
  const known = new Map<string, Effect>();
  const effects = keys.map(({ id, user, permissions }): KeyEffectDto => {
    const isRootUser = user === rootUser;
    const others = permissions.filter((name) => name !== wanted.name);
    const standing = { isRootUser, isAdministrator: !isRootUser && isAdministrator(user) };
    const what = [...Object.values(standing), ...others].join();
    let effect = known.get(what);
    if (effect === undefined) {
      const present = others.flatMap((name) => roles.find(name)?.role ?? []);
      effect = effectFor({ present, before: entry?.role, after, standing, catalogue });
      known.set(what, effect);
    }
    const isForOthers = (role: RoleFile | undefined): boolean =>
      standing.isAdministrator && role?.role === 'admin';
    return {
      ...{ accessKeyId: id, user, ...effect },
      losesForOthers: effect.loses.length > 0 && isForOthers(entry?.role),
      gainsForOthers: effect.gains.length > 0 && isForOthers(after),
    };
  });
  const touched = effects.filter(({ loses, gains }) => loses.length + gains.length > 0);
  return { keys: touched, isComplete: last === undefined };
}

function roleOf({ role, commands, safe }: NewApi, only: HeldArguments | undefined): RoleFile {
  const file = { role, listed: commands, commands: new Set(commands), safe: new Set(safe) };
  return only === undefined ? file : { ...file, only };
}

interface Replacement {
  /** The other roles of a key. */
  present: readonly RoleFile[];
  before: RoleFile | undefined;
  after: RoleFile;
  standing: Standing;
  catalogue: Pick<Catalogue, 'find'>;
}

type Standing = Parameters<typeof grantsTo>[1];

function effectFor({ present, before, after, standing, catalogue }: Replacement): Effect {
  const commands = new Set([...(before?.commands ?? []), ...after.commands]);
  const effect: Effect = { loses: [], gains: [] };
  for (const command of [...commands].sort()) {
    const granted = (role: RoleFile | undefined): Granted[] => grantedBy(role, command, standing, catalogue);
    const others = present.flatMap(granted);
    const [then, now] = [
      [...others, ...granted(before)],
      [...others, ...granted(after)],
    ];
    if (!isCovered(then, now)) effect.loses.push(command);
    if (!isCovered(now, then)) effect.gains.push(command);
  }
  return effect;
}

/** In the place of the name of a key's own user. */
const ownUser = '(own)';

/** What a command is granted with: what its own arguments are held to. */
type Granted = { held: HeldArguments };

/** Nothing where no arguments are allowed. */
function grantedBy(
  role: RoleFile | undefined,
  command: string,
  standing: Standing,
  catalogue: Pick<Catalogue, 'find'>,
): Granted[] {
  // One that this service doesn't know, such as a gateway's: its arguments are not known, either.
  const known = catalogue.find(command);
  const spec = known ?? describeCommand(command, '', 'USER');
  if (role === undefined || !grantsTo(role, standing) || !lists(role, spec)) return [];
  const isSafe = role.safe.has(command);
  const namesOthers = standing.isRootUser || (standing.isAdministrator && role.role === 'admin');
  if (!namesOthers && !isSafe && spec.userPositions.length === 0) return [];
  const only = new Map(role.only);
  // Of an administrator's roles some hold the key to its own user, and some don't.
  if (!namesOthers && standing.isAdministrator) only.set('USER', [ownUser]);
  if (known === undefined) return [{ held: only }];
  if (!isWithin(only, spec, 'any', isSafe)) return [];
  return [{ held: new Map([...only].filter(([name]) => placesOf(name, spec.argumentNames).length > 0)) }];
}

function isCovered(some: readonly Granted[], by: readonly Granted[]): boolean {
  return some.every(({ held }) => by.some((each) => isNoWiderHeld(held, each.held)));
}
