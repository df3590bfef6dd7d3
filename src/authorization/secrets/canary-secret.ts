import type { StoredKey } from '../../keys/access-key.js';
import { hasValidChecksum } from '../../secrets/generated-secret.js';
import type { AccessRequest, Deny } from '../access-request.js';
import type { SecretVerifier } from './secret-verifier.js';

/**
 * Who is not even let in may hold a canary's secret all the same. Every key is asked about, so that it takes as long.
 *
 * @returns the same denial: an alert where it is so
 */
export function withCanary(
  denial: Deny,
  { secretAccessKey }: AccessRequest,
  key: StoredKey | undefined,
  verifier: Pick<SecretVerifier, 'hasTag'>,
): Deny {
  if (key === undefined || !hasValidChecksum(secretAccessKey)) return denial;
  const secrets = [key, ...(key.formerSecrets ?? [])];
  const used = secrets.find((stored) => verifier.hasTag(key.id, stored, secretAccessKey));
  if (used !== undefined && key.isCanary === true)
    denial.canary = { user: key.user, version: used === key ? key.version : undefined };
  return denial;
}
