/** The real store, embedded or on a PostgreSQL server, with everything that reads and writes it. */
import { beforeAll, describe } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AllowListStore } from '../../src/allowlist/allow-list-store.js';
import { ChangeAllowList } from '../../src/allowlist/change-allow-list.js';
import type { ChangeOrigin } from '../../src/audit/audit-event.js';
import { Facts } from '../../src/authorization/facts/facts.js';
import { parseDatabaseUrl, type DatabaseServer } from '../../src/config/database-url.js';
import type { AccessKey, StoredSecret } from '../../src/keys/access-key.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { generateAccessKeyId, generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import { createPepper, type Pepper } from '../../src/secrets/pepper.js';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { ChangeSettings } from '../../src/settings/change-settings.js';
import { SettingStore } from '../../src/settings/setting-store.js';
import { Changes } from '../../src/storage/changes.js';
import { openDatabase, type Database } from '../../src/storage/database.js';
import { UserStore } from '../../src/users/user-store.js';
import { Users } from '../../src/users/users.js';
import type { UserRole } from '../../src/users/user.js';
import { atEnd } from './clean-up.js';
import { temporaryFolder } from './folders.js';
import { PostgresServer } from './postgres.js';
import { describeWith } from './programs.js';

export type StoreKind = 'SQLite' | 'PostgreSQL';

let kind: StoreKind = 'SQLite';
let server: Promise<PostgresServer> | undefined;

/** One suite over both stores: `openStore` and `TestStore.open` open the one whose turn it is. */
export function describeStores(name: string, suite: (kind: StoreKind) => void): void {
  const onBoth = { SQLite: describe, PostgreSQL: describeWith('initdb', 'postgres') };
  for (const [each, describeEach] of Object.entries(onBoth) as [StoreKind, typeof describe][]) {
    describeEach(`${name} (${each})`, () => {
      beforeAll(() => useStore(each));
      suite(each);
    });
  }
}

/** From here on stores are of this kind. */
export function useStore(wanted: StoreKind): void {
  kind = wanted;
}

/** Opens a new store, which is there until the test file ends. */
export async function openStore(): Promise<Database> {
  return openStoreAt(await newStore());
}

/** Where a new, empty store can be opened; on PostgreSQL by several nodes. */
export async function newStore(): Promise<string | DatabaseServer> {
  if (kind === 'SQLite') return join(temporaryFolder(), 'hearthkey.db');
  return serverOf(await (await postgresServer()).newDatabase());
}

export async function openStoreAt(store: string | DatabaseServer): Promise<Database> {
  const db = await openDatabase(store);
  atEnd(() => db.destroy());
  return db;
}

/** The one server of the test file. */
export async function postgresServer(): Promise<PostgresServer> {
  server ??= PostgresServer.start();
  return server;
}

export function serverOf(url: string): DatabaseServer {
  const parsed = parseDatabaseUrl(url);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.server;
}

export const byService: ChangeOrigin = { actor: { kind: 'service' } };

export class TestStore {
  readonly changes: Changes;
  readonly keys: AccessKeyStore;
  readonly userStore: UserStore;
  readonly users: Users;
  readonly settings: ChangeSettings;
  readonly allowList: ChangeAllowList;
  readonly pepper: Pepper;
  readonly slowHash = new SlowHash({ concurrency: 2, queueLength: 256 });
  readonly facts: Facts;

  private constructor(readonly db: Database) {
    const allowListStore = new AllowListStore(db);
    const settingStore = new SettingStore(db);
    this.changes = new Changes(db);
    this.keys = new AccessKeyStore(db);
    this.userStore = new UserStore(db);
    this.users = new Users(this.userStore, this.changes, this.slowHash, 'admin');
    this.allowList = new ChangeAllowList(allowListStore, this.changes);
    this.settings = new ChangeSettings(settingStore, this.allowList, this.changes);
    this.pepper = createPepper(join(temporaryFolder(), 'pepper'));
    this.facts = new Facts({
      db,
      keys: this.keys,
      users: this.userStore,
      settings: settingStore,
      allowList: allowListStore,
    });
    this.changes.onApplied((change) => this.facts.apply(change));
  }

  /** With the root user `admin` and the user `alice`, access keys of all users on, everybody allowed. */
  static async open(): Promise<TestStore> {
    const store = new TestStore(await openStore());
    await store.users.ensureRootUser();
    await store.addUser('alice');
    await store.settings.apply({ API_SYSTEM: '2' }, byService);
    await store.allowList.add('allow-all', byService);
    return store;
  }

  async addUser(name: string, role: UserRole = 'user'): Promise<void> {
    const user = { name, email: `${name}@example.com`, package: 'default', firstName: '', lastName: '' };
    await this.users.add({ ...user, password: undefined, role }, byService);
  }

  /** A key of alice with the API `mail`, unless said otherwise; its secret is a real one. */
  async addKey(
    wanted: Partial<AccessKey> = {},
    stored: Partial<StoredSecret> = {},
  ): Promise<{ id: string; secret: string; version: string }> {
    const id = wanted.id ?? generateAccessKeyId();
    const secret = generateSecretAccessKey();
    const version = randomBytes(8).toString('hex');
    const key = { user: 'alice', permissions: ['mail'], comment: '', isSuspended: false, createdAtMs: 0 };
    const hash = stored.hash ?? (await this.slowHash.hash(secret));
    const tag = this.pepper.tag(id, version, secret);
    await this.changes.run(async (change) => {
      const proof = { version, tag, hasChecksum: true, isWeak: false, ...stored, hash };
      await this.keys.insert(change.trx, { ...key, ...wanted, id }, proof);
      change.touch('access_key', id);
    });
    return { id, secret, version };
  }

  async deleteKey(id: string): Promise<void> {
    await this.changes.run(async (change) => {
      await this.keys.delete(change.trx, id);
      change.touch('access_key', id);
    });
  }
}
