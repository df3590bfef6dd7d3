import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { recordedEvents } from '../../../test/support/record.js';
import { byService, TestStore } from '../../../test/support/store.js';
import { parseAddress } from '../../network/address-range.js';
import { AllowListStore } from '../../allowlist/allow-list-store.js';
import { RoleDirectory } from '../../apis/role-directory.js';
import { AuditLog } from '../../audit/audit-log.js';
import { auditRecordFile } from '../../audit/record/record-files.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { describeCommand } from '../../catalogue/command-spec.js';
import { KeyUseStore } from '../../keys/usage/key-use-store.js';
import { KeyUses } from '../../keys/usage/key-uses.js';
import { rotateSecret } from '../../keys/secrets/rotate-secret.js';
import { WeakKeyStore } from '../../keys/legacy/weak-key-store.js';
import { generateSecretAccessKey } from '../../secrets/generated-secret.js';
import { SlowHash } from '../../secrets/slow-hash.js';
import { SettingStore } from '../../settings/setting-store.js';
import { InOneProcess } from '../../storage/cluster/settling.js';
import type { Decision } from '../access-request.js';
import { Authorizer } from '../authorize.js';
import { Facts } from '../facts/facts.js';
import { FailureLimits } from '../limits/failure-limits.js';
import { SeenSecrets } from './seen-secrets.js';
import { QuotaCountStore } from '../../keys/quotas/quota-count-store.js';
import { QuotaCounter } from '../limits/quota-counter.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { SecretVerifier } from './secret-verifier.js';
import { WeakKeyGuard } from '../limits/weak-key-guard.js';

class CountingSlowHash extends SlowHash {
  runs = 0;

  override async verify(hash: string, secret: string, shareAs?: string): Promise<boolean> {
    this.runs += 1;
    return super.verify(hash, secret, shareAs);
  }
}

/** The clock that decisions are taken at. */
class SetClock extends InOneProcess {
  nowMs = Date.parse('2026-07-01T12:00:00Z');

  override checkLease(): number {
    return this.nowMs;
  }
}

const minute = 60_000;
let store: TestStore;
let slowHash: CountingSlowHash;
let clock: SetClock;
let gateway: Authorizer;
let dataDir: string;
let key: { id: string; secret: string };

beforeEach(async () => {
  store = await TestStore.open();
  slowHash = new CountingSlowHash({ concurrency: 2, queueLength: 64 });
  clock = new SetClock();
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  const errors: unknown[] = [];
  const onError = (error: unknown): unknown => errors.push(error);
  const { db, keys, userStore: users, changes, pepper } = store;
  const [settings, allowList] = [new SettingStore(db), new AllowListStore(db)];
  const facts = new Facts({ db, keys, users, settings, allowList, settling: clock });
  changes.onApplied((change) => facts.apply(change));
  mkdirSync(join(dataDir, 'api'));
  writeFileSync(join(dataDir, 'api/mail'), "ROLE='user'\nCOMMANDS='v-list-mail'\n");
  const roles = new RoleDirectory(join(dataDir, 'api'), () => undefined);
  roles.adopt('mail');
  gateway = new Authorizer({
    facts,
    verifier: new SecretVerifier(new SeenSecrets(), slowHash, pepper, keys, onError),
    weakKeyGuard: new WeakKeyGuard(new WeakKeyStore(db)),
    roles,
    catalogue: new Catalogue(
      new Map([['v-list-mail', describeCommand('v-list-mail', '', 'USER')]]),
      undefined,
    ),
    audit: new AuditLog({ dataDir, sync: 'second', onError }),
    keyUses: new KeyUses(new KeyUseStore(db), onError),
    canaryUses: { note: () => undefined },
    rateLimiter: new RateLimiter(),
    quotaCounter: new QuotaCounter({ store: new QuotaCountStore(db), onError }),
    failureLimits: new FailureLimits(0),
    rootUser: 'admin',
    onError,
  });
  key = await store.addKey();
});

const decide = (secretAccessKey: string, from = '203.0.113.9'): Promise<Decision> =>
  gateway.authorize({
    mode: 'enforce',
    client: { address: parseAddress(from), text: from },
    ...{ accessKeyId: key.id, secretAccessKey, command: 'v-list-mail', args: ['alice'] },
  });
const reasonOf = async (secret: string, from?: string): Promise<string> => {
  const decision = await decide(secret, from);
  return decision.outcome === 'allow' ? 'allowed' : decision.reason;
};
const rotate = async (overlapMs: number): Promise<string> => {
  const parts = { store: store.keys, changes: store.changes, slowHash, pepper: store.pepper };
  const power = { roles: { find: () => undefined }, rootUser: 'admin' };
  const rotated = await rotateSecret(
    { ...parts, ...power, now: () => clock.nowMs },
    key.id,
    'everything',
    byService,
    overlapMs,
  );
  return rotated.secret;
};
const alerts = () => recordedEvents(auditRecordFile(dataDir)).filter(({ type }) => type === 'alert');

