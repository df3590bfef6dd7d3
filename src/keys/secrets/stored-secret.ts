import { randomBytes } from 'node:crypto';
import type { Pepper } from '../../secrets/pepper.js';
import type { StoredSecret } from '../access-key.js';

/** What is kept of a secret beside its slow hash. Each secret gets a version of its own: proofs are kept under it. */
export function derivedSecret(
  pepper: Pepper,
  keyId: string,
  { secret, hash }: { secret: string; hash: string },
  quality: Pick<StoredSecret, 'hasChecksum' | 'isWeak'>,
): StoredSecret {
  const version = randomBytes(8).toString('hex');
  return { hash, version, tag: pepper.tag(keyId, version, secret), ...quality };
}
