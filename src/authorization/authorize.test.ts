import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { recordedEvents } from '../../test/support/record.js';
import { byService, TestStore } from '../../test/support/store.js';
import { parseAddress } from '../network/address-range.js';
import { RoleDirectory } from '../apis/role-directory.js';
import type { AuditEvent } from '../audit/audit-event.js';
import { AuditLog } from '../audit/audit-log.js';
import { auditRecordFile } from '../audit/record/record-files.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { describeCommand } from '../catalogue/command-spec.js';
import { KeyUseStore } from '../keys/usage/key-use-store.js';
import { KeyUses } from '../keys/usage/key-uses.js';
import { WeakKeyStore } from '../keys/legacy/weak-key-store.js';
import { generateSecretAccessKey } from '../secrets/generated-secret.js';
import { SlowHash } from '../secrets/slow-hash.js';
import type { AccessRequest } from './access-request.js';
import { Authorizer } from './authorize.js';
import { FailureLimits } from './limits/failure-limits.js';
import { SeenSecrets } from './secrets/seen-secrets.js';
import { QuotaCountStore } from '../keys/quotas/quota-count-store.js';
import { periodOf } from '../keys/limits/quota-period.js';
import { QuotaCounter, type TakenQuota } from './limits/quota-counter.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { SecretVerifier } from './secrets/secret-verifier.js';
import { WeakKeyGuard } from './limits/weak-key-guard.js';

/** The real argon2, after which something may happen before those who wait for it go on. */
class InterruptedSlowHash extends SlowHash {
  runs = 0;
  afterRun: (() => Promise<void>) | undefined;

  override async verify(hash: string, secret: string, shareAs: string): Promise<boolean> {
    const isRight = await super.verify(hash, secret, shareAs);
    this.runs += 1;
    await this.afterRun?.();
    return isRight;
  }
}

let store: TestStore;
let slowHash: InterruptedSlowHash;
let dataDir: string;
let audit: AuditLog;
let errors: unknown[];
let key: { id: string; secret: string };

function authorizer(quotaCounter?: Pick<QuotaCounter, 'take'>): Authorizer {
  const roleFiles = join(temporaryFolder(), 'api');
  mkdirSync(roleFiles);
  writeFileSync(join(roleFiles, 'mail'), "ROLE='user'\nCOMMANDS='v-list-mail-accounts,v-add-mail-account'\n");
  const roles = new RoleDirectory(roleFiles, () => undefined);
  roles.adopt('mail');
  const specs = [
    describeCommand('v-list-mail-accounts', '', 'USER DOMAIN'),
    describeCommand('v-add-mail-account', '', 'USER DOMAIN ACCOUNT PASSWORD'),
  ];
  const catalogue = new Catalogue(new Map(specs.map((spec) => [spec.name, spec])), undefined);
  const onError = (error: unknown): unknown => errors.push(error);
  const verifier = new SecretVerifier(new SeenSecrets(), slowHash, store.pepper, store.keys, onError);
  return new Authorizer({
    facts: store.facts,
    verifier,
    weakKeyGuard: new WeakKeyGuard(new WeakKeyStore(store.db)),
    roles,
    catalogue,
    audit,
    keyUses: new KeyUses(new KeyUseStore(store.db), onError),
    canaryUses: { note: () => undefined },
    rateLimiter: new RateLimiter(),
    quotaCounter: quotaCounter ?? new QuotaCounter({ store: new QuotaCountStore(store.db), onError }),
    failureLimits: new FailureLimits(0),
    rootUser: 'admin',
    onError,
  });
}

function request(wanted: Partial<AccessRequest> = {}): AccessRequest {
  return {
    mode: 'enforce',
    client: { address: parseAddress('203.0.113.9'), text: '203.0.113.9' },
    accessKeyId: key.id,
    secretAccessKey: key.secret,
    command: 'v-list-mail-accounts',
    args: ['alice', 'example.com'],
    ...wanted,
  };
}

const events = (): AuditEvent[] => recordedEvents(auditRecordFile(dataDir));

const authLog = (): string => readFileSync(join(dataDir, 'auth.log'), 'utf8');

beforeEach(async () => {
  errors = [];
  store = await TestStore.open();
  slowHash = new InterruptedSlowHash({ concurrency: 2, queueLength: 64 });
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  audit = new AuditLog({ dataDir, sync: 'second', onError: (error) => errors.push(error) });
  key = await store.addKey();
});

