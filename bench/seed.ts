import { join } from 'node:path';
import type { DatabaseServer } from '../src/config/database-url.js';
import { AccessKeyStore } from '../src/keys/access-key-store.js';
import { generateAccessKeyId, generateSecretAccessKey } from '../src/secrets/generated-secret.js';
import { createPepper, type Pepper } from '../src/secrets/pepper.js';
import { SlowHash } from '../src/secrets/slow-hash.js';
import { prepareDataDir } from '../src/storage/data-dir.js';
import { openDatabase } from '../src/storage/database.js';
import { UserStore } from '../src/users/user-store.js';

/** The secret of every key that is laid here. */
export const seededSecret = generateSecretAccessKey();

/** Lays a user and that many keys of it into an empty data directory; all keys share one secret and one hash. */
export async function seedKeys(dataDir: string, user: string, count: number): Promise<string[]> {
  prepareDataDir(dataDir);
  const pepper = createPepper(join(dataDir, 'pepper'));
  return seedStore(join(dataDir, 'hearthkey.db'), user, count, pepper);
}

/** The same in any empty store; without its pepper the keys have no tags until they are used. */
export async function seedStore(
  place: string | DatabaseServer,
  user: string,
  count: number,
  pepper?: Pepper,
): Promise<string[]> {
  const db = await openDatabase(place);
  const hash = await new SlowHash({ concurrency: 1, queueLength: 1 }).hash(seededSecret);
  const version = '0'.repeat(16);
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
  return ids;
}

function newUser(name: string) {
  return {
    name,
    email: `${name}@example.com`,
    package: 'default',
    firstName: '',
    lastName: '',
    hasPassword: false,
    isSuspended: false,
    isLoginDisabled: false,
    createdAtMs: Date.now(),
  };
}
