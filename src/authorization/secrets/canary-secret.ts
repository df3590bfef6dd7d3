import type { StoredKey } from '../../keys/access-key.js';
import { hasValidChecksum } from '../../secrets/generated-secret.js';
import type { AccessRequest, Deny } from '../access-request.js';
import { absentSecret, type SecretVerifier } from './secret-verifier.js';

/**
 * Who is not even let in may hold a canary's secret all the same. Every key is asked about, and where there is none
 * something in its place, so that it takes as long.
 *
 * @param view - undefined: the ID can't be that of a key
 * @returns the same denial: an alert where it is so
 */
export function withCanary(
  denial: Deny,
  { accessKeyId, secretAccessKey }: AccessRequest,
  view: { key: StoredKey | undefined } | undefined,
  verifier: Pick<SecretVerifier, 'hasTag'>,
): Deny {
  if (view === undefined || !hasValidChecksum(secretAccessKey)) return denial;
  const { key } = view;
  const secrets = key === undefined ? [absentSecret] : [key, ...(key.formerSecrets ?? [])];
  const used = secrets.find((stored) => verifier.hasTag(accessKeyId, stored, secretAccessKey));
  if (used !== undefined && key?.isCanary === true)
    denial.canary = { user: key.user, version: used === key ? key.version : undefined };
  return denial;
}
