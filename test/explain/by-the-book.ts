/**
 * The decision written once more, as one list of questions that shares no code with the steps in src/: what both the
 * service and its explanations are compared with. It says the same as those steps on purpose, and is not to be merged
 * with them: a mistake in either is found because the two differ. Whoever changes a rule writes it anew here, from
 * what is promised, and never copies it over.
 */
import type { CommandSpec } from '../../src/catalogue/command-spec.js';
import { hasLimits, isExpired, letsIn, limitsOf } from '../../src/keys/limits/key-limits.js';
import { commandTextPattern } from '../../src/text/names.js';
import {
  deny,
  type AccessRequest,
  type Allow,
  type Decision,
  type Deny,
} from '../../src/authorization/access-request.js';
import type { DecisionFacts, KeyFacts } from '../../src/authorization/facts/decision-facts.js';

function admission(
  request: AccessRequest,
  facts: Pick<DecisionFacts, 'settings' | 'allowList'>,
): Deny | undefined {
  if (request.mode === 'inspect') return undefined;
  if (facts.settings.apiSystem === 'off') return deny('api_disabled');
  if (!facts.allowList.allows(request.client.address, request.client.text, 'access_key')) {
    return deny('address_not_allowed');
  }
  if (request.command === '') return deny('command_missing');
  if (!commandTextPattern.test(request.command)) return deny('command_malformed');
  return undefined;
}

export function decideByTheBook(
  request: AccessRequest,
  facts: DecisionFacts,
  isSecretRight: boolean,
): Decision {
  const refusal = admission(request, facts);
  if (refusal !== undefined) return refusal;
  const { key, owner } = facts;
  if (key === undefined) return deny('key_unknown');
  if (!isSecretRight) return deny('secret_mismatch');
  // A key ends with each of those that made it, and is held to what they are held to.
  const line = [key, ...(facts.makers ?? [])];
  if (line.some((one) => one.isSuspended)) return deny('key_suspended', key.user);
  if (line.some((one) => isExpired(one, facts.nowMs))) return deny('key_expired', key.user);
  if (!line.every((one) => letsIn(one, request.client.address)))
    return deny('address_not_allowed_for_key', key.user);
  if (facts.rate?.isExceeded === true) return deny('rate_limited', key.user);
  if (request.command === '') return { ...deny('command_missing', key.user), code: 10 };
  const command = facts.findCommand(request.command);
  if (command === undefined) return deny('command_unknown', key.user);
  const isRootUser = key.user === facts.rootUser;
  const grants = line.map((one) => namesOf(one, facts.rootUser));
  const grant = findGrant(grants, isRootUser, command, facts.findApi);
  if (grant === 'none') return deny('permission_missing', key.user);
  if (owner === undefined) return deny('user_unknown', key.user);
  if (owner.isSuspended) return deny('user_suspended', key.user);
  if (request.mode === 'enforce' && !isRootUser && facts.settings.apiSystem !== 'all_users') {
    return deny('api_disabled_for_user', key.user);
  }
  const userPlaces = isRootUser ? [] : command.userPositions;
  if (!isRootUser && userPlaces.length === 0 && grant !== 'safe') {
    return deny('user_argument_undefined', key.user);
  }
  if (!namesOnly(key.user, userPlaces, request.args)) return deny('user_argument_mismatch', key.user);
  const harm = harmToRootUser(command.name, request.args ?? [], facts.rootUser);
  const isUnrestricted = grants.every((names) => names === 'all') && !line.some(hasLimits);
  if (harm === 'ends it' || (harm === 'takes it over' && !isUnrestricted)) {
    return deny('root_user_protected', key.user);
  }
  if (facts.settings.isReadOnly && !command.onlyReads && request.mode === 'enforce') {
    return deny('read_only', key.user);
  }
  const allowed = allow(key, isRootUser, command, userPlaces[0] ?? 0);
  return grant === 'safe' ? { ...allowed, isSafe: true } : allowed;
}

function allow(key: KeyFacts, isRootUser: boolean, command: CommandSpec, userArgPosition: number): Allow {
  return {
    outcome: 'allow',
    accessKeyId: key.id,
    user: key.user,
    isRootUser,
    permissions: key.permissions,
    command,
    userArgPosition,
    ...(hasLimits(key) && { limits: limitsOf(key) }),
  };
}

/** Empty permissions are all of them for the root user, and none for others. */
function namesOf(one: { user: string; permissions: readonly string[] }, rootUser: string) {
  return one.user === rootUser && one.permissions.length === 0 ? 'all' : one.permissions;
}

/**
 * Whether APIs that the key and all of its makers have grant the command; `safe`: even though it has no USER argument
 * to hold a user to.
 */
function findGrant(
  line: readonly ('all' | readonly string[])[],
  isRootUser: boolean,
  command: CommandSpec,
  findApi: DecisionFacts['findApi'],
): 'none' | 'granted' | 'safe' {
  const named = line.filter((names) => names !== 'all');
  if (named.length === 0) return 'granted';
  let grant: 'none' | 'granted' = 'none';
  for (const name of new Set(named.flat())) {
    if (!named.every((names) => names.includes(name))) continue;
    const role = findApi(name)?.role;
    // The role counts at every use, not only when the key was made.
    if (role === undefined || (!isRootUser && role.role !== 'user')) continue;
    if (!role.commands.has(command.name)) continue;
    if (role.safe.has(command.name)) return 'safe';
    grant = 'granted';
  }
  return grant;
}

/** What is promised of the root user, for the commands of the random cases. */
function harmToRootUser(
  name: string,
  args: readonly (string | undefined)[],
  rootUser: string,
): 'ends it' | 'takes it over' | undefined {
  const isRootUser = (arg: string | undefined): boolean => arg?.trim().toLowerCase() === rootUser;
  if (name === 'v-suspend-user') return args.some(isRootUser) ? 'ends it' : undefined;
  const [user, value] = args.filter((arg) => arg !== undefined);
  if (name === 'v-change-user-password') return isRootUser(user) ? 'takes it over' : undefined;
  if (name === 'v-change-user-role' && isRootUser(user))
    return value === 'admin' ? 'takes it over' : 'ends it';
  return undefined;
}

/**
 * Whether the user stands in each of these places, literally. A place that was left out moves those behind it forward
 * when the command is run, so the user has to stand there both before and after that.
 */
function namesOnly(user: string, places: readonly number[], args: AccessRequest['args']): boolean {
  if (args === undefined) return true;
  const closedUp = args.filter((arg) => arg !== undefined);
  return places.every((place) => args[place - 1] === user && closedUp[place - 1] === user);
}
