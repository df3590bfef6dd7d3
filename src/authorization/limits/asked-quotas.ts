import { isSameQuota } from '../../keys/limits/quota.js';
import { countedQuotas, type CountedQuota } from '../../keys/makers/makers.js';
import type { AccessRequest } from '../access-request.js';
import type { FactsView } from '../facts/facts-view.js';
import type { TakenQuota } from './quota-counter.js';
import type { RateState } from './rate-state.js';

const none: readonly CountedQuota[] = [];

/** The quotas that a request counts for, once it is allowed. */
export function askedQuotas(
  { mode, isInQuota }: AccessRequest,
  { key, makers }: Pick<FactsView, 'key' | 'makers'>,
): readonly CountedQuota[] {
  if (key === undefined || mode === 'inspect' || isInQuota === true) return none;
  return countedQuotas(key, makers);
}

/** What was counted, where it was for these quotas. */
export function takenFor(
  quotas: readonly CountedQuota[],
  taken: TakenQuota | undefined,
): TakenQuota | undefined {
  if (taken?.quotas.length !== quotas.length) return undefined;
  const isSame = quotas.every(({ keyId, quota }, index) => {
    const other = taken.quotas[index];
    return other?.keyId === keyId && isSameQuota(other.quota, quota);
  });
  return isSame ? taken : undefined;
}

/** How long a client that is over its quota has to wait. */
export function rateOfQuota({ state: { quota, endsAtMs } }: TakenQuota, nowMs: number): RateState {
  const resetSeconds = Math.max(1, Math.ceil((endsAtMs - nowMs) / 1000));
  return { limit: quota.count, remaining: 0, resetSeconds, isExceeded: true };
}
