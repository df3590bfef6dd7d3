import { AllowList } from '../../src/allowlist/allow-list.js';
import { besideFile, readOnlyApi, readOnlyEntry } from '../../src/apis/read-only-api.js';
import type { ApiEntry } from '../../src/apis/role-directory.js';
import type { RoleFile } from '../../src/apis/role-file.js';
import { agreedEntry } from '../../src/apis/shared-roles.js';
import type { AccessRequest } from '../../src/authorization/access-request.js';
import type { ExplainedFacts } from '../../src/authorization/explain/explanation.js';
import type { QuotaState } from '../../src/authorization/limits/quota-counter.js';
import type { KeyFacts } from '../../src/authorization/facts/decision-facts.js';
import { describeCommand, type CommandSpec } from '../../src/catalogue/command-spec.js';
import { periodOf } from '../../src/keys/limits/quota-period.js';
import { goneMaker } from '../../src/keys/makers/makers.js';
import type { Trial } from '../../src/keys/trials/trial.js';
import { formatAddress, parseAddress, parseAddressRange } from '../../src/network/address-range.js';
import { interpretSettings } from '../../src/settings/settings.js';
import { keyId } from './random-case.js';
import type { Question, RoleText, World, WorldKey, WorldRole, WorldTrial } from './world.js';

const specs = new WeakMap<World['commands'], ReadonlyMap<string, CommandSpec>>();
const lists = new Map<string, AllowList>();

/** The same world as the service has it in memory. */
export function factsOf(world: World): ExplainedFacts {
  const { key, makers, owner, rootUser, nowMs, guessing } = world;
  const files = [...world.roles].flatMap(([name, role]) => entryOf(name, role) ?? []);
  const builtIn = besideFile(
    readOnlyEntry(() => [...specsOf(world.commands).values()]),
    files.find(({ name }) => name === readOnlyApi),
  );
  const readOnly = agreed(builtIn, world.roles.get(readOnlyApi)?.shared);
  const apis = [...files.filter(({ name }) => name !== readOnlyApi), readOnly];
  const quotas = [key, ...makers].flatMap((one) => (one === undefined ? [] : (quotaOf(one, nowMs) ?? [])));
  const isLimited = [key, ...makers].some((one) => one?.perMinute !== undefined);
  return {
    settings: interpretSettings({ API: 'no', API_SYSTEM: world.apiSystem, DEMO_MODE: world.demoMode }),
    allowList: listOf(world.allowedIp),
    key: key && keyOf(key),
    makers: makers.map((maker) => (maker.isGone ? goneMaker(maker.id) : keyOf(maker))),
    owner: owner === 'gone' ? undefined : { isSuspended: owner === 'suspended', role: roleOfOwner(world) },
    isAdministrator: (name) => world.administrators.includes(name),
    ...{ rootUser, nowMs, apis },
    ...(isLimited && {
      rate: { limit: 5, remaining: 0, resetSeconds: 7, isExceeded: world.isRateLimitUsedUp },
    }),
    ...(quotas.length > 0 && { quotas, quota: { isExceeded: quotas.some((one) => one.isExceeded) } }),
    ...(guessing !== undefined && { weakSecret: guessing }),
    findApi: (name) => apis.find((entry) => entry.name === name),
    findCommand: (name) => specsOf(world.commands).get(name),
    suggestedLife: '90d',
    roleFile: (name) => `/data/api/${name}`,
    roleDifference: () => undefined,
  };
}

export function clientOf(text: string): AccessRequest['client'] {
  const address = parseAddress(text);
  return { address, text: address === undefined ? '' : formatAddress(address) };
}

export function requestOf({ mode, client = '', command, args }: Question): AccessRequest {
  const request = { mode, client: clientOf(client), accessKeyId: keyId, secretAccessKey: '', command };
  return args === undefined ? request : { ...request, args };
}

/** The root user may be stored as either. */
function roleOfOwner({ key, administrators }: World): 'admin' | 'user' {
  return key !== undefined && administrators.includes(key.user) ? 'admin' : 'user';
}

function keyOf({ id, user, isSuspended, permissions, ...more }: WorldKey): KeyFacts {
  const { expiresAtMs, allowIp, perMinute, quota, isCanary, only, trial } = more;
  return {
    ...{ id, user, isSuspended, permissions },
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(allowIp !== undefined && { allowedAddresses: allowIp.map((text) => parseAddressRange(text)!) }),
    ...(isCanary === true && { isCanary }),
    ...(perMinute !== undefined && { rateLimit: { count: perMinute, windowSeconds: 60 } }),
    ...(quota !== undefined && { quota: { count: quota.count, unit: quota.unit } }),
    ...(only !== undefined && { only: new Map(Object.entries(only)) }),
    ...(trial !== undefined && { trial: trialOf(trial) }),
  };
}

/** As the store has it: rows by day, of which those of the present period count. */
function quotaOf({ id: keyId, quota }: WorldKey, nowMs: number): QuotaState | undefined {
  if (quota === undefined) return undefined;
  const { firstDay, lastDay, endsAtMs } = periodOf(quota.unit, nowMs);
  const used = Object.entries(quota.counted)
    .filter(([day]) => day >= firstDay && day <= lastDay)
    .reduce((sum, [, count]) => sum + count, 0);
  const { count, unit } = quota;
  return { keyId, quota: { count, unit }, used, endsAtMs, isExceeded: used >= count };
}

function trialOf({ permissions, allowIp, only }: WorldTrial): Trial {
  return {
    ...{ sinceMs: 1_700_000_000_000, by: 'operator' },
    ...(permissions !== undefined && { permissions }),
    ...(allowIp !== undefined && {
      allowedAddresses: allowIp?.map((text) => parseAddressRange(text)!) ?? null,
    }),
    ...(only !== undefined && { only: only && new Map(Object.entries(only)) }),
  };
}

function entryOf(name: string, { file, shared }: WorldRole): ApiEntry | undefined {
  if (file === 'missing') return undefined;
  const entry =
    file === 'broken' ? { name, problem: 'line 1: expected NAME=value' } : { name, role: roleOf(file) };
  return agreed(entry, shared);
}

function agreed(entry: ApiEntry, shared: WorldRole['shared']): ApiEntry {
  if (shared === undefined) return entry;
  return agreedEntry(entry, new Map(shared === 'missing' ? [] : [[entry.name, roleOf(shared)]]))!;
}

function roleOf({ role, commands, safe, only }: RoleText): RoleFile {
  const plain = { role, listed: commands, commands: new Set(commands), safe: new Set(safe) };
  return only === undefined ? plain : { ...plain, only: new Map(Object.entries(only)) };
}

function listOf(entries: readonly string[]): AllowList {
  const text = entries.join();
  const list = lists.get(text) ?? new AllowList(entries);
  lists.set(text, list);
  return list;
}

function specsOf(commands: World['commands']): ReadonlyMap<string, CommandSpec> {
  const found =
    specs.get(commands) ??
    new Map([...commands].map(([name, options]) => [name, describeCommand(name, '', options)]));
  specs.set(commands, found);
  return found;
}
