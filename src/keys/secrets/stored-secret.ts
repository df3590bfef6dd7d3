import { randomBytes } from 'node:crypto';
import type { Pepper } from '../../secrets/pepper.js';
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

/**
 * What makes the stored secret that of a canary: a hash that no secret has. It is drawn, not computed: a canary
 * costs as many runs of argon2 as another key when it is made or rotated.
 *
 * @param hash - of its real secret, whose form and costs it takes
 */
export function canaryDecoy(hash: string, isCanary: boolean): Pick<StoredSecret, 'decoyHash'> {
  if (!isCanary) return {};
  const [, id = '', version = '', costs = ''] = hash.split('$');
  const drawn = [saltBytes, digestBytes].map((length) => base64(randomBytes(length)));
  return { decoyHash: ['', id, version, costs, ...drawn].join('$') };
}

/** Of argon2's own texts. */
const saltBytes = 16;
const digestBytes = 32;

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
