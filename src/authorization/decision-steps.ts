import { lists } from '../apis/role-file.js';
import type { CommandSpec } from '../catalogue/command-spec.js';
import type { DenyReason } from '../errors.js';
import { hasLimits, isExpired, letsIn } from '../keys/limits/key-limits.js';
import { noMakers, permissionsWithin, type Maker } from '../keys/makers/makers.js';
import { commandTextPattern } from '../text/names.js';
import { protectionRule } from '../users/protected-users.js';
import type { AccessRequest } from './access-request.js';
import type { DecisionFacts, KeyFacts } from './facts/decision-facts.js';
import { grantsTo, grantWithin } from './held-step.js';
import { namesOnly, namesRootUser } from './named-users.js';

export type StepName =
  | ('api' | 'address' | 'command name' | 'key' | 'weak secret' | 'secret' | 'suspension' | 'expiry')
  | ('key addresses' | 'rate limit' | 'command' | 'permission' | 'owner' | 'api for users')
  | ('user argument' | 'user named' | 'held arguments' | 'root user' | 'read-only mode' | 'quota');

/** One question of a decision; the first that denies ends it. */
export interface Step<Facts, About = undefined> {
  name: StepName;
  denies: (request: AccessRequest, facts: Facts, about: About) => DenyReason | undefined;
}

export type AdmissionFacts = Pick<DecisionFacts, 'settings' | 'allowList'>;

/** What is known once there is a key and a command. */
export interface CommandQuestion {
  key: KeyFacts;
  isRootUser: boolean;
  /** Its owner is an administrator beside the root user. */
  isAdministrator: boolean;
  command: CommandSpec;
  /** Those that the key and all of its makers have. */
  permissions: 'everything' | readonly string[];
  grant: Grant;
  /** An `admin` role grants it to an administrator's key, so it may name any user but the root user. */
  namesOthers: boolean;
  /**
   * Whether it is granted depends on the arguments: the key, one of its makers or one of these roles holds them to values,
   * or only some of these roles let an administrator's key name other users.
   */
  isHeld: boolean;
}

/** Whether the key's APIs grant the command; `safe`: even though it has no USER argument to hold a user to. */
export type Grant = 'none' | 'granted' | 'safe';

/*
 * A decision and its explanation walk the same steps. Their order is Hestia's, so that a request that is wrong in two
 * ways gets Hestia's answer.
 */

/** Before the key is looked at. */
export const admissionSteps: readonly Step<AdmissionFacts>[] = [
  { name: 'api', denies: (_, { settings }) => when(settings.apiSystem === 'off', 'api_disabled') },
  {
    name: 'address',
    denies: ({ client }, { allowList }) =>
      when(!allowList.allows(client.address, client.text, 'access_key'), 'address_not_allowed'),
  },
  {
    name: 'command name',
    denies: ({ command }) =>
      command === '' ? 'command_missing' : when(!commandTextPattern.test(command), 'command_malformed'),
  },
];

/** Once the secret was right. */
export const keySteps: readonly Step<DecisionFacts, KeyFacts>[] = [
  {
    name: 'suspension',
    denies: (_, { makers }, key) => when(isAny(key, makers, isSuspended), 'key_suspended'),
  },
  {
    name: 'expiry',
    denies: (_, { nowMs, makers }, key) =>
      when(
        isAny(key, makers, (each) => isExpired(each, nowMs)),
        'key_expired',
      ),
  },
  {
    name: 'key addresses',
    denies: ({ client }, { makers }, key) =>
      when(
        isAny(key, makers, (each) => !letsIn(each, client.address)),
        'address_not_allowed_for_key',
      ),
  },
  { name: 'rate limit', denies: (_, { rate }) => when(rate?.isExceeded === true, 'rate_limited') },
];

