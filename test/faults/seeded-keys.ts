/** Keys by the hundred, each with a secret and a hash of its own, laid through the project's own stores. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { AccessKeyStore } from '../../src/keys/access-key-store.js';
import type { DatabaseServer } from '../../src/config/database-url.js';
import { generateAccessKeyId, generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import { hashMany } from '../../src/secrets/hash-many.js';
import type { Pepper } from '../../src/secrets/pepper.js';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { openDatabase } from '../../src/storage/database.js';
import { UserStore } from '../../src/users/user-store.js';

export interface SeededKey {
  id: string;
  secret: string;
}

export const seededUser = 'seeded';

/** Lays the user `seeded` and so many of its keys, with the API `load`; no service may run there yet. */
export async function seedKeys(
  store: string | DatabaseServer,
  pepper: Pepper,
  count: number,
): Promise<SeededKey[]> {
  const keys = Array.from({ length: count }, () => ({
    id: generateAccessKeyId(),
    secret: generateSecretAccessKey(),
    version: randomBytes(8).toString('hex'),
  }));
  const slowHash = new SlowHash({ concurrency: availableParallelism() + 1, queueLength: 10 });
  const hashes = await hashMany(
    slowHash,
    keys.map(({ secret }) => secret),
  );
  const db = await openDatabase(store);
  try {
    await db.transaction().execute(async (trx) => {
      await new UserStore(db).insert(trx, newUser(seededUser), null);
      const keyStore = new AccessKeyStore(db);
      for (const [index, { id, secret, version }] of keys.entries()) {
        const key = { id, user: seededUser, permissions: ['load'], comment: '', isSuspended: false };
        const tag = pepper.tag(id, version, secret);
        const stored = { hash: hashes[index] ?? '', version, tag, hasChecksum: true, isWeak: false };
        await keyStore.insert(trx, { ...key, createdAtMs: Date.now() }, stored);
      }
    });
  } finally {
    await db.destroy();
  }
  return keys.map(({ id, secret }) => ({ id, secret }));
}

function newUser(name: string) {
  const details = { email: `${name}@example.com`, package: 'default', firstName: '', lastName: '' };
  const state = { hasPassword: false, isSuspended: false, isLoginDisabled: false };
  return { name, ...details, ...state, createdAtMs: Date.now(), role: 'user' as const };
}