describe('a key that may', () => {
  it('is allowed, and the record has it before the answer', async () => {
    const decision = await authorizer().authorize(request());
    expect(decision).toMatchObject({ outcome: 'allow', user: 'alice', userArgPosition: 1 });
    expect(events()).toMatchObject([
      {
        type: 'decision',
        outcome: 'allow',
        actor: { kind: 'access_key', accessKeyId: key.id, user: 'alice' },
        clientAddress: '203.0.113.9',
        command: 'v-list-mail-accounts',
        args: ['alice', 'example.com'],
      },
    ]);
    expect(authLog()).toMatch(
      new RegExp(
        `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ${key.id} 203\\.0\\.113\\.9 v-list-mail-accounts successfully launched\n$`,
      ),
    );
  });

  it('needs argon2 once, for fifty requests at the same time and for all that follow', async () => {
    slowHash = new InterruptedSlowHash({ concurrency: 1, queueLength: 0 });
    const gateway = authorizer();
    const decisions = await Promise.all(Array.from({ length: 50 }, () => gateway.authorize(request())));
    expect(new Set(decisions.map(({ outcome }) => outcome))).toEqual(new Set(['allow']));
    const { runs } = slowHash;
    await gateway.authorize(request());
    expect(slowHash.runs).toBe(runs);
    expect(events()).toHaveLength(51);
  });

  it('leaves no secret in any record', async () => {
    const args = ['alice', 'example.com', 'info', 'hunter2-password'];
    await authorizer().authorize(request({ command: 'v-add-mail-account', args }));
    await authorizer().authorize(request({ secretAccessKey: generateSecretAccessKey() }));
    await authorizer().authorize(request({ accessKeyId: key.secret }));
    await authorizer().authorize(request({ command: key.secret }));
    const written = readFileSync(auditRecordFile(dataDir), 'utf8') + authLog();
    expect(written).not.toContain('hunter2-password');
    expect(written).not.toContain(key.secret);
  });
});

describe('a key with a quota', () => {
  const used = async (): Promise<number> => {
    const rows = await store.db
      .selectFrom('quota_counts')
      .select('used')
      .where('key_id', '=', key.id)
      .execute();
    return rows.reduce((sum, row) => sum + row.used, 0);
  };
  const change = (changes: Parameters<typeof store.keys.update>[2]): Promise<void> =>
    store.changes.run(async (made) => {
      await store.keys.update(made.trx, key.id, changes);
      made.touch('access_key', key.id);
    });
  /** Runs something in the middle of the next counting. */
  const whileCounting = (work: () => Promise<void>): Authorizer => {
    const counter = new QuotaCounter({ store: new QuotaCountStore(store.db), onError: () => undefined });
    let isFirst = true;
    const take = async (...asked: Parameters<QuotaCounter['take']>): Promise<TakenQuota> => {
      const taken = await counter.take(...asked);
      if (isFirst) await work();
      isFirst = false;
      return taken;
    };
    return authorizer({ take });
  };

  beforeEach(() => change({ quota: { count: 3, unit: 'month' } }));

  it('is denied once it is used up, told until when, and only what was allowed counts', async () => {
    const gateway = authorizer();
    await gateway.authorize(request({ args: ['bob', 'example.com'] }));
    await gateway.authorize(request({ command: 'v-none' }));
    await gateway.authorize(request({ secretAccessKey: generateSecretAccessKey() }));
    await gateway.authorize(request({ mode: 'inspect' }));
    await gateway.precheck(request());
    expect(await used()).toBe(0);
    const decisions = await Promise.all(Array.from({ length: 9 }, () => gateway.authorize(request())));
    expect(decisions.filter(({ outcome }) => outcome === 'allow')).toHaveLength(3);
    const denied = decisions.filter(({ outcome }) => outcome === 'deny');
    expect(denied).toHaveLength(6);
    const end = periodOf('month', Date.now()).endsAtMs;
    for (const decision of denied) {
      expect(decision).toMatchObject({ reason: 'quota_exceeded', code: 14, user: 'alice' });
      expect(decision.rate).toMatchObject({ limit: 3, remaining: 0, isExceeded: true });
      expect(Math.abs(Date.now() + decision.rate!.resetSeconds * 1000 - end)).toBeLessThan(30_000);
    }
    expect(await used()).toBe(3);
    // What is denied for another reason hears that reason.
    expect(await gateway.authorize(request({ args: ['bob', 'x'] }))).toMatchObject({
      reason: 'user_argument_mismatch',
    });
  });

  it('counts for each item of several requests, and once for one of several commands', async () => {
    const gateway = authorizer();
    const decisions = await gateway.authorizeAll([
      request(),
      request({ isInQuota: true }),
      request(),
      request(),
    ]);
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['allow', 'allow', 'allow', 'allow']);
    expect(await used()).toBe(3);
  });

  it('that is suspended while it is counted is denied, and the request does not count', async () => {
    const gateway = whileCounting(() => change({ isSuspended: true }));
    expect(await gateway.authorize(request())).toMatchObject({ reason: 'key_suspended' });
    expect(await used()).toBe(0);
  });

  it('that gets another quota while it is counted counts once, for that one', async () => {
    const wider = whileCounting(() => change({ quota: { count: 1, unit: 'day' } }));
    expect(await wider.authorize(request())).toMatchObject({ outcome: 'allow' });
    expect(await used()).toBe(1);
    expect(await wider.authorize(request())).toMatchObject({ reason: 'quota_exceeded' });
    const lifted = authorizer();
    await change({ quota: null });
    expect(await lifted.authorize(request())).toMatchObject({ outcome: 'allow' });
    expect(await used()).toBe(1);
  });

  it('counts with the key that made it, whose quota holds too', async () => {
    const child = await store.addKey({ makerId: key.id });
    const gateway = authorizer();
    const ask = () => gateway.authorize(request({ accessKeyId: child.id, secretAccessKey: child.secret }));
    for (let index = 0; index < 2; index++) expect(await ask()).toMatchObject({ outcome: 'allow' });
    expect(await gateway.authorize(request())).toMatchObject({ outcome: 'allow' });
    expect(await ask()).toMatchObject({ reason: 'quota_exceeded' });
  });

  it('is denied where its requests can not be counted', async () => {
    const take = (): Promise<never> => Promise.reject(new Error('the database is away'));
    expect(await authorizer({ take }).authorize(request())).toMatchObject({
      reason: 'store_unavailable',
      code: 17,
    });
  });
});

