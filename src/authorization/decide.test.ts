import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatAddress,
  formatAddressRange,
  parseAddress,
  parseAddressRange,
} from '../network/address-range.js';
import { decide } from '../../test/support/decide.js';
import { AllowList } from '../allowlist/allow-list.js';
import type { ApiEntry } from '../apis/role-directory.js';
import { describeCommand } from '../catalogue/command-spec.js';
import { denyReasons, type DenyReason } from '../errors.js';
import type { AccessRequest } from './access-request.js';
import type { ClientAddress } from '../network/client-address.js';
import type { DecisionFacts, KeyFacts } from './facts/decision-facts.js';

interface Situation {
  settings: { api_system: 'off' | 'root user' | 'all users'; read_only?: boolean | string };
  allowed_addresses: string[];
  apis: Record<string, { role?: 'admin' | 'user'; commands?: string[]; safe?: string[]; problem?: string }>;
  /** Names, and the arguments that each takes. */
  commands: Record<string, string>;
  users: Record<string, 'active' | 'suspended' | 'gone'>;
  key:
    | 'none'
    | {
        user: string;
        permissions: string[];
        suspended?: boolean | string;
        /** Now is 2026-07-01T12:00:00Z. */
        expires?: string;
        addresses?: string[];
      };
  request: {
    mode?: 'enforce' | 'inspect';
    from: string;
    secret: 'right' | 'wrong';
    command: string;
    args: (string | null)[] | 'nothing said';
  };
}

type KeyOfSituation = Exclude<Situation['key'], 'none'>;

interface Case extends Partial<Situation> {
  name: string;
  allowed?: { user: string; user_argument?: number };
  denied?: { reason: DenyReason; code: number; user?: string };
}

const accessKeyId = 'InNqgp01kO3v0W22eg6Z';
const rootUser = 'admin';
const now = '2026-07-01T12:00:00Z';
const apiSystems = { off: 'off', 'root user': 'root_user', 'all users': 'all_users' } as const;
const isYes = (value: boolean | string | undefined): boolean => value === true || value === 'yes';

function clientAddress(text: string): ClientAddress {
  const address = parseAddress(text);
  return { address, text: address === undefined ? '' : formatAddress(address) };
}

function apiEntry(
  name: string,
  { role, commands = [], safe = [], problem }: Situation['apis'][string],
): ApiEntry {
  if (problem !== undefined) return { name, problem };
  return { name, role: { role, listed: commands, commands: new Set(commands), safe: new Set(safe) } };
}

function keyFacts(key: KeyOfSituation): KeyFacts {
  const { user, permissions, suspended, expires, addresses } = key;
  return {
    ...{ id: accessKeyId, user, permissions, isSuspended: isYes(suspended) },
    ...(expires !== undefined && { expiresAtMs: Date.parse(expires) }),
    ...(addresses !== undefined && { allowedAddresses: addresses.map((text) => parseAddressRange(text)!) }),
  };
}

function factsOf({ settings, allowed_addresses, apis, commands, users, key }: Situation): DecisionFacts {
  const state = key === 'none' ? undefined : users[key.user];
  return {
    settings: {
      isLegacyApiOn: false,
      apiSystem: apiSystems[settings.api_system],
      isReadOnly: isYes(settings.read_only),
    },
    allowList: new AllowList(allowed_addresses),
    key: key === 'none' ? undefined : keyFacts(key),
    owner:
      state === undefined || state === 'gone'
        ? undefined
        : { isSuspended: state === 'suspended', role: 'user' },
    isAdministrator: () => false,
    rootUser,
    nowMs: Date.parse(now),
    findApi: (name) => (Object.hasOwn(apis, name) ? apiEntry(name, apis[name]!) : undefined),
    findCommand: (name) =>
      Object.hasOwn(commands, name) ? describeCommand(name, '', commands[name]!) : undefined,
  };
}

function requestOf({ request: { mode = 'enforce', from, command, args } }: Situation): AccessRequest {
  const request = { mode, client: clientAddress(from), accessKeyId, secretAccessKey: '', command };
  return args === 'nothing said' ? request : { ...request, args: args.map((arg) => arg ?? undefined) };
}

