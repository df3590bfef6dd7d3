import type { Random } from '../faults/random.js';
import type { WorldQuota, Only, Question, RoleText, World, WorldKey, WorldTrial } from './world.js';

export interface RandomCase {
  world: World;
  question: Question;
}

const nowMs = Date.parse('2026-07-01T12:00:00Z');
export const keyId = 'InNqgp01kO3v0W22eg6Z';
const names = ['one', 'two', 'three'];
/** With options that look like USER and are not. */
const commands: ReadonlyMap<string, string> = new Map([
  ['v-list-a', 'USER'],
  ['v-add-b', 'USER DOMAIN'],
  ['v-list-c', ''],
  ['v-change-d', 'DOMAIN [USER]'],
  ['v-get-e', 'USER USER'],
  ['v-add-f', 'OLD_USER USERS'],
  ['v-listing-g', 'DOMAIN USER [USER_NAME]'],
  ['v-change-domain-owner', 'DOMAIN USER'],
  ['v-add-h', 'USER [DOMAIN] DOMAIN'],
  ['v-change-i', 'USER DOMAIN NEW_DOMAIN'],
  ['v-list-j', 'DOMAIN [ACCOUNT]'],
  ['v-delete-k', 'USER DOMAIN ACCOUNT DOMAINS'],
  ['v-suspend-user', 'USER [RESTART]'],
  ['v-delete-user', 'USER [RESTART]'],
  ['v-lock-users', 'USERS'],
  ['v-change-user-role', 'USER ROLE'],
  ['v-change-user-config-value', 'USER KEY VALUE'],
  ['v-change-user-password', 'USER PASSWORD'],
  ['v-change-user-contact', 'USER EMAIL'],
  ['v-add-user-2fa', 'USER'],
]);
const known = [...commands.keys()];
const unknown = [
  ...['', '', '', '/v-list-a', '../v-list-a', 'v-none', 'a b'],
  ...['x\n', 'V-LIST-A', 'v-list-a ', 'v-list-ä', 'v.x'],
];
/** Ends of the ranges below and their neighbours, other spellings, and what is no address. */
const clients = [
  ...[
    '203.0.113.9',
    '203.0.113.255',
    '203.0.114.0',
    '203.0.112.255',
    '10.0.0.0',
    '10.255.255.255',
    '11.0.0.0',
  ],
  ...[
    '9.255.255.255',
    '::ffff:10.1.2.3',
    '::ffff:cb00:7109',
    '2001:db8::7',
    '2001:DB8:0:0:ffff::',
    '2001:db8:0:1::',
  ],
  ...['2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', '0.0.0.0', '::', 'nonsense', ''],
];
const allowLists = [
  ...[['0.0.0.0'], ['203.0.113.9', '10.0.0.0/8'], ['2001:db8::/32'], ['10.0.0.0/8', 'allow-all'], []],
  ...[['0.0.0.0/0'], ['::/0'], ['203.0.113.0/25', '2001:db8::7']],
];
const keyRanges = [
  ['203.0.113.9'],
  ['10.0.0.0/8', '203.0.113.0/24'],
  ['2001:db8::/64'],
  ['0.0.0.0/0', '::/0'],
];

/** Most things that may stand in the way seldom do, so that each of them is met as the first one. */
export function randomCase(random: Random): RandomCase {
  const is = (share: number): boolean => random.next() < share;
  const key = is(0.97) ? randomKey(random, keyId) : undefined;
  const makers =
    key !== undefined && is(0.2)
      ? Array.from({ length: 1 + random.below(2) }, (_, index) => randomMaker(random, key, index))
      : [];
  const isLimited = [key, ...makers].some((one) => one?.perMinute !== undefined);
  const world: World = {
    apiSystem: is(0.85) ? '2' : random.pick(['0', '1', '1']),
    demoMode: is(0.1) ? 'yes' : 'no',
    allowedIp: is(0.7) ? ['allow-all'] : random.pick(allowLists),
    ...{ rootUser: 'admin', nowMs, key, makers, commands },
    administrators: ['alice', 'bob'].filter(() => is(0.3)),
    owner: is(0.05) ? 'gone' : is(0.05) ? 'suspended' : 'active',
    isRateLimitUsedUp: isLimited && is(0.3),
    guessing: key !== undefined && is(0.05) ? random.pick(['heard', 'closed', 'somewhere']) : undefined,
    roles: new Map([...names, ...(is(0.03) ? ['read-only'] : [])].map((name) => [name, randomRole(random)])),
  };
  return { world, question: randomQuestion(random) };
}

export function randomQuestion(random: Random): Question {
  const is = (share: number): boolean => random.next() < share;
  return {
    mode: is(0.85) ? 'enforce' : 'inspect',
    isSecretRight: is(0.95),
    client: is(0.15) ? undefined : random.pick(clients),
    command: random.pick(is(0.95) ? known : unknown),
    args: is(0.1) ? undefined : randomArgs(random),
  };
}

export function randomKey(random: Random, id: string): WorldKey {
  const is = (share: number): boolean => random.next() < share;
  return {
    ...{ id, user: is(0.7) ? 'alice' : 'admin', isSuspended: is(0.04) },
    permissions: is(0.15)
      ? []
      : [...names, 'four', '*', 'read-only'].filter((name) => is(name === 'read-only' ? 0.2 : 0.6)),
    ...(is(0.1) && { expiresAtMs: nowMs + random.pick([-1000, 0, 1, 1000]) }),
    ...(is(0.1) && { allowIp: random.pick(keyRanges) }),
    ...(is(0.1) && { perMinute: 5 }),
    ...(is(0.15) && { only: randomOnly(random) }),
    ...(id === keyId && is(0.03) && { isCanary: true as const }),
  };
}

