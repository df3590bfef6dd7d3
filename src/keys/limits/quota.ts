import { invalid } from '../../errors.js';
import type { PeriodUnit } from './quota-period.js';

/** How many requests in each day, week or month of the calendar (UTC). */
export interface Quota {
  count: number;
  unit: PeriodUnit;
}

/** At most 1,000,000,000. */
export const quotaPattern = /^([1-9]\d{0,8}|1000000000)\/(day|week|month)$/;

/** @throws AppError 2 */
export function parseQuota(text: string): Quota {
  const quota = readQuota(text);
  if (quota === undefined)
    throw invalid(`expected N/day, N/week or N/month, such as 10000/month, got ${text}`);
  return quota;
}

/** @returns undefined for a text that is no quota */
export function readQuota(text: string): Quota | undefined {
  const match = quotaPattern.exec(text);
  return match === null ? undefined : { count: Number(match[1]), unit: match[2] as PeriodUnit };
}

export function formatQuota({ count, unit }: Quota): string {
  return `${String(count)}/${unit}`;
}

/** How many periods of the first unit can lie, in part at least, in one of the second. */
const mostWithin: Record<PeriodUnit, Record<PeriodUnit, number>> = {
  day: { day: 1, week: 7, month: 31 },
  week: { day: 1, week: 1, month: 6 },
  month: { day: 1, week: 2, month: 1 },
};

/** Whether the first can let no more through than the second, in any period of the second. */
export function isNoLarger(quota: Quota, than: Quota): boolean {
  return quota.count * mostWithin[quota.unit][than.unit] <= than.count;
}

/**
 * A quota that lets no more through than either, in any of their periods. Of some that have fewer than six requests in a
 * week there is none: then it is the first.
 */
export function inBothQuotas(one: Quota, other: Quota): Quota {
  if (isNoLarger(one, other)) return one;
  if (isNoLarger(other, one)) return other;
  for (const [quota, within] of [
    [one, other],
    [other, one],
  ] as const) {
    const count = Math.min(quota.count, Math.floor(within.count / mostWithin[quota.unit][within.unit]));
    if (count > 0) return { count, unit: quota.unit };
  }
  return one;
}

export function isSameQuota(one: Quota, other: Quota): boolean {
  return one.count === other.count && one.unit === other.unit;
}
