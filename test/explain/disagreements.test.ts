import { describe, expect, it } from '@jest/globals';
import { AllowList } from '../../src/allowlist/allow-list.js';
import { deny } from '../../src/authorization/access-request.js';
import { explain } from '../../src/authorization/explain/explain.js';
import { judgeTrials } from '../../src/authorization/trials/judge-trials.js';
import type { DecisionFacts, KeyFacts } from '../../src/authorization/facts/decision-facts.js';
import type { CommandSpec } from '../../src/catalogue/command-spec.js';
import { denyReasons } from '../../src/errors.js';
import { decide } from '../support/decide.js';
import { codes, precedence } from './book/codes.js';
import { possibleVerdicts } from './by-the-book.js';
import { childOf } from '../../src/keys/derived/child-of.js';
import { compareMany } from './disagreements.js';
import { growTrees, type TreeParts } from './trees.js';

type Decide = typeof decide;

/** Decides from facts that are read wrongly. */
const misreading =
  (misread: (facts: DecisionFacts) => Partial<DecisionFacts>): Decide =>
  (request, facts, isSecretRight) =>
    decide(request, { ...facts, ...misread(facts) }, isSecretRight);

const ofKey = (change: (key: KeyFacts) => Partial<KeyFacts>): Decide =>
  misreading(({ key }) => (key === undefined ? {} : { key: { ...key, ...change(key) } }));

const ofCommands = (change: (spec: CommandSpec) => Partial<CommandSpec>): Decide =>
  misreading(({ findCommand }) => ({
    findCommand: (name) => {
      const spec = findCommand(name);
      return spec && { ...spec, ...change(spec) };
    },
  }));

const ofRoles = (change: (role: RoleFacts) => Partial<RoleFacts>): Decide =>
  misreading(({ findApi }) => ({
    findApi: (name) => {
      const entry = findApi(name);
      return entry?.role === undefined ? entry : { name, role: { ...entry.role, ...change(entry.role) } };
    },
  }));
type RoleFacts = NonNullable<NonNullable<ReturnType<DecisionFacts['findApi']>>['role']>;

function withoutOnly<T extends { only?: unknown }>(one: T): T {
  const rest = { ...one };
  delete rest.only;
  return rest;
}

/** Each breaks one rule. */
const wrong: Readonly<Record<string, Decide>> = {
  'a key lives one millisecond longer': misreading(({ nowMs }) => ({ nowMs: nowMs - 1 })),
  'a suspended key counts': ofKey(() => ({ isSuspended: false })),
  'a suspended owner counts': misreading(({ owner }) => ({
    owner: owner && { ...owner, isSuspended: false },
  })),
  'a key outlives the key that made it': misreading(() => ({ makers: [] })),
  'a key has permissions that its maker lost': misreading(({ makers = [], key }) => ({
    makers: makers.map((maker) => ({ ...maker, permissions: key?.permissions ?? [] })),
  })),
  'a key without permissions may do everything, of all users': misreading(({ key, rootUser }) =>
    key?.permissions.length === 0 ? { rootUser: key.user } : { rootUser },
  ),
  'every owner is an administrator': misreading(({ owner }) => ({
    owner: owner && { ...owner, role: 'admin' },
  })),
  'no owner is an administrator': misreading(({ owner }) => ({ owner: owner && { ...owner, role: 'user' } })),
  'administrators are not protected': misreading(() => ({ isAdministrator: () => false })),
  'an administrator names the root user': (request, facts, isSecretRight) => {
    const decision = decide(request, facts, isSecretRight);
    const isProtected = decision.outcome === 'deny' && decision.reason === 'root_user_protected';
    const isOfRootUser = facts.key?.user === facts.rootUser;
    return isProtected && !isOfRootUser
      ? decide(request, { ...facts, rootUser: 'nobody' }, isSecretRight)
      : decision;
  },
  'an administrator without arguments names others': (request, facts, isSecretRight) =>
    decide({ ...request, ...(request.args === undefined && { areArgsToCome: true }) }, facts, isSecretRight),
  'the role of an API is not looked at': ofRoles(() => ({ role: 'user' })),
  'SAFE grants by itself': ofRoles(({ commands, safe }) => ({ commands: new Set([...commands, ...safe]) })),
  'each command is in SAFE': ofRoles(({ commands }) => ({ safe: commands })),
  'only the first USER is compared': ofCommands(({ userPositions }) => ({
    userPositions: userPositions.slice(0, 1),
  })),
  'USER is always the first argument': ofCommands(({ userPositions }) => ({
    userPositions: userPositions.map(() => 1),
  })),
  'a name is a reading one without its dash': ofCommands(({ name }) => ({
    onlyReads: /^v-(?:check|explain|get|list|search|suggest|verify)/.test(name),
  })),
  'arguments are compared as they close up': (request, facts, isSecretRight) =>
    decide(
      {
        ...request,
        ...(request.args && { args: request.args.filter((arg) => arg !== undefined) }),
      },
      facts,
      isSecretRight,
    ),
  'API_SYSTEM 1 lets everybody in': misreading(({ settings }) =>
    settings.apiSystem === 'root_user' ? { settings: { ...settings, apiSystem: 'all_users' } } : {},
  ),
  'an empty list lets everybody in': misreading(({ allowList }) =>
    allowList.allows(undefined, '', 'access_key') ? { allowList } : { allowList: new AllowList(['0.0.0.0']) },
  ),
  'addresses of a key do not count': ofKey(() => ({ allowedAddresses: [] })),
  'arguments that a key is held to do not count': misreading(({ key }) =>
    key === undefined ? {} : { key: withoutOnly(key) },
  ),
  'what a maker is held to does not count': misreading(({ makers = [] }) => ({
    makers: makers.map(withoutOnly),
  })),
  'ONLY does not count': misreading(({ findApi }) => ({
    findApi: (name) => {
      const entry = findApi(name);
      return entry?.role === undefined ? entry : { name, role: withoutOnly(entry.role) };
    },
  })),
  'a rate limit comes before the state of the key': (request, facts, isSecretRight) => {
    const decision = decide(request, facts, isSecretRight);
    const isOfKey = decision.outcome === 'deny' && decision.reason === 'key_suspended';
    return isOfKey && facts.rate?.isExceeded === true ? deny('rate_limited') : decision;
  },
  'a quota does not count': misreading(() => ({ quota: undefined })),
  'a quota of a key that made it does not count': misreading(({ key, quota }) =>
    key?.quota === undefined ? { quota: undefined } : { quota },
  ),
  'a quota comes before the rules': (request, facts, isSecretRight) => {
    const decision = decide(request, facts, isSecretRight);
    const isOfRules = decision.outcome === 'deny' && decision.reason === 'permission_missing';
    return isOfRules && facts.quota?.isExceeded === true ? deny('quota_exceeded') : decision;
  },
  'a quota denies v-check-access-key': (request, facts, isSecretRight) => {
    const decision = decide(request, facts, isSecretRight);
    const isExceeded = decision.outcome === 'allow' && facts.quota?.isExceeded === true;
    return isExceeded ? deny('quota_exceeded') : decision;
  },
  'the root user is not protected': (request, facts, isSecretRight) => {
    const isOfRootUser = facts.key?.user === facts.rootUser;
    return decide(isOfRootUser ? { ...request, args: [] } : request, facts, isSecretRight);
  },
};

