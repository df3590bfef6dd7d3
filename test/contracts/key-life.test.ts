import { beforeEach, expect, it } from '@jest/globals';
import { CompiledQuery, PostgresAdapter, sql } from 'kysely';
import { parseAllowedAddresses } from '../../src/keys/limits/key-limits.js';
import type { AccessKey, StoredSecret } from '../../src/keys/access-key.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { endedDerived } from '../../src/keys/derived/derived-key-store.js';
import { sweepFormerSecrets } from '../../src/keys/secrets/former-secrets.js';
import { KeyUseStore, type KeyUse } from '../../src/keys/usage/key-use-store.js';
import { KeyUses } from '../../src/keys/usage/key-uses.js';
import { KeyExpirySweeper } from '../../src/keys/sweeps/key-expiry-sweeper.js';
import { WeakKeyStore } from '../../src/keys/legacy/weak-key-store.js';
import { Changes } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import { describeStores, openStore } from '../support/store.js';

const day = 86_400_000;
const t = 1_800_000_000_000;
let db: Database;
let changes: Changes;
let keys: AccessKeyStore;

beforeEach(async () => {
  db = await openStore();
  changes = new Changes(db);
  keys = new AccessKeyStore(db);
});

const key: AccessKey = {
  ...{ id: 'one', user: 'alice', permissions: ['mail'], comment: '', isSuspended: false, createdAtMs: t },
};
const secret: StoredSecret = { hash: 'h1', version: 'v1', tag: '11111111', hasChecksum: true, isWeak: false };
const limits = {
  expiresAtMs: t + 90 * day,
  allowedAddresses: parseAllowedAddresses(['10.0.0.0/8', '2001:db8::1']) ?? [],
  rateLimit: { count: 120, windowSeconds: 60 },
};
const add = (wanted: Partial<AccessKey> = {}, stored: Partial<StoredSecret> = {}): Promise<void> =>
  changes.run(({ trx }) => keys.insert(trx, { ...key, ...wanted }, { ...secret, ...stored }));
const replace = (version: string, endsAtMs: number, nowMs: number): Promise<void> =>
  changes.run(({ trx }) =>
    keys.replaceSecret(trx, 'one', { ...secret, version, hash: `hash of ${version}` }, { endsAtMs, nowMs }),
  );
const former = async () => (await keys.findWithSecret('one', db))?.formerSecrets;

describeStores('the limits of a key', () => {
  it('are kept as they were given, changed one by one, and taken away', async () => {
    await add(limits);
    expect(await keys.find('one')).toEqual({ ...key, ...limits });
    await changes.run(({ trx }) => keys.update(trx, 'one', { expiresAtMs: null }));
    await changes.run(({ trx }) => keys.update(trx, 'one', { rateLimit: { count: 5, windowSeconds: 1 } }));
    const { allowedAddresses } = limits;
    expect(await keys.find('one')).toEqual({
      ...key,
      allowedAddresses,
      rateLimit: { count: 5, windowSeconds: 1 },
    });
    await changes.run(({ trx }) => keys.update(trx, 'one', { allowedAddresses: null, rateLimit: null }));
    expect(await keys.find('one')).toEqual(key);
  });

  it('that can not be read let nobody in', async () => {
    await add();
    await db.updateTable('access_keys').set({ allowed_addresses: 'nonsense', rate_limit: 'x' }).execute();
    expect(await keys.find('one')).toMatchObject({ allowedAddresses: [], rateLimit: { count: 1 } });
  });
});

