import type { ChangeOrigin } from '../audit/audit-event.js';
import { notFound } from '../errors.js';
import { generateAccessKeyId, generateSecretAccessKey } from '../secrets/generated-secret.js';
import type { Change } from '../storage/changes.js';
import { noteCreation, type RepeatableCreation } from '../storage/creation-store.js';
import type { AccessKey, NewAccessKey } from './access-key.js';
import type { AccessKeysParts } from './access-keys-parts.js';
import { noPolicy, requireRoom } from './limits/key-policy.js';
import { requireRoomInChain } from './makers/maker-store.js';
import { describeKey, recordKeyChange } from './record-key-change.js';
import { canaryDecoy, derivedSecret } from './secrets/stored-secret.js';

export interface Making {
  origin: ChangeOrigin;
  creation: RepeatableCreation | undefined;
  /** Makes the change, unless the caller was revoked meanwhile. */
  run: <T>(work: (change: Change) => Promise<T>) => Promise<T>;
  /**
   * Asked within the change, before the key is made: throws where it may not be.
   *
   * @returns the key as it is to be
   */
  requireAllowed?: (key: AccessKey, change: Change) => Promise<AccessKey>;
}

/**
 * Draws an ID and a secret, and puts the key into the store. The secret is in the answer and nowhere else.
 *
 * @throws AppError 3 (no such user), 8 (too many keys, or too long a chain of keys that made each other),
 *   AlreadyCreated (4) where the caller repeats a creation
 */
export async function makeKey(
  { store, users, slowHash, pepper, secretPrefix, policy = noPolicy, now = Date.now }: AccessKeysParts,
  wanted: Omit<AccessKey, 'id' | 'isSuspended' | 'createdAtMs'>,
  { origin, creation, run, requireAllowed = (key) => Promise.resolve(key) }: Making,
): Promise<NewAccessKey> {
  const [id, secret] = [generateAccessKeyId(), generateSecretAccessKey(secretPrefix)];
  const hash = await slowHash.hash(secret);
  const decoy = canaryDecoy(hash, wanted.isCanary === true);
  const drawn: AccessKey = { ...wanted, id, isSuspended: false, createdAtMs: now() };
  return run(async (change) => {
    // First: who repeats a creation is told so, and nothing else.
    await noteCreation(change.trx, creation, id, now());
    const key = await requireAllowed(drawn, change);
    const { user } = key;
    // Again, now that nothing can come between: hashing took its time.
    if (!(await users.exists(user, change.trx))) throw notFound(`user ${user}`);
    await requireRoomInChain(store, key, change);
    if (key.isDerived !== true) requireRoom(policy, user, await store.countOf(user, change.trx));
    const quality = { hasChecksum: true, isWeak: false, ...decoy };
    await store.insert(change.trx, key, derivedSecret(pepper, id, { secret, hash }, quality));
    const canary = key.isCanary === true ? { canary: 'yes' } : {};
    recordKeyChange(change, key, origin, { ...describeKey(key), ...canary, made: 'yes' });
    return { ...key, secret };
  });
}
