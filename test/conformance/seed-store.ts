/** Writes one starting state into a data directory through the project's own stores. */
import { join } from 'node:path';
import { AllowListStore } from '../../src/allowlist/allow-list-store.js';
import { normaliseEntry, splitEntries } from '../../src/allowlist/allow-list.js';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import { LegacyKeyStore } from '../../src/keys/legacy/legacy-key-store.js';
import { hasValidChecksum } from '../../src/secrets/generated-secret.js';
import { type Pepper, readPepper } from '../../src/secrets/pepper.js';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { SettingStore } from '../../src/settings/setting-store.js';
import { isSettingName } from '../../src/settings/settings.js';
import { type Change, Changes } from '../../src/storage/changes.js';
import { type Database, openDatabase } from '../../src/storage/database.js';
import { UserStore } from '../../src/users/user-store.js';
import type { RecordedKey } from './corpus.js';
import { untilReleased } from './released-file.js';
import { createdAtMs, type SeedUser, type StartingState, UnbuildableState } from './state.js';

const CREATED_MS = new Date('2026-01-01T10:00:00').getTime();

/** The same secrets come again and again, and each hash is slow on purpose. */
export class Hashes {
  readonly #known = new Map<string, Promise<string>>();
  readonly #slowHash = new SlowHash({ concurrency: 1, queueLength: 10_000 });

  of(secret: string): Promise<string> {
    const hash = this.#known.get(secret) ?? this.#slowHash.hash(secret);
    this.#known.set(secret, hash);
    return hash;
  }
}

interface Writing {
  readonly hashes: Hashes;
  readonly db: Database;
  readonly change: Change;
  readonly pepper: Pepper;
}

/** All of it is one change, without audit events: nobody did it, it is how things are. */
export async function writeStores(hashes: Hashes, dataDir: string, state: StartingState): Promise<void> {
  const pepper = readPepper(join(dataDir, 'pepper'));
  if (pepper === undefined) throw new Error('the service made no pepper at its first start');
  // Hashing takes its time and is not to be waited for inside of a transaction.
  for (const secret of secretsOf(state)) await hashes.of(secret);
  const file = join(dataDir, 'hearthkey.db');
  const db = await openDatabase(file);
  try {
    await new Changes(db).run(async (change) => {
      const writing = { hashes, db, change, pepper };
      for (const user of state.users.values()) await writeUser(writing, user);
      for (const key of state.keys.values()) await writeKey(writing, key);
      for (const key of state.legacyKeys) await writeLegacyKey(writing, key);
      await writeSettings(writing, state);
    });
  } finally {
    await db.destroy();
    await untilReleased(file);
  }
}

function secretsOf(state: StartingState): string[] {
  const passwords = [...state.users.values()]
    .map((user) => user.password)
    .filter((text) => text !== undefined);
  return [...passwords, ...[...state.keys.values()].map((key) => key.secret), ...state.legacyKeys];
}

async function writeUser({ hashes, db, change }: Writing, user: SeedUser): Promise<void> {
  const store = new UserStore(db);
  const hash = user.password === undefined ? null : await hashes.of(user.password);
  await store.delete(change.trx, user.name); // the root user of the template
  const details = { email: `${user.name}@example.com`, package: 'default', firstName: '', lastName: '' };
  await store.insert(
    change.trx,
    {
      ...details,
      name: user.name,
      hasPassword: hash !== null,
      isSuspended: user.isSuspended,
      isLoginDisabled: false,
      createdAtMs: CREATED_MS,
      role: 'user',
    },
    hash,
  );
}

async function writeKey({ hashes, db, change, pepper }: Writing, key: RecordedKey): Promise<void> {
  const version = '0123456789abcdef';
  const permissions = (key.permissions ?? '').split(',').filter((name) => name !== '');
  await new AccessKeyStore(db).insert(
    change.trx,
    {
      ...{ id: key.id, user: key.user, permissions, comment: key.comment ?? '', isSuspended: false },
      createdAtMs: createdAtMs(key),
    },
    {
      hash: await hashes.of(key.secret),
      version,
      tag: pepper.tag(key.id, version, key.secret),
      hasChecksum: hasValidChecksum(key.secret),
      isWeak: false,
    },
  );
}

async function writeLegacyKey({ hashes, db, change, pepper }: Writing, key: string): Promise<void> {
  const lookupIndex = pepper.legacyIndex(key);
  const id = lookupIndex.slice(0, 8);
  const hash = await hashes.of(key);
  const stored = { id, lookupIndex, hash, createdAtMs: CREATED_MS, isWeak: false };
  await new LegacyKeyStore(db).insert(change.trx, stored);
}

/** The stores take any text for a switch; an address has to be one. */
async function writeSettings({ db, change }: Writing, state: StartingState): Promise<void> {
  const store = new SettingStore(db);
  for (const [name, value] of Object.entries(state.switches)) {
    if (isSettingName(name)) await store.set(change.trx, name, value);
  }
  const entries = splitEntries(state.allowedAddresses).map((text) => {
    const entry = normaliseEntry(text);
    if (entry === undefined) throw new UnbuildableState(`${text} in API_ALLOWED_IP`);
    return entry;
  });
  await new AllowListStore(db).replaceAll(change.trx, [...new Set(entries)], change.number);
}
