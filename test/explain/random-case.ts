import { parseAddress, parseAddressRange } from '../../src/network/address-range.js';
import { AllowList } from '../../src/allowlist/allow-list.js';
import type { ApiEntry } from '../../src/apis/role-directory.js';
import { agreedEntry, type SharedRoles } from '../../src/apis/shared-roles.js';
import type { KeyFacts } from '../../src/authorization/facts/decision-facts.js';
import type { AccessQuestion, ExplainedFacts } from '../../src/authorization/explain/explanation.js';
import { describeCommand } from '../../src/catalogue/command-spec.js';
import type { Random } from '../faults/random.js';

export interface RandomCase {
  asked: AccessQuestion;
  facts: ExplainedFacts;
}

const nowMs = Date.parse('2026-07-01T12:00:00Z');
const id = 'InNqgp01kO3v0W22eg6Z';
const names = ['one', 'two', 'three'];
const commands = new Map(
  [
    'v-list-a USER',
    'v-add-b USER DOMAIN',
    'v-list-c',
    'v-change-d DOMAIN [USER]',
    'v-list-e USER USER',
    'v-add-f',
    'v-suspend-user USER [RESTART]',
    'v-change-user-password USER PASSWORD',
    'v-change-user-role USER ROLE',
  ]
    .map((line) => line.split(' '))
    .map(([name = '', ...options]) => [name, describeCommand(name, '', options.join(' '))]),
);
const addresses = ['203.0.113.9', '10.1.2.3', '2001:db8::7'].map((text) => ({
  address: parseAddress(text),
  text,
}));
const nowhere = { address: undefined, text: '' };
const allowLists = [['allow-all'], ['0.0.0.0'], ['203.0.113.9', '10.0.0.0/8'], ['2001:db8::/32'], []].map(
  (entries) => new AllowList(entries),
);
const ranges = [['203.0.113.9'], ['10.0.0.0/8', '203.0.113.0/24'], ['2001:db8::/64']].map((texts) =>
  texts.map((text) => parseAddressRange(text)!),
);

/** A world and a question in which most things that may stand in the way seldom do, so that each of them is met. */
export function randomCase(random: Random): RandomCase {
  const is = (share: number): boolean => random.next() < share;
  const files = new Map(names.filter(() => is(0.9)).map((name) => [name, randomApi(name, random)]));
  const shared: SharedRoles | undefined = is(0.2)
    ? new Map(
        names
          .filter(() => is(0.9))
          .map((name) => [name, (is(0.5) ? files.get(name) : randomApi(name, random))?.role]),
      )
    : undefined;
  const key = is(0.97) ? randomKey(random) : undefined;
  const makers = Array.from({ length: is(0.15) ? 1 + random.below(2) : 0 }, (_, index) => ({
    ...randomKey(random),
    id: `maker${String(index)}InNqgp01kO3v0W`,
    user: is(0.5) ? 'admin' : 'alice',
  }));
  const isLimited = [key, ...makers].some((one) => one?.rateLimit !== undefined);
  const weakSecret = is(0.05) ? random.pick(['heard', 'closed', 'somewhere'] as const) : undefined;
  const isExceeded = is(0.3);
  return {
    asked: {
      accessKeyId: id,
      client: is(0.15) ? undefined : is(0.03) ? nowhere : random.pick(addresses),
      command: is(0.96)
        ? random.pick([...commands.keys()])
        : random.pick(['', '/v-list-a', 'v-none', 'a b', 'x\n']),
      args: is(0.1) ? undefined : randomArgs(random),
    },
    facts: {
      settings: {
        isLegacyApiOn: is(0.5),
        apiSystem: is(0.85) ? 'all_users' : random.pick(['off', 'root_user', 'root_user']),
        isReadOnly: is(0.1),
      },
      allowList: is(0.7) ? allowLists[0]! : random.pick(allowLists),
      ...{ key, makers, owner: is(0.95) ? { isSuspended: is(0.05) } : undefined, rootUser: 'admin', nowMs },
      ...(key !== undefined &&
        isLimited && { rate: { limit: 5, remaining: 0, resetSeconds: 7, isExceeded } }),
      ...(weakSecret !== undefined && key !== undefined && { weakSecret }),
      findApi: (name) => agreedEntry(files.get(name), shared),
      findCommand: (name) => commands.get(name),
      apis: [...files.values()],
      suggestedLife: '90d',
      roleFile: (name) => `/data/api/${name}`,
      roleDifference: () => undefined,
    },
  };
}

function randomKey(random: Random): KeyFacts {
  const is = (share: number): boolean => random.next() < share;
  return {
    ...{ id, user: is(0.75) ? 'alice' : 'admin', isSuspended: is(0.04) },
    permissions: is(0.1) ? [] : [...names, 'four'].filter(() => is(0.6)),
    ...(is(0.1) && { expiresAtMs: nowMs + random.pick([-1000, 0, 1, 1000]) }),
    ...(is(0.1) && { allowedAddresses: random.pick(ranges) }),
    ...(is(0.1) && { rateLimit: { count: 5, windowSeconds: 60 } }),
  };
}

function randomApi(name: string, random: Random): ApiEntry {
  if (random.next() < 0.05) return { name, problem: 'line 1: expected NAME=value' };
  const listed = [...commands.keys()].filter(() => random.next() < 0.7);
  const safe = [...commands.keys()].filter(() => random.next() < 0.5);
  const role = random.next() < 0.8 ? 'user' : random.pick(['admin', undefined] as const);
  return { name, role: { role, listed, commands: new Set(listed), safe: new Set(safe) } };
}

function randomArgs(random: Random): string[] {
  const words = ['alice', 'alice', 'alice', 'alice', 'bob', 'admin', 'Admin ', 'example.com', '', 'alice '];
  return Array.from({ length: random.below(4) }, () => random.pick(words));
}
