import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { byService, TestStore } from '../../../test/support/store.js';
import { parseAddress, parseAddressRange } from '../../network/address-range.js';
import { RoleDirectory } from '../../apis/role-directory.js';
import { AuditLog } from '../../audit/audit-log.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { describeCommand } from '../../catalogue/command-spec.js';
import { noPolicy } from '../../keys/limits/key-policy.js';
import { KeyUseStore } from '../../keys/usage/key-use-store.js';
import { KeyUses } from '../../keys/usage/key-uses.js';
import { weakKeyAttemptLimit, WeakKeyGuard } from '../limits/weak-key-guard.js';
import { WeakKeyStore } from '../../keys/legacy/weak-key-store.js';
import { generateAccessKeyId } from '../../secrets/generated-secret.js';
import { AccessExplainer } from './access-explainer.js';
import { Authorizer } from '../authorize.js';
import type { Explanation } from './explanation.js';
import { FailureLimits } from '../limits/failure-limits.js';
import { SeenSecrets } from '../secrets/seen-secrets.js';
import { QuotaCountStore } from '../../keys/quotas/quota-count-store.js';
import { QuotaCounter } from '../limits/quota-counter.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { SecretVerifier } from '../secrets/secret-verifier.js';

const roleTexts = {
  mail: "ROLE='user'\nCOMMANDS='v-list-mail-accounts,v-add-mail-account,v-list-sys-info'\n",
  safe: "ROLE='user'\nCOMMANDS='v-list-sys-info'\nSAFE='v-list-sys-info'\n",
  admin: "ROLE='admin'\nCOMMANDS='v-list-mail-accounts,v-list-sys-info'\n",
  broken: 'ROLE=user\n',
};
const commands = {
  'v-list-mail-accounts': 'USER DOMAIN',
  'v-add-mail-account': 'USER DOMAIN ACCOUNT PASSWORD',
  'v-list-sys-info': '[FORMAT]',
};

let store: TestStore;
let authorizer: Authorizer;
let explainer: AccessExplainer;
const errors: unknown[] = [];

beforeAll(async () => {
  store = await TestStore.open();
  const apisDir = join(temporaryFolder(), 'api');
  mkdirSync(apisDir);
  const roles = new RoleDirectory(apisDir, () => undefined);
  for (const [name, text] of Object.entries(roleTexts)) {
    writeFileSync(join(apisDir, name), text);
    roles.adopt(name);
  }
  const specs = Object.entries(commands).map(([name, options]) => describeCommand(name, '', options));
  const catalogue = new Catalogue(new Map(specs.map((spec) => [spec.name, spec])), undefined);
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  const onError = (error: unknown): unknown => errors.push(error);
  const rateLimiter = new RateLimiter();
  const weakKeyGuard = new WeakKeyGuard(new WeakKeyStore(store.db));
  const quotaCounter = new QuotaCounter({ store: new QuotaCountStore(store.db), onError });
  const limits = { rateLimiter, quotaCounter, weakKeyGuard };
  const both = { facts: store.facts, roles, catalogue, ...limits, rootUser: 'admin' };
  explainer = new AccessExplainer({ ...both, apisDir, keyPolicy: noPolicy });
  authorizer = new Authorizer({
    ...both,
    verifier: new SecretVerifier(new SeenSecrets(), store.slowHash, store.pepper, store.keys, onError),
    audit: new AuditLog({ dataDir, sync: 'second', onError }),
    keyUses: new KeyUses(new KeyUseStore(store.db), onError),
    canaryUses: { note: () => undefined },
    failureLimits: new FailureLimits(0),
    onError,
  });
});

interface Wanted {
  key: { id: string; secret: string };
  command?: string;
  ip?: string;
  args?: string[];
}

function asked({
  key,
  command = 'v-list-mail-accounts',
  ip = '203.0.113.9',
  args = ['alice', 'example.com'],
}: Wanted) {
  return { accessKeyId: key.id, client: { address: parseAddress(ip), text: ip }, command, args };
}

const explain = (wanted: Wanted): Promise<Explanation> => explainer.explain(asked(wanted));

async function decided(wanted: Wanted): Promise<Explanation['verdict']> {
  const request = { mode: 'enforce', secretAccessKey: wanted.key.secret, ...asked(wanted) } as const;
  const decision = await authorizer.authorize(request);
  if (decision.outcome === 'allow') return { outcome: 'allow' };
  return { outcome: 'deny', reason: decision.reason, code: decision.code };
}

