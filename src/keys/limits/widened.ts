import type { AccessKey } from '../access-key.js';
import { isNoWider, type KeyLimits } from './key-limits.js';

/**
 * What of a key allows more after a change than before it, by the names that events have for it. Of the permissions
 * their names count, not what their role files grant at that moment.
 */
export function widenedParts(
  before: Pick<AccessKey, 'user' | 'permissions' | keyof KeyLimits>,
  after: Pick<AccessKey, 'permissions' | keyof KeyLimits>,
  rootUser: string,
): string[] {
  const ranEverything = before.user === rootUser && before.permissions.length === 0;
  const runsEverything = before.user === rootUser && after.permissions.length === 0;
  const hasMore = runsEverything || after.permissions.some((name) => !before.permissions.includes(name));
  const widened = (['allowedAddresses', 'rateLimit', 'quota', 'expiresAtMs', 'only'] as const)
    .filter((limit) => !isNoWider(only(after, limit), only(before, limit)))
    .map((limit) => (limit === 'expiresAtMs' ? 'expires' : limit));
  return hasMore && !ranEverything ? ['permissions', ...widened] : widened;
}

function only(limits: KeyLimits, name: keyof KeyLimits): KeyLimits {
  const value = limits[name];
  return value === undefined ? {} : { [name]: value };
}
