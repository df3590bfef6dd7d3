import { formatAddressRange } from '../../network/address-range.js';
import { formatEnd, isExpired, letsIn, maxAddresses } from '../../keys/limits/key-limits.js';
import { formatQuotaEnd } from '../../keys/limits/quota-period.js';
import { formatRateLimit } from '../../keys/limits/rate-limit.js';
import type { KeyFacts } from '../facts/decision-facts.js';
import type { StepState, Told, ToldFrom } from './explanation.js';
import { commands, keyField } from './told-parts.js';

export function tellExpiry(
  key: KeyFacts,
  { facts: { makers = [], nowMs, suggestedLife } }: ToldFrom,
  state: StepState,
): Told {
  const { id, expiresAtMs } = [key, ...makers].find((each) => isExpired(each, nowMs)) ?? key;
  const maker = id === key.id ? '' : id;
  const end = expiresAtMs === undefined ? '' : formatEnd(expiresAtMs);
  // Ended by a command, at no moment of its own.
  const at = end === 'ended' ? '' : end;
  return {
    why:
      expiresAtMs === undefined
        ? { code: 'end_none', params: {} }
        : { code: state === 'ok' ? 'end_future' : 'end_past', params: { maker, at } },
    source: keyField(maker === '' ? '--expires' : 'MADE_BY'),
    remedy: commands(`v-change-access-key ${id} --expires ${suggestedLife}`),
  };
}

export function tellAddresses(
  key: KeyFacts,
  { asked: { client }, facts: { makers = [] } }: ToldFrom,
  state: StepState,
): Told {
  const refusing = [key, ...makers].find((each) => !letsIn(each, client?.address));
  const { id, allowedAddresses } = state !== 'ok' && refusing !== undefined ? refusing : key;
  const addresses = allowedAddresses?.map(formatAddressRange) ?? [];
  const maker = id === key.id ? '' : id;
  const isOpen = client === undefined && state === 'not asked';
  const takesAny = (client?.address === undefined && state === 'denied') || addresses.length >= maxAddresses;
  const wanted = takesAny ? 'any' : [...addresses, client?.text ?? ''].join(',');
  return {
    why:
      allowedAddresses === undefined
        ? { code: 'addresses_none', params: {} }
        : { code: 'addresses_only', params: { addresses, maker, isOpen } },
    source: keyField(maker === '' ? '--allow-ip' : 'MADE_BY'),
    remedy: commands(`v-change-access-key ${id} --allow-ip ${wanted}`),
  };
}

export function tellRateLimit(
  key: KeyFacts,
  { facts: { rate, makers = [] } }: ToldFrom,
  state: StepState,
): Told {
  const source = keyField('--rate-limit');
  const limits = [key, ...makers].flatMap(({ id, rateLimit }) =>
    rateLimit === undefined
      ? []
      : [{ id, limit: formatRateLimit(rateLimit), maker: id === key.id ? '' : id }],
  );
  if (limits.length === 0 || rate === undefined) return { why: { code: 'rate_none', params: {} }, source };
  const isUsedUp = state !== 'ok';
  return {
    why: {
      code: 'rate',
      params: {
        limits: limits.map(({ limit, maker }) => ({ limit, maker })),
        ...{ isUsedUp, resetSeconds: rate.resetSeconds },
      },
    },
    source,
    remedy: {
      code: 'wait',
      params: { command: `v-change-access-key ${limits[0]?.id ?? key.id} --rate-limit none` },
    },
  };
}

export function tellQuota(key: KeyFacts, { facts: { quotas = [] } }: ToldFrom): Told {
  const source = keyField('--quota');
  const [first] = quotas;
  if (first === undefined) return { why: { code: 'quota_none', params: {} }, source };
  const exceeded = quotas.find(({ isExceeded }) => isExceeded) ?? first;
  return {
    why: {
      code: 'quota',
      params: {
        quotas: quotas.map(({ keyId, quota, used, endsAtMs }) => ({
          ...{ maker: keyId === key.id ? '' : keyId, used, count: quota.count },
          until: formatQuotaEnd(endsAtMs),
        })),
      },
    },
    source,
    remedy: { code: 'wait', params: { command: `v-change-access-key ${exceeded.keyId} --quota none` } },
  };
}