async function variedKeys(): Promise<{ id: string; secret: string }[]> {
  await store.addUser('carol');
  await store.users.suspend('carol', byService);
  const allowedAddresses = [parseAddressRange('203.0.113.0/24')!];
  const added = await Promise.all([
    store.addKey(),
    store.addKey({ permissions: ['safe'] }),
    store.addKey({ permissions: ['admin', 'broken', 'gone'] }),
    store.addKey({ permissions: ['broken', 'mail', 'safe'] }),
    store.addKey({ permissions: [] }),
    store.addKey({ isSuspended: true }),
    store.addKey({ expiresAtMs: 1000 }),
    store.addKey({ allowedAddresses }),
    store.addKey({ user: 'admin', permissions: [] }),
    store.addKey({ user: 'admin', permissions: ['admin'] }),
    store.addKey({ user: 'carol' }),
  ]);
  return [...added, { id: generateAccessKeyId(), secret: added[0].secret }];
}

describe('an explanation', () => {
  it('agrees with the authorizer on the same stores, about every key in every state of the switches', async () => {
    const keys = await variedKeys();
    const argumentLists = [[], ['alice', 'example.com'], ['bob'], ['admin', 'example.com']];
    let compared = 0;
    for (const API_SYSTEM of ['2', '1', '0'] as const) {
      for (const entry of ['allow-all', '203.0.113.9']) {
        await store.settings.apply(
          { API_SYSTEM, DEMO_MODE: entry === 'allow-all' ? 'no' : 'yes' },
          byService,
        );
        await store.allowList.replaceAll(entry, byService);
        for (const key of keys) {
          for (const command of [...Object.keys(commands), 'v-none']) {
            const ip = compared % 3 === 0 ? '198.51.100.1' : '203.0.113.9';
            const wanted = { key, command, ip, args: argumentLists[compared++ % argumentLists.length]! };
            expect({ ...wanted, verdict: (await explain(wanted)).verdict }).toEqual({
              ...wanted,
              verdict: await decided(wanted),
            });
          }
        }
      }
    }
    expect(errors).toEqual([]);
    expect(compared).toBe(3 * 2 * keys.length * 4);
    await store.settings.apply({ API_SYSTEM: '2', DEMO_MODE: 'no' }, byService);
    await store.allowList.replaceAll('allow-all', byService);
  });

  it('uses up no rate limit, and knows when it is used up', async () => {
    const key = await store.addKey({ rateLimit: { count: 3, windowSeconds: 3600 } });
    for (const outcome of ['allow', 'allow', 'allow', 'deny']) {
      for (let times = 0; times < 5; times++) {
        expect((await explain({ key })).verdict.outcome).toBe(outcome);
      }
      expect((await decided({ key })).outcome).toBe(outcome);
    }
    expect((await explain({ key })).verdict).toMatchObject({ reason: 'rate_limited' });
  });

  it('counts no attempt on a weak secret, and knows to whom the key is closed', async () => {
    const key = await store.addKey({}, { isWeak: true, tag: null });
    for (let times = 0; times < 2 * weakKeyAttemptLimit; times++) await explain({ key });
    const wrong = { ...key, secret: `${key.secret.slice(0, -1)}${key.secret.endsWith('x') ? 'y' : 'x'}` };
    expect(await decided({ key, ip: '192.0.2.1' })).toEqual({ outcome: 'allow' });
    // One attempt after the other: those with one secret from one place are shared while they last.
    for (let times = 0; times < weakKeyAttemptLimit; times++) await decided({ key: wrong });
    for (const ip of ['203.0.113.9', '192.0.2.1']) {
      expect((await explain({ key, ip })).verdict).toEqual(await decided({ key, ip }));
    }
    expect((await explain({ key })).verdict).toMatchObject({ reason: 'too_many_attempts' });
    expect((await explain({ key, ip: '192.0.2.1' })).verdict).toEqual({ outcome: 'allow' });
  });

  it('tells all that stands in the way, with the file or setting and what would change it', async () => {
    const key = await store.addKey({ permissions: ['admin'], isSuspended: true });
    const { steps, verdict } = await explain({ key, args: ['bob', 'example.com'] });
    expect(verdict).toEqual({ outcome: 'deny', reason: 'key_suspended', code: 9 });
    const denied = steps.filter(({ state }) => state === 'denied');
    expect(denied).toMatchObject([
      { step: 'suspension', remedy: `v-unsuspend-access-key ${key.id}` },
      {
        step: 'permission',
        why: 'admin has ROLE admin: only for the root user and administrators',
        source: expect.stringMatching(/\/api\/admin$/) as unknown as string,
        remedy: `v-change-access-key ${key.id} PERMISSIONS mail`,
      },
      { step: 'user named', why: 'argument 1 must be alice, and is bob' },
    ]);
  });
});
