import type { AccessKey } from '../keys/access-key.js';
import { isExpired } from '../keys/limits/key-limits.js';
import { problemOfEnd, suggestedLife, type KeyPolicy } from '../keys/limits/key-policy.js';
import { isEndNear } from '../keys/sweeps/key-expiry-sweeper.js';
import type { LegacyKey } from '../keys/legacy/legacy-keys.js';
import type { Finding } from './finding.js';

/** Access keys whose secrets came from elsewhere and can be guessed. */
export function weakAccessKeys(weak: readonly AccessKey[]): Finding[] {
  return weak.map((key) => ({
    check: 'weak_access_key',
    subject: nameOf(key),
    problem: 'its secret came from a source that can be guessed',
    advice: `v-rotate-access-key ${key.id} (all of them: v-rotate-access-key --weak)`,
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
      advice: `v-generate-api-key, or an access key in its place (v-add-access-key --help), then v-revoke-api-key ${id}`,
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
    const known = key.permissions.filter((name) => apis.has(name));
    // An empty list is no way out: it is refused, or means everything.
    const advice =
      known.length > 0
        ? `v-change-access-key ${key.id} PERMISSIONS ${known.join(',')}, or make them (v-add-api --help)`
        : `v-delete-access-key ${key.id}, or make them (v-add-api --help)`;
    return {
      check: 'api_unknown',
      subject: nameOf(key),
      problem: `it names APIs that don't exist: ${unknown.join(', ')}`,
      advice,
    } satisfies Finding;
  });
}

/** Keys that have ended or soon will, and those whose end this installation wouldn't allow any more. */
export function endingKeys(keys: readonly AccessKey[], policy: KeyPolicy, nowMs: number): Finding[] {
  return keys.flatMap((key): Finding[] => {
    const { expiresAtMs } = key;
    const check = 'key_end';
    const subject = nameOf(key);
    const advice = `v-change-access-key ${key.id} --expires ${suggestedLife(policy)}`;
    if (isExpired(key, nowMs)) {
      const orGone = `${advice}, or v-delete-access-key ${key.id}`;
      return [{ check, subject, problem: 'has expired', advice: orGone }];
    }
    if (isEndNear(key, nowMs))
      return [{ check, subject, problem: `expires ${inDays(expiresAtMs, nowMs)}`, advice }];
    const problem = problemOfEnd(policy, expiresAtMs, nowMs);
    return problem === undefined ? [] : [{ check, subject, problem, advice }];
  });
}

function inDays(expiresAtMs = 0, nowMs: number): string {
  const days = Math.floor((expiresAtMs - nowMs) / 86_400_000);
  const at = `${new Date(expiresAtMs).toISOString().slice(0, 19)}Z`;
  return `at ${at}, in ${days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${String(days)} days`}`;
}

function nameOf(key: AccessKey): string {
  const comment = key.comment === '' ? '' : ` ("${key.comment}")`;
  return `access key ${key.id} of ${key.user}${comment}`;
}
