import { formatAddressRange } from '../network/address-range.js';
import { formatHeld } from '../catalogue/held-arguments.js';
import { formatEnd } from './limits/key-limits.js';
import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import type { Change } from '../storage/changes.js';
import type { AccessKey } from './access-key.js';
import { formatQuota } from './limits/quota.js';
import { formatRateLimit } from './limits/rate-limit.js';
import { describeTried } from './trials/trial.js';

/** Notes in a change that it touched this key, with its audit event. */
export function recordKeyChange(
  change: Change,
  key: Pick<AccessKey, 'id' | 'user'>,
  origin: ChangeOrigin,
  details: Record<string, string> = {},
): void {
  change.touch('access_key', key.id);
  change.record(describeChange(origin, { accessKeyId: key.id, user: key.user, ...details }));
}

/** What an event says of a key as it is from then on. Its owner may see it: not that it is a canary. */
export function describeKey(
  key: Omit<AccessKey, 'id' | 'isSuspended' | 'createdAtMs'>,
): Record<string, string> {
  const { permissions, comment, expiresAtMs, allowedAddresses, rateLimit, quota, only, makerId, trial } = key;
  return {
    permissions: permissions.join(','),
    comment,
    ...(expiresAtMs !== undefined && { expires: formatEnd(expiresAtMs) }),
    ...(allowedAddresses !== undefined && {
      allowedAddresses: allowedAddresses.map(formatAddressRange).join(),
    }),
    ...(makerId !== undefined && { madeBy: makerId }),
    ...(key.isDerived === true && { derived: 'yes' }),
    ...(rateLimit !== undefined && { rateLimit: formatRateLimit(rateLimit) }),
    ...(quota !== undefined && { quota: formatQuota(quota) }),
    ...(only !== undefined && { only: formatHeld(only) }),
    ...(trial !== undefined && { trial: describeTried(trial) }),
  };
}