/** Once the command is known. */
export const commandSteps: readonly Step<DecisionFacts, CommandQuestion>[] = [
  { name: 'permission', denies: (_, _facts, { grant }) => when(grant === 'none', 'permission_missing') },
  {
    name: 'owner',
    denies: (_, { owner }) =>
      owner === undefined ? 'user_unknown' : when(owner.isSuspended, 'user_suspended'),
  },
  {
    name: 'api for users',
    denies: ({ mode }, { settings }, { isRootUser }) =>
      when(mode === 'enforce' && !isRootUser && settings.apiSystem !== 'all_users', 'api_disabled_for_user'),
  },
  {
    name: 'user argument',
    denies: (request, _facts, question) => {
      const { command, grant } = question;
      const needsNone =
        command.userPositions.length > 0 || grant === 'safe' || mayNameOthers(request, question);
      return when(!needsNone, 'user_argument_undefined');
    },
  },
  {
    name: 'user named',
    denies: (request, _, question) => {
      const { key, command } = question;
      const isFree =
        mayNameOthers(request, question) || namesOnly(key.user, command.userPositions, request.args);
      return when(!isFree, 'user_argument_mismatch');
    },
  },
  {
    name: 'held arguments',
    denies: ({ args, areArgsToCome = false }, facts, question) =>
      when(
        question.isHeld && grantWithin(question, facts, areArgsToCome ? 'any' : args) === 'none',
        'argument_not_allowed',
      ),
  },
  {
    name: 'root user',
    denies: ({ args = [] }, facts, { key, command, permissions, isAdministrator }) => {
      const { rootUser, makers } = facts;
      const rule = protectionRule(command.name, args, facts);
      // By whatever role: of two keys the one with fewer roles is not allowed more.
      if (rule === undefined)
        return when(isAdministrator && namesRootUser(rootUser, command, args), 'root_user_protected');
      const mayDoEverything = permissions === 'everything' && !isAny(key, makers, hasLimits);
      return when(rule === 'never' || !mayDoEverything, 'root_user_protected');
    },
  },
  {
    name: 'read-only mode',
    denies: ({ mode }, { settings }, { command }) =>
      when(settings.isReadOnly && !command.onlyReads && mode === 'enforce', 'read_only'),
  },
  // The last one: what is denied does not count.
  {
    name: 'quota',
    denies: ({ mode }, { quota }) => when(mode === 'enforce' && quota?.isExceeded === true, 'quota_exceeded'),
  },
];

/** Of a key's owner, where it is only asked whose key it is. */
export const identificationSteps = commandSteps.filter(
  ({ name }) => name === 'owner' || name === 'api for users' || name === 'quota',
);

/** What these ask no trial can change: it tries permissions, addresses, the rate limit and held arguments. */
const outsideTrials: ReadonlySet<StepName> = new Set<StepName>([
  ...(['suspension', 'expiry', 'owner', 'api for users', 'read-only mode', 'quota'] as const),
]);
/** The others: what has been allowed is denied by one of them, or by none. */
export const triedKeySteps = keySteps.filter(({ name }) => !outsideTrials.has(name));
export const triedCommandSteps = commandSteps.filter(({ name }) => !outsideTrials.has(name));

/**
 * Whether the key may name any user: one of the root user, or of an administrator by an `admin` role. A caller that leaves the
 * arguments out compares USER itself, and can't know whom to protect: an administrator's key is held to its own user there.
 */
export function mayNameOthers(
  { args, areArgsToCome = false }: Pick<AccessRequest, 'args' | 'areArgsToCome'>,
  { isRootUser, namesOthers }: Pick<CommandQuestion, 'isRootUser' | 'namesOthers'>,
): boolean {
  return isRootUser || (namesOthers && (args !== undefined || areArgsToCome));
}

export function askAboutCommand(
  key: KeyFacts,
  command: CommandSpec,
  facts: Pick<DecisionFacts, 'rootUser' | 'owner' | 'findApi' | 'makers'>,
): CommandQuestion {
  const { rootUser, owner, findApi, makers = noMakers } = facts;
  const isRootUser = key.user === rootUser;
  const permissions = permissionsWithin(key, makers, rootUser);
  const question: CommandQuestion = {
    key,
    isRootUser,
    isAdministrator: !isRootUser && owner?.role === 'admin',
    command,
    permissions,
    grant: 'granted',
    namesOthers: false,
    isHeld: isAny(key, makers, ({ only }) => only !== undefined),
  };
  if (permissions !== 'everything') findGrant(question, permissions, findApi);
  return question;
}

function isSuspended(key: { isSuspended: boolean }): boolean {
  return key.isSuspended;
}

/** Of a key, or of one that made it: with each of them it ends. */
function isAny(
  key: KeyFacts,
  makers: readonly Maker[] = noMakers,
  isSo: (key: KeyFacts | Maker) => boolean,
): boolean {
  return isSo(key) || (makers.length > 0 && makers.some(isSo));
}

/** Without a look at the arguments: which roles count for them is asked in its own step. */
function findGrant(
  question: CommandQuestion,
  permissions: readonly string[],
  findApi: DecisionFacts['findApi'],
): void {
  const { command, isAdministrator } = question;
  let isHeldToUser = false;
  question.grant = 'none';
  for (const name of permissions) {
    const role = findApi(name)?.role;
    // The role counts at every use, not only when the key was made.
    if (role === undefined || !grantsTo(role, question) || !lists(role, command)) continue;
    if (isAdministrator && role.role === 'admin') question.namesOthers = true;
    else isHeldToUser = true;
    const isSafe = role.safe.has(command.name);
    if (isSafe) question.grant = 'safe';
    else if (question.grant === 'none') question.grant = 'granted';
    if (role.only !== undefined) question.isHeld = true;
    // No other role can grant more: SAFE, whatever the arguments are.
    else if (isSafe && !isAdministrator) return;
  }
  if (question.namesOthers && isHeldToUser) question.isHeld = true;
}

function when(isSo: boolean, reason: DenyReason): DenyReason | undefined {
  return isSo ? reason : undefined;
}
