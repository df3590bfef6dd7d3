import type { LegacyCredential } from '../../authorization/authorize-legacy.js';
import { parseAccessKeyPair } from '../../text/names.js';
import type { HestiaFields } from './hestia-fields.js';

/** Who asks, in one of the ways that Hestia's page knows. */
export type HestiaCredentials =
  { kind: 'access_key'; accessKeyId: string; secretAccessKey: string } | LegacyCredential;

/**
 * The credentials of a request, by Hestia's order: `access_key` with `secret_key`, be they empty; a `hash` that is
 * both; then the legacy ways, where `hash` is an API key, and else `user` and `password`. For Hestia a `hash` that is
 * empty or `0` is none.
 *
 * @returns undefined when nobody is named
 */
export function readCredentials(fields: HestiaFields): HestiaCredentials | undefined {
  if (fields.has('access_key') && fields.has('secret_key')) {
    const accessKeyId = fields.text('access_key');
    return { kind: 'access_key', accessKeyId, secretAccessKey: fields.text('secret_key') };
  }
  const hash = fields.text('hash');
  const pair = fields.has('access_key') ? undefined : parseAccessKeyPair(hash);
  if (pair !== undefined) return { kind: 'access_key', ...pair };
  // One that is an array is refused later, not passed over.
  const isHashMeant = (hash !== '' && hash !== '0') || fields.anyStructured(['hash']);
  if (isHashMeant) return { kind: 'legacy_key', key: hash };
  if (fields.has('hash') || fields.has('user'))
    return { kind: 'password', user: fields.text('user'), password: fields.text('password') };
  return undefined;
}
