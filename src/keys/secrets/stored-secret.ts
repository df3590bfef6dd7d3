import { randomBytes } from 'node:crypto';
import { generateSecretAccessKey } from '../../secrets/generated-secret.js';
import type { Pepper } from '../../secrets/pepper.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { StoredSecret } from '../access-key.js';

/** What is kept of a secret beside its slow hash. Each secret gets a version of its own: proofs are kept under it. */
export function derivedSecret(
  pepper: Pepper,
  keyId: string,
  { secret, hash }: { secret: string; hash: string },
  quality: Pick<StoredSecret, 'hasChecksum' | 'isWeak' | 'decoyHash'>,
): StoredSecret {
  const version = randomBytes(8).toString('hex');
  return { hash, version, tag: pepper.tag(keyId, version, secret), ...quality };
}

/** What makes the stored secret that of a canary: the hash of one that is thrown away. */
export async function canaryDecoy(
  slowHash: SlowHash,
  isCanary: boolean,
): Promise<Pick<StoredSecret, 'decoyHash'>> {
  return isCanary ? { decoyHash: await slowHash.hash(generateSecretAccessKey()) } : {};
}
