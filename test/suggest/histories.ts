/** Random histories of access keys, decided by the service's own code, and replayed after a suggestion. */
import fc from 'fast-check';
import { AllowList } from '../../src/allowlist/allow-list.js';
import { readOnlyApi, readOnlyEntry } from '../../src/apis/read-only-api.js';
import type { ApiEntry } from '../../src/apis/role-directory.js';
import { formatRoleFile, parseRoleFile, type ApiRole } from '../../src/apis/role-file.js';
import { eventJson } from '../../src/audit/event-json.js';
import { decideAboutKey } from '../../src/authorization/decide.js';
import type { KeyFacts } from '../../src/authorization/facts/decision-facts.js';
import { RateLimiter } from '../../src/authorization/limits/rate-limiter.js';
import type { RateState } from '../../src/authorization/limits/rate-state.js';
import type { Decision } from '../../src/authorization/access-request.js';
import type { SuggestFacts } from '../../src/authorization/suggest/key-standing.js';
import { describeCommand, type CommandSpec } from '../../src/catalogue/command-spec.js';
import { parseHeld, type HeldArguments } from '../../src/catalogue/held-arguments.js';
import { parseAllowedAddresses } from '../../src/keys/limits/key-limits.js';
import { parseRateLimit } from '../../src/keys/limits/rate-limit.js';
import { countedLimits, limitsWithin, permissionsWithin, type Maker } from '../../src/keys/makers/makers.js';
import { parseAddress, parseAddressRange, type AddressRange } from '../../src/network/address-range.js';

const rootUser = 'admin';
type KeyName = 'parent' | 'key' | 'child';
const idOf = (name: KeyName): string => name.padEnd(20, '0');
export const subjectId = idOf('key');
export const childId = idOf('child');

export interface Role {
  role: ApiRole;
  commands: readonly string[];
  safe: readonly string[];
  only?: HeldArguments | undefined;
}

/** What decisions depend on at one time. */
export interface World {
  commands: ReadonlyMap<string, CommandSpec>;
  roles: ReadonlyMap<string, Role>;
  /** Each was made by the one before it. */
  keys: readonly KeyFacts[];
}

export interface AskedRequest {
  keyId: string;
  command: string;
  address: string;
  args: readonly string[] | undefined;
  timeMs: number;
}

export interface History {
  /** As it was at first, and as it is since the request of that number. */
  before: World;
  now: World;
  changedAt: number;
  requests: readonly AskedRequest[];
}

/** Decides one request after another, with rate limits of its own. */
export function decideAll(requests: readonly AskedRequest[], worldAt: (index: number) => World): Decision[] {
  let nowMs = 0;
  const limiter = new RateLimiter({ now: () => nowMs });
  return requests.map((request, index) => {
    nowMs = request.timeMs;
    return decide(request, worldAt(index), limiter);
  });
}

function decide(request: AskedRequest, world: World, limiter: RateLimiter): Decision {
  const { keyId, command, address, args, timeMs } = request;
  const place = world.keys.findIndex(({ id }) => id === keyId);
  const [key] = world.keys.slice(place);
  const makers = makersAt(world, place);
  if (key === undefined) throw new Error('there is no such key');
  const limits = countedLimits(key, makers, undefined);
  const rate = limits.length === 0 ? undefined : (limiter.takeAll(limits) as RateState);
  const client = { address: parseAddress(address), text: address };
  const asked = { mode: 'enforce' as const, client, accessKeyId: keyId, secretAccessKey: '', command };
  return decideAboutKey(
    { ...asked, ...(args !== undefined && { args }) },
    {
      ...{ key, makers, rate, rootUser, nowMs: timeMs, owner: { isSuspended: false, role: 'user' } },
      isAdministrator: () => false,
      settings: { isLegacyApiOn: false, apiSystem: 'all_users', isReadOnly: false },
      allowList: new AllowList(['allow-all']),
      findApi: (name) => entryOf(world, name),
      findCommand: (name) => world.commands.get(name),
    },
    true,
  );
}

export function makersAt({ keys }: World, place: number): Maker[] {
  return keys.slice(0, place).toReversed();
}

export function factsOf(world: World): SuggestFacts {
  return {
    ...{ rootUser, isAdministrator: () => false },
    findApi: (name) => entryOf(world, name),
    findCommand: (name) => world.commands.get(name),
    commandNames: [...world.commands.keys()].sort(),
    ...{ needsEverything: new Set(), needsSafe: new Set(), handlesKeys: new Set() },
    maySee: () => true,
    isAlone: true,
  };
}

