import { join } from 'node:path';
import type { DatabaseServer } from '../src/config/database-url.js';
import { RedisProofs } from '../src/authorization/secrets/redis-proofs.js';
import { AccessKeyStore } from '../src/keys/access-key-store.js';
import { generateAccessKeyId, generateSecretAccessKey } from '../src/secrets/generated-secret.js';
import { createPepper, type Pepper } from '../src/secrets/pepper.js';
import { SlowHash } from '../src/secrets/slow-hash.js';
import { prepareDataDir } from '../src/storage/sqlite/data-dir.js';
import { openDatabase } from '../src/storage/database.js';
import { UserStore } from '../src/users/user-store.js';
import { connected, type TestRedis } from '../test/support/redis.js';

/** The secret of every key that is laid here. */
export const seededSecret = generateSecretAccessKey();
const version = '0'.repeat(16);

/** What keys can have beside their rows. */
export interface Beside {
  /** Of the service that is going to run there: keys have tags then, as those that it makes. */
  pepper?: Pepper;
  /** Gets the proofs of all keys, as if another node had used each: a first use needs no argon2 then. */
  redis?: TestRedis;
}

/** Lays a user and that many keys of it into an empty data directory; all keys share one secret and one hash. */
export async function seedKeys(
  dataDir: string,
  user: string,
  count: number,
  redis?: TestRedis,
): Promise<string[]> {
  prepareDataDir(dataDir);
  const pepper = createPepper(join(dataDir, 'pepper'));
  return seedStore(join(dataDir, 'hearthkey.db'), user, count, { pepper, ...(redis && { redis }) });
}

/** The same in any empty store. */
export async function seedStore(
  place: string | DatabaseServer,
  user: string,
  count: number,
  { pepper, redis }: Beside = {},
): Promise<string[]> {
  const db = await openDatabase(place);
  const hash = await new SlowHash({ concurrency: 1, queueLength: 1 }).hash(seededSecret);
  const ids = Array.from({ length: count }, generateAccessKeyId);
  await db.transaction().execute(async (trx) => {
    await new UserStore(db).insert(trx, newUser(user), null);
    const store = new AccessKeyStore(db);
    for (const id of ids) {
      const key = { id, user, permissions: ['mail-accounts'], comment: 'bench', isSuspended: false };
      const tag = pepper?.tag(id, version, seededSecret) ?? null;
      const secret = { hash, version, tag, hasChecksum: true, isWeak: false };
      await store.insert(trx, { ...key, createdAtMs: Date.now() }, secret);
    }
  });
  await db.destroy();
  if (pepper !== undefined && redis !== undefined) await layProofs(ids, pepper, redis);
  return ids;
}

async function layProofs(ids: readonly string[], pepper: Pepper, redis: TestRedis): Promise<void> {
  const proofs = new RedisProofs(await connected(redis, [], { answerMs: 10_000 }));
  const rest = ids.values();
  const lane = async (): Promise<void> => {
    for (const id of rest) await proofs.add(id, version, pepper.proof(id, version, seededSecret));
  };
  await Promise.all(Array.from({ length: 50 }, lane));
}

function newUser(name: string) {
  return {
    name,
    email: `${name}@example.com`,
    package: 'default',
    firstName: '',
    lastName: '',
    role: 'user' as const,
    hasPassword: false,
    isSuspended: false,
    isLoginDisabled: false,
    createdAtMs: Date.now(),
  };
}