/** The same case with trials of its keys: of numbers of their own, so that they change no case. */
export function withTrials({ world, question }: RandomCase, random: Random): RandomCase {
  const onTrial = <Key extends WorldKey | undefined>(key: Key): Key =>
    key === undefined || key.isGone === true || random.next() < 0.8
      ? key
      : { ...key, trial: randomTrial(random) };
  return { world: { ...world, key: onTrial(world.key), makers: world.makers.map(onTrial) }, question };
}

/** The same case with quotas of its keys: of numbers of their own. */
export function withQuotas({ world, question }: RandomCase, random: Random): RandomCase {
  const withOne = <Key extends WorldKey | undefined>(key: Key): Key =>
    key === undefined || key.isGone === true ? key : withQuota(key, random);
  return { world: { ...world, key: withOne(world.key), makers: world.makers.map(withOne) }, question };
}

export function withQuota<Key extends WorldKey>(key: Key, random: Random): Key {
  return random.next() < 0.8 ? key : { ...key, quota: randomQuota(random) };
}

/** Around the moment, a Wednesday and the first of a month: ends of weeks and months beside it. */
const daysAround = [
  ...['2026-05-31', '2026-06-01', '2026-06-28', '2026-06-29', '2026-06-30', '2026-07-01', '2026-07-02'],
  ...['2026-07-05', '2026-07-06', '2026-07-31', '2026-08-01', '2025-07-01'],
];

function randomQuota(random: Random): WorldQuota {
  const days = daysAround.filter(() => random.next() < 0.4);
  return {
    count: 1 + random.below(12),
    unit: random.pick(['day', 'week', 'month']),
    counted: Object.fromEntries(days.map((day) => [day, random.below(5)])),
  };
}

function randomTrial(random: Random): WorldTrial {
  const is = (share: number): boolean => random.next() < share;
  return {
    permissions: [...names, 'four', 'read-only'].filter(() => is(0.6)),
    ...(is(0.4) && { allowIp: is(0.2) ? null : random.pick(keyRanges) }),
    ...(is(0.3) && { only: is(0.2) ? null : randomOnly(random) }),
  };
}

/** A user's key makes keys of this user alone; the root user's makes keys of everybody. */
function randomMaker(random: Random, key: WorldKey, index: number): WorldKey {
  const maker = randomKey(random, `maker${String(index)}InNqgp01kO3v0W`);
  const user = key.user === 'admin' || random.next() < 0.5 ? 'admin' : key.user;
  return random.next() < 0.05
    ? { id: maker.id, user: '', isSuspended: false, isGone: true, permissions: [] }
    : { ...maker, user };
}

function randomRole(random: Random): {
  file: RoleText | 'broken' | 'missing';
  shared?: RoleText | 'missing';
} {
  const is = (share: number): boolean => random.next() < share;
  const file = is(0.05) ? 'broken' : is(0.1) ? 'missing' : randomText(random);
  if (is(0.8)) return { file };
  const shared = is(0.1) ? 'missing' : is(0.5) && typeof file === 'object' ? file : randomText(random);
  return { file, shared };
}

function randomText(random: Random): RoleText {
  return {
    role: random.next() < 0.7 ? 'user' : random.pick(['admin', 'admin', undefined]),
    commands: known.filter(() => random.next() < 0.7),
    safe: known.filter(() => random.next() < 0.5),
    ...(random.next() < 0.2 && { only: randomOnly(random) }),
  };
}

const domains = ['x.example', '*.x.example', 'y.example', '*.example', 'www.x.example'];
const accounts = ['info', 'bob', 'no'];

/** Mostly a domain, as it is in use. */
function randomOnly(random: Random): Only {
  const some = (values: readonly string[]): readonly string[] => {
    const chosen = values.filter(() => random.next() < 0.5);
    // The panel takes www.x.example for x.example: without that one no command and no file can have it.
    const has = (value: string): boolean => chosen.includes(value);
    const possible =
      has('x.example') || has('*.example') ? chosen : chosen.filter((value) => value !== 'www.x.example');
    return possible.length === 0 ? [values[0]!] : possible;
  };
  const only = {
    ...(random.next() < 0.8 && { DOMAIN: some(domains) }),
    ...(random.next() < 0.2 && { ACCOUNT: some(accounts) }),
    ...(random.next() < 0.1 && { USER: some(['alice', 'bob', 'admin']) }),
  };
  return Object.keys(only).length === 0 ? { DOMAIN: some(domains) } : only;
}

const domainWords = [
  ...['x.example', 'x.example', 'x.example', 'y.example', 'a.x.example', 'b.a.x.example', 'X.Example'],
  ...['x.example.', '.x.example', 'www.x.example', 'www.a.x.example', 'www.www.x.example', 'WWW.x.example'],
  ...['*.x.example', 'x.example,y.example', 'x\u212a.example', 'xx.example', 'ax.example', 'a..x.example'],
  ...['example', 'a_b.x.example', 'a.x.example ', 'info', '--x', 'a-b.x.example', '-a.x.example'],
];

const words = [
  'alice',
  'alice',
  'alice',
  'alice',
  'bob',
  'admin',
  'Admin ',
  'bob, ADMIN',
  'SUSPENDED',
  'no',
  'Role',
  'x.example',
  '',
];

function randomArgs(random: Random): (string | undefined)[] {
  const mayHaveGaps = random.next() < 0.2;
  return Array.from({ length: random.below(5) }, (_, index) => {
    if (mayHaveGaps && random.next() < 0.3) return undefined;
    return random.pick(random.next() < (index === 0 ? 0.15 : 0.6) ? domainWords : words);
  });
}