describeStores('a secret that is replaced', () => {
  it('is kept whole for the overlap, then as its tag, and not at all after thirty days', async () => {
    await add();
    await replace('v2', t + day, t);
    expect(await former()).toEqual([{ ...secret, endsAtMs: t + day }]);
    expect(await keys.overlaps(t)).toEqual(new Map([['one', t + day]]));
    await sweepFormerSecrets(db, t + day - 1);
    expect((await former())?.[0]?.hash).toBe('h1');
    await sweepFormerSecrets(db, t + day);
    expect(await former()).toEqual([{ ...secret, hash: '', endsAtMs: t + day }]);
    expect(await keys.overlaps(t)).toEqual(new Map());
    await sweepFormerSecrets(db, t + 31 * day);
    expect(await former()).toBeUndefined();
  });

  it('ends at once when the next one is, so that two count at most; without an overlap nothing but its tag is kept', async () => {
    await add();
    await replace('v2', t + day, t);
    await replace('v3', t + 2 * day, t + 1);
    expect(await former()).toMatchObject([
      { version: 'v2', hash: 'hash of v2', endsAtMs: t + 2 * day },
      { version: 'v1', hash: '', endsAtMs: t + 1 },
    ]);
    await replace('v4', t + 2, t + 2);
    expect((await former())?.map(({ hash }) => hash)).toEqual(['', '', '']);
    for (let round = 5; round < 20; round++) await replace(`v${String(round)}`, t + round, t + round);
    expect(await former()).toHaveLength(8);
  });

  it('has what is derived from it renewed while it counts, and goes with the key', async () => {
    await add({}, { tag: null });
    await replace('v2', t + day, t);
    await keys.renewSecret('one', 'v1', { tag: '22222222' });
    await keys.renewSecret('one', 'v1', { hash: 'h2' });
    expect(await former()).toMatchObject([{ tag: '22222222', hash: 'h2' }]);
    await changes.run(({ trx }) => keys.deleteOf(trx, 'alice'));
    expect(await db.selectFrom('former_secrets').selectAll().execute()).toEqual([]);
  });

  it('has the attempts on it forgotten only when it no longer counts', async () => {
    const weakKeys = new WeakKeyStore(db);
    await add({}, { isWeak: true });
    await weakKeys.countAttempt('one', 10);
    await replace('v2', t + day, t);
    expect(await weakKeys.failedAttempts('one')).toBe(1);
    await replace('v3', t, t);
    expect(await weakKeys.failedAttempts('one')).toBe(0);
  });
});

describeStores('the last use of keys', () => {
  const use = (usedAtMs: number, command = 'v-a'): KeyUse => ({
    usedAtMs,
    clientAddress: '192.0.2.1',
    command,
  });

  it('is the newest, whichever node writes it last; of a key that is gone nothing is kept', async () => {
    const uses = new KeyUseStore(db);
    await add();
    await add({ id: 'two' });
    await uses.keep(
      new Map([
        ['one', use(t + 5, 'v-new')],
        ['gone', use(t)],
      ]),
    );
    await uses.keep(
      new Map([
        ['one', use(t, 'v-old')],
        ['two', use(t)],
      ]),
    );
    expect(await uses.list()).toEqual(
      new Map([
        ['one', use(t + 5, 'v-new')],
        ['two', use(t)],
      ]),
    );
    expect(await uses.list(['two'])).toEqual(new Map([['two', use(t)]]));
    await changes.run(({ trx }) => keys.delete(trx, 'one'));
    expect((await uses.list()).size).toBe(1);
  });

  it('is written in batches, and again when that failed', async () => {
    const errors: unknown[] = [];
    const store = new KeyUseStore(db);
    let isBroken = true;
    const uses = new KeyUses(
      {
        keep: (all: ReadonlyMap<string, KeyUse>) =>
          isBroken ? Promise.reject(new Error('away')) : store.keep(all),
      } as KeyUseStore,
      (error) => errors.push(error),
    );
    const ids = Array.from({ length: 500 }, (_, index) => `key-${String(index)}`);
    for (const id of ids) await add({ id });
    // Without a pause: half a minute after the first note they would be written by themselves.
    for (const id of ids) uses.note(id, t, '192.0.2.1', 'v-a');
    await uses.flush();
    expect([errors.length, (await store.list()).size]).toEqual([1, 0]);
    isBroken = false;
    uses.note('key-0', t + 1, '192.0.2.2', 'v-b');
    await uses.flush();
    expect((await store.list()).size).toBe(500);
    expect((await store.list(['key-0'])).get('key-0')).toEqual({
      ...{ usedAtMs: t + 1, clientAddress: '192.0.2.2', command: 'v-b' },
    });
  });
});