describe('two secrets of one key', () => {
  it('both count to the end of the overlap, and not a millisecond longer', async () => {
    const next = await rotate(minute);
    expect([await reasonOf(key.secret), await reasonOf(next)]).toEqual(['allowed', 'allowed']);
    clock.nowMs += minute - 1;
    expect([await reasonOf(key.secret), await reasonOf(next)]).toEqual(['allowed', 'allowed']);
    clock.nowMs += 1;
    expect([await reasonOf(key.secret), await reasonOf(next)]).toEqual(['secret_replaced', 'allowed']);
  });

  it('need argon2 once each, and wrong ones never', async () => {
    const next = await rotate(minute);
    for (let round = 0; round < 3; round++) {
      expect([await reasonOf(key.secret), await reasonOf(next)]).toEqual(['allowed', 'allowed']);
      expect(await reasonOf(generateSecretAccessKey())).toBe('secret_mismatch');
    }
    expect(slowHash.runs).toBe(2);
  });

  it('are told apart also while neither has a tag, as after a change of pepper', async () => {
    await store.db.updateTable('access_keys').set({ secret_tag: null }).execute();
    const next = await rotate(minute);
    await store.db.updateTable('access_keys').set({ secret_tag: null }).execute();
    expect([await reasonOf(next), await reasonOf(key.secret)]).toEqual(['allowed', 'allowed']);
    const { runs } = slowHash;
    expect([await reasonOf(next), await reasonOf(key.secret)]).toEqual(['allowed', 'allowed']);
    expect(slowHash.runs).toBe(runs);
  });

  it('cost a canary as many runs of argon2 as another key, while neither has a tag', async () => {
    const runsOf = async (isCanary: boolean): Promise<number> => {
      key = await store.addKey({});
      const { id } = key;
      if (isCanary)
        await store.db
          .updateTable('access_keys')
          .set((row) => ({ canary_hash: row.ref('secret_hash') }))
          .where('id', '=', id)
          .execute();
      await rotate(minute);
      await store.db.updateTable('access_keys').set({ secret_tag: null }).where('id', '=', id).execute();
      await store.db.updateTable('former_secrets').set({ tag: null }).where('key_id', '=', id).execute();
      const { runs } = slowHash;
      expect(await reasonOf(generateSecretAccessKey())).toBe('secret_mismatch');
      return slowHash.runs - runs;
    };
    expect([await runsOf(true), await runsOf(false)]).toEqual([2, 2]);
  });

  it('are never three: rotating again ends the older one at once', async () => {
    const second = await rotate(minute);
    const third = await rotate(minute);
    const reasons = [await reasonOf(key.secret), await reasonOf(second), await reasonOf(third)];
    expect(reasons).toEqual(['secret_replaced', 'allowed', 'allowed']);
  });

  it('one of them weak: guesses at that one close it, and never the strong one', async () => {
    key = await store.addKey({}, { isWeak: true, hasChecksum: false });
    const next = await rotate(minute);
    for (let guess = 0; guess < 12; guess++) {
      const reason = await reasonOf(generateSecretAccessKey(), `198.51.100.${String(guess)}`);
      expect(reason).toBe(guess < 10 ? 'secret_mismatch' : 'too_many_attempts');
    }
    expect(await reasonOf(key.secret)).toBe('too_many_attempts');
    expect(await reasonOf(next)).toBe('allowed');
    clock.nowMs += minute;
    expect(await reasonOf(generateSecretAccessKey())).toBe('secret_mismatch');
  });
});

describe('a secret that was replaced', () => {
  it('is an alert once a minute for an address, and answered as any wrong one', async () => {
    await rotate(0);
    for (const from of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) {
      expect(await decide(key.secret, from)).toMatchObject({ reason: 'secret_replaced', code: 9 });
      expect(await decide(key.secret, from)).not.toHaveProperty('user');
    }
    expect(await reasonOf(generateSecretAccessKey())).toBe('secret_mismatch');
    expect(alerts()).toMatchObject([
      { alert: 'replaced_secret_used', clientAddress: '192.0.2.1', target: { accessKeyId: key.id } },
      { alert: 'replaced_secret_used', clientAddress: '192.0.2.2' },
    ]);
    expect(slowHash.runs).toBe(0);
  });
});

describe('a key with an end', () => {
  const endsAt = async (expiresAtMs: number | null): Promise<void> => {
    await store.changes.run(async (change) => {
      await store.keys.update(change.trx, key.id, { expiresAtMs });
      change.touch('access_key', key.id);
    });
  };

  it('is refused from that second on, by the clock that the decision is taken at; and lives again with another end', async () => {
    await endsAt(clock.nowMs + minute);
    expect(await reasonOf(key.secret)).toBe('allowed');
    clock.nowMs += minute - 1;
    expect(await reasonOf(key.secret)).toBe('allowed');
    clock.nowMs += 1;
    expect(await decide(key.secret)).toMatchObject({ reason: 'key_expired', code: 9, user: 'alice' });
    expect(await reasonOf(generateSecretAccessKey())).toBe('secret_mismatch');
    await endsAt(null);
    expect(await reasonOf(key.secret)).toBe('allowed');
  });
});