function entryOf({ roles, commands }: World, name: string): ApiEntry | undefined {
  if (name === readOnlyApi) return readOnlyEntry(() => [...commands.values()]);
  const found = roles.get(name);
  if (found === undefined) return undefined;
  return {
    name,
    role: parseRoleFile(formatRoleFile(found.role, found.commands, found.safe, found.only)),
  };
}

/** As the record has it. */
export function lineOf({ keyId, command, address, args, timeMs }: AskedRequest, decision: Decision): string {
  const { outcome, user = '' } = decision;
  const event = {
    ...{
      type: 'decision' as const,
      outcome,
      actor: { kind: 'access_key' as const, accessKeyId: keyId, user },
    },
    ...{ clientAddress: address, command },
    ...(decision.outcome === 'deny' && { reason: decision.reason, code: decision.code }),
    ...(args !== undefined && { args }),
  };
  const body = eventJson(event, 'some-id', new Date(timeMs).toISOString());
  return `{"seq":1,${body.slice(1, -1)},"mac":"00"}`;
}

/** What commands of the panel make of the world: those that a suggestion may name. */
export function run(world: World, lines: readonly string[]): World {
  return lines.reduce((before, line) => runOne(before, line.split(' ')), world);
}

function runOne(world: World, [verb, name = '', ...words]: string[]): World {
  if (verb === 'v-delete-api')
    return { ...world, roles: new Map([...world.roles].filter(([each]) => each !== name)) };
  if (verb === 'v-add-api' || verb === 'v-change-api') {
    const [role, commands = '', safe = ''] = words;
    const isThere = world.roles.has(name);
    if (isThere === (verb === 'v-add-api') || (role !== 'admin' && role !== 'user'))
      throw new Error(`${verb} fails`);
    const list = (text: string): string[] => text.split(',').filter((item) => item !== '');
    // Without --only the arguments stay held as they are.
    const only = world.roles.get(name)?.only;
    return withRole(world, name, { role, commands: list(commands), safe: list(safe), only });
  }
  if (verb !== 'v-change-access-key') throw new Error(`${String(verb)} was not expected`);
  const after = (word: string): string | undefined =>
    words.includes(word) ? words[words.indexOf(word) + 1] : undefined;
  const [permissions, addresses, rate] = ['PERMISSIONS', '--allow-ip', '--rate-limit'].map(after);
  const isRoot = world.keys.find(({ id }) => id === name)?.user === rootUser;
  for (const each of permissions?.split(',') ?? []) {
    const role = entryOf(world, each)?.role;
    if (role === undefined || (!isRoot && role.role !== 'user')) throw new Error(`${each} can't be given`);
  }
  return withKey(world, name, {
    ...(permissions !== undefined && { permissions: permissions.split(',') }),
    ...(addresses !== undefined && { allowedAddresses: parseAllowedAddresses([addresses]) ?? [] }),
    ...(rate !== undefined && { rateLimit: parseRateLimit(rate) }),
  });
}

export function withRole(world: World, name: string, role: Role): World {
  return { ...world, roles: new Map(world.roles).set(name, role) };
}

export function withKey(world: World, id: string, changes: Partial<KeyFacts>): World {
  return { ...world, keys: world.keys.map((key) => (key.id === id ? { ...key, ...changes } : key)) };
}

const commandNames = [
  ...[0, 1, 2, 3].map((number) => `v-do-${String(number)}`),
  // They only read.
  ...[4, 5].map((number) => `v-list-${String(number)}`),
  'v-change-user-password',
];
const roleNames = ['r0', 'r1', 'r2'];
const addresses = [
  ...['192.0.2.1', '192.0.2.2', '192.0.2.3', '198.51.100.7', '203.0.113.9'],
  ...['2001:db8::1', '2001:db8::2', '2001:db8:1::1'],
];

const commandsMade = fc
  .array(fc.constantFrom('USER DOMAIN', 'DOMAIN', 'DOMAIN USER', 'USER USER'), { minLength: 6, maxLength: 6 })
  .map((options) => {
    const all = [...options, 'USER PASSWORD'];
    return new Map(commandNames.map((name, index) => [name, describeCommand(name, '', all[index] ?? '')]));
  });

const heldMade = fc
  .constantFrom('DOMAIN=x', 'DOMAIN=alice', 'DOMAIN=alice,x', 'USER=alice')
  .map((text) => parseHeld([text]) ?? undefined);
/** One of six holds arguments. */
const onlyMade: fc.Arbitrary<HeldArguments | undefined> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: heldMade },
);