describeStores('the end of a key', () => {
  it('is announced once by whichever node sees it, two weeks ahead or in the last quarter, and anew when it is moved', async () => {
    let nowMs = t;
    const errors: unknown[] = [];
    const watches = [1, 2].map(() => {
      const onError = (error: unknown): unknown => errors.push(error);
      return new KeyExpirySweeper({ db, store: keys, changes: new Changes(db), onError, now: () => nowMs });
    });
    const events = async (): Promise<string[]> => {
      const rows = await db.selectFrom('audit_outbox').select('event').orderBy('position').execute();
      const all = rows.map(
        (row) => JSON.parse(row.event) as { alert?: string; target: Record<string, string> },
      );
      return all
        .filter(({ alert, target }) => alert === 'key_expires_soon' && target['notice'] === undefined)
        .map(({ target }) => target['accessKeyId'] ?? '');
    };
    const notices = async (): Promise<string[]> => {
      const rows = await db.selectFrom('audit_outbox').select('event').orderBy('position').execute();
      return rows
        .map((row) => JSON.parse(row.event) as { target: Record<string, string> })
        .filter(({ target }) => target['notice'] !== undefined)
        .map(({ target }) => `${target['accessKeyId'] ?? ''} ${target['notice'] ?? ''}`);
    };
    const sweep = async (): Promise<void> => {
      await Promise.all(watches.map((watch) => watch.sweep()));
    };
    await add({ id: 'long', expiresAtMs: t + 90 * day });
    await add({ id: 'short', expiresAtMs: t + 8 * day });
    await add({ id: 'endless' });
    await sweep();
    expect(await events()).toEqual([]);
    nowMs = t + 6 * day;
    await sweep();
    await sweep();
    expect(await events()).toEqual(['short']);
    nowMs = t + 76 * day;
    await sweep();
    expect(await events()).toEqual(['short', 'long']);
    await changes.run(({ trx }) => keys.update(trx, 'long', { expiresAtMs: t + 77 * day }));
    await sweep();
    expect(await events()).toEqual(['short', 'long', 'long']);
    // A key of eight days is not told of seven days ahead; a new end is told of anew.
    expect(await notices()).toEqual(['long 1d']);
    await changes.run(({ trx }) => keys.update(trx, 'long', { expiresAtMs: t + 84 * day }));
    nowMs = t + 77 * day;
    await sweep();
    await sweep();
    nowMs = t + 83 * day;
    await sweep();
    expect(await notices()).toEqual(['long 1d', 'long 7d', 'long 1d']);
    expect(errors).toEqual([]);
    // More than fit into one change; derived ones are known to end.
    const many = { user_name: 'bob', permissions: '', comment: '', expires_at_ms: t + 84 * day };
    const secretOfMany = { secret_hash: '', secret_version: '', secret_tag: null, has_checksum: 0 } as const;
    const rows = Array.from({ length: 450 }, (_, index) => ({
      ...({ ...many, ...secretOfMany, is_weak: 0, is_suspended: 0, created_at_ms: t } as const),
      ...{ id: `many-${String(index)}`, is_derived: index < 10 ? (1 as const) : (0 as const) },
    }));
    for (const page of [rows.slice(0, 200), rows.slice(200)])
      await db.insertInto('access_keys').values(page).execute();
    const [before, noticed] = [(await events()).length, (await notices()).length];
    await watches[0]?.sweep();
    expect([(await events()).length - before, (await notices()).length - noticed]).toEqual([440, 440]);
  });

  it('that was derived is found by an index of these alone', async () => {
    const { sql: text, parameters } = endedDerived(db, t, 200).compile();
    const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
    const plan = await db.transaction().execute(async (trx) => {
      if (isPostgres) await sql`set local enable_seqscan = off`.execute(trx);
      const explain = isPostgres ? 'explain' : 'explain query plan';
      return (await trx.executeQuery(CompiledQuery.raw(`${explain} ${text}`, [...parameters]))).rows;
    });
    expect(JSON.stringify(plan)).toContain('access_keys_derived_end');
    expect(JSON.stringify(plan)).not.toMatch(/sort|b-tree/i);
  });
});
