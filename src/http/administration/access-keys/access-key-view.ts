import { formatHeld, heldTexts } from '../../../catalogue/held-arguments.js';
import { formatAddressRange } from '../../../network/address-range.js';
import type { AccessKey } from '../../../keys/access-key.js';
import { isExpired } from '../../../keys/limits/key-limits.js';
import { formatQuota } from '../../../keys/limits/quota.js';
import { formatRateLimit } from '../../../keys/limits/rate-limit.js';
import type { KeyUsage } from '../../../keys/usage/key-use-store.js';
import { momentOf, momentOrNull } from '../moment.js';
import { entityTagOf } from '../entity-tag.js';
import type { AccessKeyDto, NewAccessKeyDto } from './access-key.dto.js';

/**
 * An access key as REST v1 shows it.
 *
 * @param showsCanaries - only to callers who may do everything
 */
export function showKey(
  key: AccessKey,
  { uses, overlaps }: KeyUsage,
  showsCanaries: boolean,
  nowMs = Date.now(),
): AccessKeyDto {
  const use = uses.get(key.id);
  return {
    accessKeyId: key.id,
    user: key.user,
    permissions: [...key.permissions],
    comment: key.comment,
    state: key.isSuspended ? 'suspended' : isExpired(key, nowMs) ? 'expired' : 'active',
    createdAt: momentOf(key.createdAtMs),
    expiresAt: key.expiresAtMs === undefined ? null : momentOf(key.expiresAtMs),
    allowedAddresses: key.allowedAddresses?.map(formatAddressRange) ?? null,
    rateLimit: key.rateLimit === undefined ? null : formatRateLimit(key.rateLimit),
    quota: key.quota === undefined ? null : formatQuota(key.quota),
    only: key.only === undefined ? null : heldTexts(key.only),
    oldSecretValidUntil: momentOrNull(overlaps.get(key.id)),
    lastUse:
      use === undefined
        ? null
        : { at: momentOf(use.usedAtMs), clientAddress: use.clientAddress, command: use.command },
    madeBy: key.makerId ?? null,
    isDerived: key.isDerived === true,
    isWeak: key.isWeak === true,
    ...(showsCanaries && { isCanary: key.isCanary === true }),
  };
}

/** The same with its secret: for the one answer that shows it. */
export function showNewKey(
  key: AccessKey,
  usage: KeyUsage,
  showsCanaries: boolean,
  secretAccessKey: string,
): NewAccessKeyDto {
  return Object.assign(showKey(key, usage, showsCanaries), { secretAccessKey });
}

/** Of what a change may rest on: neither time nor use changes it. A canary's says nothing of that. */
export function stateOfKey(key: AccessKey): unknown {
  const { id, user, permissions, comment, isSuspended, expiresAtMs, makerId } = key;
  const addresses = key.allowedAddresses?.map(formatAddressRange);
  const rateLimit = key.rateLimit && formatRateLimit(key.rateLimit);
  const only = key.only && formatHeld(key.only);
  const quota = key.quota && formatQuota(key.quota);
  const limits = [addresses, rateLimit, only, ...(quota === undefined ? [] : [quota])];
  return [id, user, permissions, comment, isSuspended, expiresAtMs, makerId, ...limits];
}

export function entityTagOfKey(key: AccessKey): string {
  return entityTagOf(stateOfKey(key));
}
