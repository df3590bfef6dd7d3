import type { ChangeOrigin } from '../../audit/audit-event.js';
import { notFound } from '../../errors.js';
import { generateSecretAccessKey } from '../../secrets/generated-secret.js';
import type { Pepper } from '../../secrets/pepper.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { Changes } from '../../storage/changes.js';
import { noteCreation, type RepeatableCreation } from '../../storage/creation-store.js';
import type { AccessKey, NewAccessKey } from '../access-key.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { maySeeKey, requireMayHandle, type Authority } from '../makers/authority.js';
import { requireApprovedKey, type PowerParts } from '../makers/require-approved.js';
import { recordKeyChange } from '../record-key-change.js';
import { canaryDecoy, derivedSecret } from './stored-secret.js';

export interface RotateParts extends PowerParts {
  store: AccessKeyStore;
  changes: Pick<Changes, 'run'>;
  slowHash: SlowHash;
  pepper: Pepper;
  secretPrefix?: string;
  now?: () => number;
}

/** A second secret is for changing over, not for keeping. */
export const longestOverlapMs = 90 * 86_400_000;

/**
 * Puts a new secret, made here, in the place of a key's. Its version is new too, so no proof of the old one counts for
 * it, and a request that is having the old one checked decides anew.
 *
 * @param overlapMs - how long the old one counts as well; if there was one before that, it ends now
 * @throws AppError 3 (no such key), 10 (beyond the authority), AlreadyCreated (4) where the caller repeats a rotation
 */
export async function rotateSecret(
  { store, changes, slowHash, pepper, secretPrefix, now = Date.now, ...power }: RotateParts,
  id: string,
  authority: Authority,
  origin: ChangeOrigin,
  overlapMs = 0,
  creation?: RepeatableCreation,
): Promise<NewAccessKey> {
  // Before the hash: what is refused should not cost an argon2 run.
  requireMayRotate(id, await store.find(id), authority);
  const secret = generateSecretAccessKey(secretPrefix);
  const hash = await slowHash.hash(secret);
  return changes.run(async (change) => {
    const nowMs = now();
    const key = requireMayRotate(id, await store.find(id, change.trx), authority);
    await noteCreation(change.trx, creation, id, nowMs);
    // Its holder knows the one that it has. Anybody else would learn what its owner alone may know.
    if (origin.actor.kind !== 'access_key' || origin.actor.accessKeyId !== id) {
      const told = { accessKeyId: id, secret: 'rotated', overlapMs: String(overlapMs) };
      await requireApprovedKey(power, change, { key, origin, told, isForOwner: true });
    }
    const quality = { hasChecksum: true, isWeak: false, ...canaryDecoy(hash, key.isCanary === true) };
    const stored = derivedSecret(pepper, id, { secret, hash }, quality);
    // On a whole second, as it is shown.
    const endsAtMs = overlapMs === 0 ? nowMs : Math.ceil((nowMs + overlapMs) / 1000) * 1000;
    await store.replaceSecret(change.trx, id, stored, { endsAtMs, nowMs });
    const overlap = overlapMs === 0 ? {} : { oldSecretUntil: new Date(endsAtMs).toISOString() };
    recordKeyChange(change, key, origin, { secret: 'rotated', ...overlap });
    return { ...key, isWeak: false, secret };
  });
}

/** The caller who rotates a key learns its secret, so the key must be no stronger than the caller. */
function requireMayRotate(id: string, key: AccessKey | undefined, authority: Authority): AccessKey {
  if (key === undefined || !maySeeKey(authority, key)) throw notFound(`key ${id}`);
  requireMayHandle(authority, key);
  return key;
}
