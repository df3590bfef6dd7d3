import type { AccessKey } from '../keys/access-key.js';
import type { LegacyKey } from '../keys/legacy-keys.js';
import type { Finding } from './finding.js';

/** Access keys whose secrets came from elsewhere and can be guessed. */
export function weakAccessKeys(weak: readonly AccessKey[]): Finding[] {
  return weak.map((key) => ({
    check: 'weak_access_key',
    subject: nameOf(key),
    problem: 'its secret came from a source that can be guessed',
    advice: `v-rotate-access-key ${key.id} (v-rotate-access-key --weak for all of them)`,
  }));
}

/** The same of legacy keys, by their IDs in the list. */
export function weakLegacyKeys(keys: readonly LegacyKey[]): Finding[] {
  return keys
    .filter((key) => key.isWeak)
    .map(({ id }) => ({
      check: 'weak_legacy_key',
      subject: `legacy API key ${id}`,
      problem: 'it came from a source that can be guessed, and may run every command',
      advice: `replace it by an access key or by one of v-generate-api-key, then v-revoke-api-key ${id}`,
    }));
}

/** Keys that nobody can use any more. */
export function keysWithoutOwner(keys: readonly AccessKey[], users: ReadonlySet<string>): Finding[] {
  return keys
    .filter((key) => !users.has(key.user))
    .map((key) => ({
      check: 'owner_unknown',
      subject: nameOf(key),
      problem: `there is no user ${key.user}: it is refused`,
      advice: `v-delete-access-key ${key.id}`,
    }));
}

/** Keys with permissions that grant nothing because there is no such API: one made later would give them more. */
export function keysWithUnknownApis(keys: readonly AccessKey[], apis: ReadonlySet<string>): Finding[] {
  return keys.flatMap((key) => {
    const unknown = key.permissions.filter((name) => !apis.has(name));
    if (unknown.length === 0) return [];
    return {
      check: 'api_unknown',
      subject: nameOf(key),
      problem: `it names APIs that don't exist: ${unknown.join(', ')}`,
      advice: `v-change-access-key ${key.id} PERMISSIONS …, or make them with v-add-api`,
    } satisfies Finding;
  });
}

function nameOf(key: AccessKey): string {
  const comment = key.comment === '' ? '' : ` ("${key.comment}")`;
  return `access key ${key.id} of ${key.user}${comment}`;
}