describe('the comparison with the documents', () => {
  it.each(Object.entries(wrong))('finds a decision that breaks a rule: %s', (_, wrongOne) => {
    expect(compareMany(20_000, 7, { decide: wrongOne, endsAtFirst: true }).disagreements).toHaveLength(1);
  });

  it('finds an explanation that leaves something out behind the verdict', () => {
    const forgetful: typeof explain = (asked, facts) => {
      const { steps, verdict } = explain(asked, facts);
      return { steps: steps.filter(({ reason }) => reason !== 'read_only'), verdict };
    };
    expect(compareMany(5000, 7, { explain: forgetful, endsAtFirst: true }).disagreements).toHaveLength(1);
  });

  it('finds a trial that is judged by what the key has now', () => {
    const untried: typeof judgeTrials = (...asked) =>
      judgeTrials(...asked).map((verdict) => (typeof verdict === 'string' ? verdict : verdict.since));
    const { disagreements } = compareMany(500, 7, { judgeTrials: untried, endsAtFirst: true });
    expect(disagreements).toHaveLength(1);
  });

  it('finds nothing in the right ones, in cases that have every verdict', () => {
    const { disagreements, met } = compareMany(5000, 7);
    expect(disagreements).toEqual([]);
    expect([...met.keys()].sort()).toEqual([...possibleVerdicts].sort());
  });
});

describe('docs/codes.md', () => {
  it('gives each reason its code, and a place to each that facts can give', () => {
    expect(Object.fromEntries(codes)).toEqual(denyReasons);
    const elsewhere = Object.keys(denyReasons).filter((reason) => !precedence.includes(reason));
    expect(elsewhere.sort()).toEqual([
      ...['address_malformed', 'audit_unavailable', 'credentials_malformed', 'cross_site_request'],
      ...[
        'login_disabled',
        'not_root_user',
        'overloaded',
        'panel_unavailable',
        'passkey_cloned',
        'request_malformed',
      ],
      ...['request_too_large', 'secret_replaced', 'session_ended', 'sessions_disabled'],
      ...['store_unavailable', 'too_many_failures'],
    ]);
  });
});

describe('trees of derived keys', () => {
  it('never allow a child what its parent is denied, and are decided about as the documents say', () => {
    const { problems, allowed, derived, refused } = growTrees(400, 17);
    expect(problems).toEqual([]);
    for (const count of [allowed, derived, refused]) expect(count).toBeGreaterThan(100);
  });

  it.each<[string, Partial<TreeParts>]>([
    [
      'are derived with whatever is wanted',
      {
        childOf: (parent, makers, wanted, at) => ({
          ...childOf(parent, makers, { expiresAtMs: wanted.expiresAtMs }, at),
          ...wanted,
        }),
      },
    ],
    [
      'are derived with whatever arguments are wanted',
      {
        childOf: (parent, makers, { only, ...wanted }, at) => ({
          ...childOf(parent, makers, wanted, at),
          ...(only && { only }),
        }),
      },
    ],
    [
      'are derived with whatever quota is wanted',
      {
        childOf: (parent, makers, { quota, ...wanted }, at) => ({
          ...childOf(parent, makers, wanted, at),
          ...(quota && { quota }),
        }),
      },
    ],
    [
      'are derived from a suspended parent',
      {
        childOf: (parent, _makers, wanted, at) => childOf({ ...parent, isSuspended: false }, [], wanted, at),
      },
    ],
    [
      'are decided about without their makers',
      { decide: (request, facts, isRight) => decide(request, { ...facts, makers: [] }, isRight) },
    ],
  ])('are found out where keys %s', (_, parts) => {
    expect(growTrees(400, 17, { childOf, decide, ...parts }).problems.length).toBeGreaterThan(0);
  });
});