describe('what happens while argon2 runs counts', () => {
  it('a key that is deleted meanwhile is denied', async () => {
    slowHash.afterRun = () => store.deleteKey(key.id);
    expect(await authorizer().authorize(request())).toMatchObject({ outcome: 'deny', reason: 'key_unknown' });
    expect(slowHash.runs).toBe(1);
  });

  it('a key that is suspended meanwhile is denied', async () => {
    slowHash.afterRun = () =>
      store.changes.run(async (change) => {
        await store.keys.update(change.trx, key.id, { isSuspended: true });
        change.touch('access_key', key.id);
      });
    expect(await authorizer().authorize(request())).toMatchObject({
      outcome: 'deny',
      reason: 'key_suspended',
    });
  });

  it('a key whose owner is suspended or deleted meanwhile is denied', async () => {
    slowHash.afterRun = () => store.users.suspend('alice', byService);
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'user_suspended' });
    await store.users.unsuspend('alice', byService);
    slowHash.afterRun = () => store.users.delete('alice', byService);
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'user_unknown' });
  });

  it('an address that is taken out of the allow list meanwhile is denied', async () => {
    slowHash.afterRun = async () => {
      await store.allowList.delete('allow-all', byService);
    };
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'address_not_allowed' });
  });

  it('an API that is switched off meanwhile denies', async () => {
    slowHash.afterRun = async () => {
      await store.settings.apply({ API_SYSTEM: '0' }, byService);
    };
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'api_disabled', code: 11 });
  });

  it('a secret that was exchanged meanwhile is asked again, and the old one is denied', async () => {
    const next = await store.addKey();
    const { hash, tag } = (await store.keys.findWithSecret(next.id, store.db))!;
    slowHash.afterRun = async () => {
      slowHash.afterRun = undefined;
      await store.changes.run(async (change) => {
        const row = { secret_hash: hash, secret_version: 'newer', secret_tag: null };
        await change.trx.updateTable('access_keys').set(row).where('id', '=', key.id).execute();
        change.touch('access_key', key.id);
      });
    };
    expect(tag).not.toBeNull();
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'secret_mismatch' });
    // Once for the old secret of the key, once more against what the key has now.
    expect(slowHash.runs).toBe(2);
  });

  it('an exchanged secret is right from then on', async () => {
    const gateway = authorizer();
    await gateway.authorize(request());
    const next = await store.addKey();
    const { hash } = (await store.keys.findWithSecret(next.id, store.db))!;
    await store.changes.run(async (change) => {
      const tag = store.pepper.tag(key.id, 'newer', next.secret);
      const row = { secret_hash: hash, secret_version: 'newer', secret_tag: tag };
      await change.trx.updateTable('access_keys').set(row).where('id', '=', key.id).execute();
      change.touch('access_key', key.id);
    });
    expect(await gateway.authorize(request())).toMatchObject({ reason: 'secret_mismatch' });
    expect(await gateway.authorize(request({ secretAccessKey: next.secret }))).toMatchObject({
      outcome: 'allow',
    });
  });
});

