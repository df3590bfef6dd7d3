/** docs/access-keys.md, "Quotas": so many allowed requests in a day, a week from Monday, or a month, in UTC. */
import type { WorldKey, WorldQuota } from '../world.js';

const dayMs = 86_400_000;

/** Of 1970-01-01, a Thursday. */
const weekOf = (day: string): number => Math.floor((Date.parse(`${day}T00:00:00Z`) / dayMs + 3) / 7);

const isSame: Record<WorldQuota['unit'], (one: string, other: string) => boolean> = {
  day: (one, other) => one === other,
  week: (one, other) => weekOf(one) === weekOf(other),
  month: (one, other) => one.slice(0, 7) === other.slice(0, 7),
};

export function isQuotaUsedUp({ quota }: WorldKey, nowMs: number): boolean {
  if (quota === undefined) return false;
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const counted = Object.entries(quota.counted).filter(([day]) => isSame[quota.unit](day, today));
  return counted.reduce((sum, [, count]) => sum + count, 0) >= quota.count;
}

/** The most that may pass in one period of that unit: 31 days are in a month, parts of six weeks; of two months in a week. */
export function mostIn({ count, unit }: WorldQuota, of: WorldQuota['unit']): number {
  if (unit === 'day') return count * { day: 1, week: 7, month: 31 }[of];
  if (unit === 'week') return count * { day: 1, week: 1, month: 6 }[of];
  return count * { day: 1, week: 2, month: 1 }[of];
}
