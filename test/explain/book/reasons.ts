/** When each reason of docs/codes.md applies, asked for itself alone. */
import type { Question, World, WorldKey } from '../world.js';
import { isAllowed, isAmong } from './addresses.js';
import {
  couldBeCommand,
  harmsAdministrators,
  harmToRootUser,
  isHeldTo,
  namesInUserPlace,
  onlyLooks,
  userPlaces,
} from './commands.js';
import { isHeldByAnybody, waysThrough } from './held.js';
import { isQuotaUsedUp } from './quotas.js';
import { chainOf, grantsOf, type Grants } from './grants.js';

export interface Known extends Question {
  world: World;
  grants: Grants;
  /** The key and its makers; empty: there is no such key. */
  chain: readonly WorldKey[];
  isEnforced: boolean;
  isOfUser: boolean;
  /** The options of the command; undefined: there is no such command. */
  options: string | undefined;
  places: readonly number[];
  /** An `admin` role has the command, and the key is an administrator's that says its arguments. */
  isForOthers: boolean;
}

export function knownOf(world: World, question: Question): Known {
  const options = world.commands.get(question.command);
  const grants = grantsOf(world);
  const isSaid = question.args !== undefined || question.isOpen === true;
  return {
    ...question,
    ...{ world, options, grants, chain: chainOf(world) },
    isForOthers:
      isSaid && grants.roles.some((role) => role.isForOthers && role.commands.has(question.command)),
    isEnforced: question.mode === 'enforce',
    isOfUser: world.key !== undefined && world.key.user !== world.rootUser,
    places: userPlaces(question.command, options ?? ''),
  };
}

export const applies = {
  api_disabled: ({ isEnforced, world }) => isEnforced && world.apiSystem === '0',
  address_not_allowed: ({ isEnforced, client, world }) =>
    isEnforced && client !== undefined && !isAllowed(world.allowedIp, client),
  command_missing: ({ command }) => command === '',
  command_malformed: ({ isEnforced, command }) => isEnforced && command !== '' && !couldBeCommand(command),
  command_unknown: ({ options }) => options === undefined,
  key_unknown: ({ chain }) => chain.length === 0,
  too_many_attempts: ({ chain, world }) => chain.length > 0 && world.guessing === 'closed',
  secret_mismatch: ({ chain, isSecretRight, world }) =>
    chain.length > 0 && (!isSecretRight || world.key?.isCanary === true),
  key_suspended: ({ chain }) => chain.some(({ isSuspended, isGone }) => isSuspended || isGone === true),
  key_expired: ({ chain, world }) => chain.some(({ expiresAtMs = Infinity }) => expiresAtMs <= world.nowMs),
  address_not_allowed_for_key: ({ chain, client }) =>
    client !== undefined && chain.some(({ allowIp }) => allowIp !== undefined && !isAmong(allowIp, client)),
  rate_limited: ({ world }) => world.isRateLimitUsedUp,
  permission_missing: ({ chain, grants, command }) => chain.length > 0 && !grants.commands.has(command),
  user_unknown: ({ chain, world }) => chain.length > 0 && world.owner === 'gone',
  user_suspended: ({ chain, world }) => chain.length > 0 && world.owner === 'suspended',
  api_disabled_for_user: ({ isEnforced, isOfUser, world }) =>
    isEnforced && isOfUser && world.apiSystem !== '2',
  user_argument_undefined: ({ isOfUser, isForOthers, places, grants, command }) =>
    isOfUser && !isForOthers && places.length === 0 && !grants.safe.has(command),
  user_argument_mismatch: ({ isOfUser, isForOthers, places, args, world }) =>
    isOfUser && !isForOthers && args !== undefined && !isHeldTo(world.key!.user, places, args),
  argument_not_allowed: (known) =>
    known.chain.length > 0 && isHeldByAnybody(known) && waysThrough(known).length === 0,
  root_user_protected: ({ chain, grants, world, command, args = [], options = '', ...known }) => {
    const harm = harmToRootUser(world.rootUser, command, args);
    const isNarrowed = grants.permissions !== 'everything' || chain.some(hasLimits);
    const harms = harm === 'changes its way in' || harmsAdministrators(world.administrators, command, args);
    const isAdministrator = world.owner !== 'gone' && world.administrators.includes(world.key?.user ?? '');
    const reaches = known.isOfUser && isAdministrator && namesInUserPlace(world.rootUser, options, args);
    return chain.length > 0 && (harm === 'ends' || (harms && isNarrowed) || reaches);
  },
  read_only: ({ isEnforced, world, command }) =>
    isEnforced && world.demoMode === 'yes' && !onlyLooks(command),
  quota_exceeded: ({ isEnforced, chain, world }) =>
    isEnforced && chain.some((key) => isQuotaUsedUp(key, world.nowMs)),
} as const satisfies Readonly<Record<string, (known: Known) => boolean>>;

export type Reason = keyof typeof applies;

function hasLimits({ expiresAtMs, allowIp, perMinute, quota, only }: WorldKey): boolean {
  return [expiresAtMs, allowIp, perMinute, quota, only].some((limit) => limit !== undefined);
}