describe('a refusal', () => {
  it.each([
    ['an unknown key', { accessKeyId: '0'.repeat(20) }, 'key_unknown', 9],
    ['something that is no key', { accessKeyId: '../../../etc/passwd' }, 'credentials_malformed', 9],
    ['a wrong secret', { secretAccessKey: generateSecretAccessKey() }, 'secret_mismatch', 9],
    ['a secret of another form', { secretAccessKey: '' }, 'secret_mismatch', 9],
    ['a command of no API', { command: 'v-nothing' }, 'command_unknown', 10],
    ['another user', { args: ['bob', 'example.com'] }, 'user_argument_mismatch', 10],
  ] as const)(
    'of %s is in the record with its exact reason, and in auth.log for fail2ban',
    async (_what, wanted, reason, code) => {
      expect(await authorizer().authorize(request(wanted))).toMatchObject({ outcome: 'deny', reason, code });
      expect(events()).toMatchObject([{ outcome: 'deny', reason, code }]);
      expect(authLog()).toMatch(/^\S+ \S+ \S+ 203\.0\.113\.9 failed to login\n$/);
    },
  );

  it('names the owner of the key in the record once the secret was right, and not before', async () => {
    await authorizer().authorize(request({ args: ['bob'] }));
    await authorizer().authorize(request({ secretAccessKey: generateSecretAccessKey() }));
    const [known, guessed] = events();
    expect(known?.actor).toHaveProperty('user', 'alice');
    expect(guessed?.actor).not.toHaveProperty('user');
  });

  it('that says nothing of the client gives fail2ban nothing to ban', async () => {
    await store.settings.apply({ API_SYSTEM: '0' }, byService);
    await authorizer().authorize(request());
    expect(events()).toHaveLength(1);
    expect(authLog()).toBe('');
  });

  it('of an address that may not come in costs no argon2', async () => {
    await store.allowList.replaceAll('10.0.0.1', byService);
    slowHash = new InterruptedSlowHash({ concurrency: 0, queueLength: 0 });
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'address_not_allowed' });
  });

  it('of a thousand wrong secrets costs no argon2, and the right one is allowed after them', async () => {
    slowHash = new InterruptedSlowHash({ concurrency: 1, queueLength: 0 });
    const gateway = authorizer();
    for (let guess = 0; guess < 1000; guess += 50) {
      const wrong = Array.from({ length: 50 }, () =>
        gateway.authorize(request({ secretAccessKey: generateSecretAccessKey() })),
      );
      for (const decision of await Promise.all(wrong))
        expect(decision).toMatchObject({ reason: 'secret_mismatch' });
    }
    expect(slowHash.runs).toBe(0);
    expect(await gateway.authorize(request())).toMatchObject({ outcome: 'allow' });
  });
});

describe('when something is broken', () => {
  it('argon2 without room denies with 14, and nobody is banned for it', async () => {
    slowHash = new InterruptedSlowHash({ concurrency: 0, queueLength: 0 });
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'overloaded', code: 14 });
    expect(authLog()).toBe('');
  });

  it('a store that can not be read denies with 17', async () => {
    await store.db.schema.dropTable('access_keys').execute();
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'store_unavailable', code: 17 });
    expect(errors).not.toHaveLength(0);
  });

  it('a record that can not be written denies, also what would have been allowed', async () => {
    audit.append = () => Promise.reject(new Error('no space left on device'));
    expect(await authorizer().authorize(request())).toMatchObject({ reason: 'audit_unavailable', code: 13 });
  });
});
