import type { AccessKey } from '../keys/access-key.js';
import type { UsedCanary } from '../keys/canaries/canary-uses.js';
import { isEndNear, isExpired } from '../keys/limits/key-limits.js';
import { formatSpan, problemOfEnd, suggestedLife, type KeyPolicy } from '../keys/limits/key-policy.js';
import type { LegacyKey } from '../keys/legacy/legacy-keys.js';
import { finding, type Finding } from './finding.js';

/** Canaries that were used since they have their secret. */
export function usedCanaries(used: readonly UsedCanary[]): Finding[] {
  return used.map(({ key, usedAtMs, clientAddress: address, command }) => {
    const at = `${new Date(usedAtMs).toISOString().slice(0, 19)}Z`;
    return finding('canary_used', 'canary_used', { key: nameOf(key), at, address, command });
  });
}

/** Access keys whose secrets came from elsewhere and can be guessed. */
export function weakAccessKeys(weak: readonly AccessKey[]): Finding[] {
  return weak.map((key) => finding('weak_access_key', 'weak_access_key', { key: nameOf(key) }));
}

/** The same of legacy keys, by their IDs in the list. */
export function weakLegacyKeys(keys: readonly LegacyKey[]): Finding[] {
  return keys
    .filter((key) => key.isWeak)
    .map(({ id }) => finding('weak_legacy_key', 'weak_legacy_key', { id }));
}

/** Keys that nobody can use any more. */
export function keysWithoutOwner(keys: readonly AccessKey[], users: ReadonlySet<string>): Finding[] {
  return keys
    .filter((key) => !users.has(key.user))
    .map((key) => finding('owner_unknown', 'owner_unknown', { key: nameOf(key) }));
}

/** Keys with permissions that grant nothing because there is no such API: one made later would give them more. */
export function keysWithUnknownApis(keys: readonly AccessKey[], apis: ReadonlySet<string>): Finding[] {
  return keys.flatMap((key) => {
    const unknown = key.permissions.filter((name) => !apis.has(name));
    if (unknown.length === 0) return [];
    const known = key.permissions.filter((name) => apis.has(name));
    return finding('api_unknown', 'api_unknown', { key: nameOf(key), unknown, known });
  });
}

/** Keys that have ended or soon will, and those whose end this installation wouldn't allow any more. */
export function endingKeys(keys: readonly AccessKey[], policy: KeyPolicy, nowMs: number): Finding[] {
  const life = suggestedLife(policy);
  return keys.flatMap((key): Finding[] => {
    const { expiresAtMs } = key;
    // It was made to end.
    if (key.isDerived === true) return [];
    if (isExpired(key, nowMs)) return [finding('key_end', 'key_ended', { key: nameOf(key), life })];
    if (isEndNear(key, nowMs)) return [endsSoon(key, life, nowMs)];
    if (problemOfEnd(policy, expiresAtMs, nowMs) === undefined) return [];
    if (expiresAtMs === undefined) return [finding('key_end', 'key_without_end', { key: nameOf(key), life })];
    const longest = formatSpan(policy.maxLifeMs ?? 0);
    return [finding('key_end', 'key_lives_too_long', { key: nameOf(key), longest, life })];
  });
}

function endsSoon(key: AccessKey, life: string, nowMs: number): Finding {
  const { expiresAtMs = 0 } = key;
  const days = Math.floor((expiresAtMs - nowMs) / 86_400_000);
  const at = `${new Date(expiresAtMs).toISOString().slice(0, 19)}Z`;
  return finding('key_end', 'key_ends_soon', { key: nameOf(key), at, days, life });
}

function nameOf({ id, user, comment }: AccessKey) {
  return { id, user, comment };
}