const roleMade: fc.Arbitrary<Role> = fc
  .record({
    only: onlyMade,
    role: fc.constantFrom<ApiRole>('user', 'user', 'admin'),
    commands: fc.subarray(commandNames, { minLength: 1 }),
    safe: fc.subarray(commandNames),
  })
  .map(({ role, commands, safe, only }) => ({
    ...{ role, commands, only },
    safe: safe.filter((name) => commands.includes(name)),
  }));

const rolesMade = fc
  .tuple(roleMade, roleMade, roleMade)
  .map((roles) => new Map(roles.map((role, index) => [roleNames[index] ?? '', role])));

const limitsMade = fc.record(
  {
    allowedAddresses: fc
      .subarray(['192.0.2.0/24', '192.0.2.2', '198.51.100.0/24', '2001:db8::/32'], { minLength: 1 })
      .map((texts) =>
        texts.map(parseAddressRange).filter((range): range is AddressRange => range !== undefined),
      ),
    rateLimit: fc.record({
      count: fc.integer({ min: 1, max: 8 }),
      windowSeconds: fc.constantFrom(1, 60, 3600),
    }),
  },
  { requiredKeys: [] },
);

const keyMade = (name: KeyName): fc.Arbitrary<KeyFacts> =>
  fc
    .record({
      isRoot: fc.boolean(),
      permissions: fc.subarray([...roleNames, readOnlyApi]),
      only: onlyMade,
      limits: fc.option(limitsMade, { nil: {}, freq: 2 }),
    })
    .map(({ isRoot, permissions, limits, only }) => ({
      ...{ id: idOf(name), user: isRoot ? rootUser : 'alice', permissions, isSuspended: false },
      ...limits,
      ...(only !== undefined && { only }),
    }));

/** The child is as its maker was at that moment, until an end that has not come. */
function withDerived(keys: readonly KeyFacts[]): KeyFacts[] {
  const at = keys.findIndex(({ id }) => id === childId);
  const [key, ...makers] = keys.slice(0, at).toReversed();
  if (at === -1 || key === undefined) return [...keys];
  const permissions = permissionsWithin(key, makers, rootUser);
  const child = {
    ...{ ...key, ...limitsWithin(key, makers), id: childId, expiresAtMs: Date.parse('2030-01-01') },
    permissions: permissions === 'everything' ? [] : permissions,
  };
  return [...keys.slice(0, at), child];
}

const keysMade = fc
  .tuple(fc.option(keyMade('parent')), keyMade('key'), fc.option(keyMade('child')))
  .map((keys) => keys.filter((key) => key !== null))
  // A user's key makes keys for that user alone.
  .map((keys) =>
    keys.map((key, index) => {
      const isUsers = keys.slice(0, index).some(({ user }) => user !== rootUser);
      return isUsers ? { ...key, user: 'alice' } : key;
    }),
  )
  .map((keys) =>
    keys.map((key) =>
      key.user === rootUser || key.permissions.length > 0 ? key : { ...key, permissions: ['r0'] },
    ),
  )
  .chain((keys) => fc.boolean().map((isDerived) => (isDerived ? withDerived(keys) : keys)));

const askedMade = (
  keys: readonly KeyFacts[],
): fc.Arbitrary<Omit<AskedRequest, 'timeMs'> & { gapMs: number }> =>
  fc.record({
    keyId: fc.constantFrom(...keys.map(({ id }) => id)),
    command: fc.constantFrom(...commandNames, 'v-unknown'),
    address: fc.constantFrom(...addresses),
    args: fc.constantFrom(
      ...[
        ['alice', 'alice'],
        ['alice', 'alice'],
        ['alice', 'alice'],
        ['alice', 'x'],
        ['x', 'alice'],
        ['admin', 'x'],
        ['bob', 'y'],
        undefined,
      ],
    ),
    gapMs: fc.constantFrom(0, 0, 3, 400, 1500, 30_000, 400_000),
  });

/** A key, perhaps with one that made it and one that it made, over some time in which roles may change. */
export const historyMade: fc.Arbitrary<History> = fc
  .record({
    commands: commandsMade,
    roles: rolesMade,
    later: fc.option(rolesMade, { freq: 2 }),
    keys: keysMade,
  })
  .chain(({ commands, roles, later, keys }) =>
    fc
      .record({ asked: fc.array(askedMade(keys), { maxLength: 40 }), changedAt: fc.nat(40) })
      .map(({ asked, changedAt }) => {
        let timeMs = Date.parse('2026-01-01T00:00:00Z');
        const requests = asked.map(({ gapMs, ...request }) => ({ ...request, timeMs: (timeMs += gapMs) }));
        const before = { commands, roles, keys };
        return { before, now: { ...before, roles: later ?? roles }, changedAt, requests };
      }),
  );
