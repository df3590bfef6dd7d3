import type { ChangeOrigin } from '../audit/audit-event.js';
import { notFound } from '../errors.js';
import { generateSecretAccessKey } from '../secrets/generated-secret.js';
import type { Pepper } from '../secrets/pepper.js';
import type { SlowHash } from '../secrets/slow-hash.js';
import type { Changes } from '../storage/changes.js';
import type { NewAccessKey } from './access-key.js';
import type { AccessKeyStore } from './access-key-store.js';
import { requireMayHandle, type Authority } from './authority.js';
import { recordKeyChange } from './record-key-change.js';
import { derivedSecret } from './stored-secret.js';

export interface RotateParts {
  store: AccessKeyStore;
  changes: Changes;
  slowHash: SlowHash;
  pepper: Pepper;
}

/**
 * Puts a new secret, made here, in the place of a key's. Its version is new too, so no proof of the old one counts,
 * and a request that is having the old one checked decides anew.
 *
 * @throws AppError 3 (no such key), 10 (beyond the authority)
 */
export async function rotateSecret(
  { store, changes, slowHash, pepper }: RotateParts,
  id: string,
  authority: Authority,
  origin: ChangeOrigin,
): Promise<NewAccessKey> {
  // Before the hash: what is refused should not cost an argon2 run.
  const found = await store.find(id);
  if (found === undefined) throw notFound(`key ${id}`);
  requireMayHandle(authority, found);
  const secret = generateSecretAccessKey();
  const hash = await slowHash.hash(secret);
  return changes.run(async (change) => {
    const key = await store.find(id, change.trx);
    if (key === undefined) throw notFound(`key ${id}`);
    requireMayHandle(authority, key);
    const stored = derivedSecret(pepper, id, { secret, hash }, { hasChecksum: true, isWeak: false });
    await store.replaceSecret(change.trx, id, stored);
    recordKeyChange(change, key, origin, { secret: 'rotated' });
    return { ...key, secret };
  });
}
