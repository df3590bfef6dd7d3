import { lists, type RoleFile } from '../apis/role-file.js';
import type { CommandSpec } from '../catalogue/command-spec.js';
import { isWithin, type HeldArguments } from '../catalogue/held-arguments.js';
import { noMakers } from '../keys/makers/makers.js';
import type { AccessRequest } from './access-request.js';
import { namesOnly } from './named-users.js';
import type { DecisionFacts, KeyFacts } from './facts/decision-facts.js';

interface HeldQuestion {
  key: Pick<KeyFacts, 'user' | 'only' | 'permissions'>;
  isRootUser: boolean;
  isAdministrator: boolean;
  /** By some of the roles. */
  namesOthers: boolean;
  command: CommandSpec;
  permissions: 'everything' | readonly string[];
  /** By roles, whatever the arguments are. */
  grant: GrantWithin;
}

/** What a command is granted by, with its arguments looked at. */
export type GrantWithin = 'none' | 'granted' | 'safe';

/**
 * One of the roles has to grant the command by itself: its ROLE lets the key of an administrator name that user; its ONLY,
 * the `--only` of the key and of each of its makers allow the arguments. SAFE counts where that role has it: for a name
 * that the command has no argument of, and for USER. It does not for the `--only` of a key without permissions, which has
 * no role: a key that it made can do no more than it.
 *
 * @param args - as `isWithin` takes them
 */
export function grantWithin(
  question: HeldQuestion,
  { makers = noMakers, findApi }: Pick<DecisionFacts, 'makers' | 'findApi'>,
  args: AccessRequest['args'] | 'any',
): GrantWithin {
  const { key, command, permissions, isRootUser, namesOthers, grant: granted } = question;
  const ofKeys = [key, ...makers].filter(({ only }) => only !== undefined);
  const hasUser = command.userPositions.length > 0;
  const needsSafe = granted === 'safe' && !isRootUser && !hasUser;
  const namesOwner = args === 'any' || namesOnly(key.user, command.userPositions, args);
  const letsName = (role: RoleFile, isSafe: boolean): boolean => {
    if (!namesOthers) return isSafe || !needsSafe;
    return (role.role === 'admin' && args !== undefined) || (hasUser ? namesOwner : isSafe);
  };
  const allows = (ofRole: HeldArguments | undefined, isSafe: boolean): boolean => {
    if (ofRole !== undefined && !isWithin(ofRole, command, args, isSafe)) return false;
    return ofKeys.every(
      (one) => !one.only || isWithin(one.only, command, args, isSafe && one.permissions.length > 0),
    );
  };
  // Where no role grants it, the key's own and its makers' are left to be told.
  if (permissions === 'everything' || granted === 'none')
    return allows(undefined, false) ? 'granted' : 'none';
  let grant: GrantWithin = 'none';
  for (const name of permissions) {
    const role = findApi(name)?.role;
    if (role === undefined || !grantsTo(role, question) || !lists(role, command)) continue;
    const isSafe = role.safe.has(command.name);
    if (!letsName(role, isSafe) || !allows(role.only, isSafe)) continue;
    if (isSafe) return 'safe';
    grant = 'granted';
  }
  return grant;
}

/** Only the root user's keys are granted something by a file without ROLE, ordinary users' by `user` alone. */
export function grantsTo(
  { role }: RoleFile,
  { isRootUser, isAdministrator }: { isRootUser: boolean; isAdministrator: boolean },
): boolean {
  return isRootUser || role === 'user' || (isAdministrator && role === 'admin');
}
