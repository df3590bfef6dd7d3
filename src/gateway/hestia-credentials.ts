import type { LegacyCredential } from '../authorization/authorize-legacy.js';
import { parseAccessKeyPair } from '../names.js';
import type { HestiaFields } from './hestia-fields.js';

/** Who asks, in one of the ways that Hestia's page knows. */
export type HestiaCredentials =
  { kind: 'access_key'; accessKeyId: string; secretAccessKey: string } | LegacyCredential;

/**
 * The credentials of a request, by Hestia's order: `access_key` with `secret_key`; a `hash` that is both; then the
 * legacy ways, where `hash` is an API key, and else `user` and `password`.
 *
 * @returns undefined when nobody is named
 */
export function readCredentials(fields: HestiaFields): HestiaCredentials | undefined {
  if (isGiven(fields, 'access_key') && isGiven(fields, 'secret_key')) {
    const accessKeyId = fields.text('access_key');
    return { kind: 'access_key', accessKeyId, secretAccessKey: fields.text('secret_key') };
  }
  const pair = fields.has('access_key') ? undefined : parseAccessKeyPair(fields.text('hash'));
  if (pair !== undefined) return { kind: 'access_key', ...pair };
  const isHashMeant = isGiven(fields, 'hash') || (fields.has('hash') && !fields.has('user'));
  if (isHashMeant) return { kind: 'legacy_key', key: fields.text('hash') };
  if (fields.has('user'))
    return { kind: 'password', user: fields.text('user'), password: fields.text('password') };
  return undefined;
}

/** A field that is an array counts as given: it is refused later, not passed over. */
function isGiven(fields: HestiaFields, name: string): boolean {
  return fields.text(name) !== '' || fields.anyStructured([name]);
}