/** What a case says stands over what is given, one level deep. */
function situationOf(given: Situation, { settings, apis, users, key, request, ...rest }: Case): Situation {
  return {
    ...given,
    ...rest,
    settings: { ...given.settings, ...settings },
    apis: { ...given.apis, ...apis },
    users: { ...given.users, ...users },
    key: key === 'none' || given.key === 'none' ? 'none' : { ...given.key, ...key },
    request: { ...given.request, ...request },
  };
}

const folder = join(import.meta.dirname, '../../test/decisions');

describe.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s', (file) => {
  const { given, cases } = load(readFileSync(join(folder, file), 'utf8')) as {
    given: Situation;
    cases: Case[];
  };

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const situation = situationOf(given, one);
    const decision = decide(requestOf(situation), factsOf(situation), situation.request.secret === 'right');
    if (decision.outcome === 'allow') {
      expect({ user: decision.user, user_argument: decision.userArgPosition }).toMatchObject(
        one.allowed ?? {},
      );
      expect(one.denied).toBeUndefined();
    } else {
      const { reason, code, user } = decision;
      expect({ reason, code, user }).toMatchObject(one.denied ?? { reason: 'none' });
    }
  });
});

describe('a decision', () => {
  const user = fc.constantFrom('alice', 'bob', 'admin', '', 'alice ');
  const word = fc.constantFrom('USER', 'DOMAIN', '[USER]', '[FORMAT]', 'USERNAME');
  const commandName = fc.constantFrom('v-a', 'v-b', 'v-c', 'v-list-x');
  const keyLimits = {
    expires: fc.constantFrom('2026-07-01T12:00:00Z', '2026-07-01T12:00:01Z'),
    addresses: fc.constantFrom<string[]>(['203.0.113.9'], ['10.0.0.0/8', '203.0.113.0/24'], ['10.0.0.0/8']),
  };
  const api: fc.Arbitrary<Situation['apis'][string]> = fc.record(
    {
      role: fc.constantFrom<'admin' | 'user'>('admin', 'user'),
      commands: fc.subarray(['v-a', 'v-b', 'v-c', 'v-list-x']),
      safe: fc.subarray(['v-a', 'v-b']),
      problem: fc.constant('broken'),
    },
    { requiredKeys: ['commands', 'safe'] },
  );
  const situation: fc.Arbitrary<Situation> = fc.record({
    settings: fc.record({
      api_system: fc.constantFrom('off' as const, 'root user' as const, 'all users' as const),
      read_only: fc.boolean(),
    }),
    allowed_addresses: fc.constantFrom([], ['allow-all'], ['0.0.0.0'], ['203.0.113.9'], ['10.0.0.0/8']),
    apis: fc.dictionary(fc.constantFrom('one', 'two', 'three'), api),
    commands: fc.dictionary(
      commandName,
      fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
    ),
    users: fc.dictionary(
      fc.constantFrom('alice', 'admin'),
      fc.constantFrom('active' as const, 'suspended' as const, 'gone' as const),
    ),
    key: fc.oneof(
      fc.constant('none' as const),
      fc.record(
        {
          user: fc.constantFrom('alice', 'admin'),
          permissions: fc.subarray(['one', 'two', 'three', 'four']),
          suspended: fc.boolean(),
          ...keyLimits,
        },
        { requiredKeys: ['user', 'permissions'] },
      ),
    ),
    request: fc.record({
      mode: fc.constant('enforce' as const),
      from: fc.constantFrom('203.0.113.9', '10.1.2.3', 'unknown'),
      secret: fc.constant('right' as const),
      command: fc.oneof(commandName, fc.constantFrom('', '/v-a', 'v-nothing')),
      args: fc.array(fc.option(fc.oneof(user, fc.constant('example.com'))), { maxLength: 5 }),
    }),
  });
  const everyCommand = ['v-a', 'v-b', 'v-c', 'v-list-x'];
  const options = fc.array(word, { maxLength: 3 }).map((words) => words.join(' '));
  const plainApi: Situation['apis'][string] = { role: 'user', commands: everyCommand, safe: ['v-a'] };
  /** Situations in which little but roles and arguments stands in the way. */
  const likelySituation: fc.Arbitrary<Situation> = fc.record({
    settings: fc.constant({ api_system: 'all users' as const }),
    allowed_addresses: fc.constantFrom(['allow-all'], ['203.0.113.9']),
    apis: fc.record({
      one: fc.oneof(api, fc.constant(plainApi)),
      two: api,
    }),
    commands: fc.record<Record<string, string>>(
      Object.fromEntries(everyCommand.map((name) => [name, options])),
    ),
    users: fc.constant({ alice: 'active' as const, admin: 'active' as const }),
    key: fc.record({
      user: fc.constantFrom('alice', 'alice', 'admin'),
      permissions: fc.constantFrom<string[]>(['one'], ['two', 'one'], ['one', 'two']),
    }),
    request: fc.record({
      from: fc.constant('203.0.113.9'),
      secret: fc.constant('right' as const),
      command: fc.constantFrom(...everyCommand),
      args: fc.array(fc.constantFrom('alice', 'alice', 'alice', 'bob', 'example.com', null), {
        maxLength: 4,
      }),
    }),
  });

  const limitedSituation = fc
    .tuple(likelySituation, fc.record(keyLimits, { requiredKeys: [] }))
    .map(([one, limits]): Situation => ({ ...one, key: { ...(one.key as KeyOfSituation), ...limits } }));

  it('to allow a non-root key holds it to its own user and to its roles, whatever the facts are', () => {
    let allowed = 0;
    fc.assert(
      fc.property(likelySituation, (one) => {
        const facts = factsOf(one);
        const request = requestOf(one);
        const decision = decide(request, facts, true);
        if (decision.outcome === 'deny' || decision.user === rootUser) return;
        allowed += 1;
        const key = one.key as Exclude<Situation['key'], 'none'>;
        const granting = key.permissions
          .map((name) => one.apis[name])
          .filter((role) => role?.problem === undefined && role?.role === 'user')
          .filter((role) => role?.commands?.includes(request.command) === true);
        expect(granting).not.toHaveLength(0);
        const places = one.commands[request.command]!.split(' ').flatMap((name, index) =>
          name.replace(/[[\]]/g, '') === 'USER' ? [index] : [],
        );
        const sent = request.args ?? [];
        const run = sent.filter((arg) => arg !== undefined);
        for (const place of places) {
          expect(sent[place]).toBe(key.user);
          expect(run[place]).toBe(key.user);
        }
        if (places.length === 0) {
          expect(granting.some((role) => role?.safe?.includes(request.command) === true)).toBe(true);
        }
        expect(decision.userArgPosition).toBe((places[0] ?? -1) + 1);
      }),
      { numRuns: 5000 },
    );
    expect(allowed).toBeGreaterThan(200);
  });

  it('never allows what any one of these forbids', () => {
    fc.assert(
      fc.property(fc.oneof(situation, limitedSituation), fc.boolean(), (one, isSecretRight) => {
        const facts = factsOf(one);
        const request = requestOf(one);
        if (decide(request, facts, isSecretRight).outcome === 'deny') return;
        expect(isSecretRight).toBe(true);
        expect(one.settings.api_system).not.toBe('off');
        expect(facts.key?.isSuspended).toBe(false);
        expect(facts.key?.expiresAtMs ?? Infinity).toBeGreaterThan(facts.nowMs);
        const addresses = facts.key?.allowedAddresses?.map(formatAddressRange);
        expect(
          new AllowList(addresses ?? ['allow-all']).allows(
            request.client.address,
            request.client.text,
            'legacy',
          ),
        ).toBe(true);
        expect(facts.owner?.isSuspended).toBe(false);
        expect(facts.allowList.allows(request.client.address, request.client.text, 'access_key')).toBe(true);
        expect(Object.keys(one.commands)).toContain(request.command);
      }),
      { numRuns: 2000 },
    );
  });

  it('to deny has the code of its reason', () => {
    fc.assert(
      fc.property(situation, fc.boolean(), (one, isSecretRight) => {
        const decision = decide(requestOf(one), factsOf(one), isSecretRight);
        if (decision.outcome === 'deny') expect(decision.code).toBe(denyReasons[decision.reason]);
      }),
    );
  });

  it('does not name the owner of a key to one who does not know its secret', () => {
    fc.assert(
      fc.property(situation, (one) => {
        expect(decide(requestOf(one), factsOf(one), false)).not.toHaveProperty('user');
      }),
    );
  });
});
