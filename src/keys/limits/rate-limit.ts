import { invalid } from '../../errors.js';

/** How many requests pass in any window of that length. */
export interface RateLimit {
  count: number;
  windowSeconds: number;
}

/**
 * Of the REST dialect, for a key that has no limit of its own; a request counts once, however many commands it takes.
 */
export const restRateLimit: RateLimit = { count: 120, windowSeconds: 60 };

const windows = { s: 1, min: 60, h: 3600 } as const;
/** At most 1,000,000 in a second, a minute or an hour. */
export const rateLimitPattern = /^([1-9]\d{0,5}|1000000)\/(s|sec|m|min|h|hour)$/;

/** @throws AppError 2 */
export function parseRateLimit(text: string): RateLimit {
  const limit = readRateLimit(text);
  if (limit === undefined) throw invalid(`expected N/s, N/m (or N/min) or N/h, such as 120/min, got ${text}`);
  return limit;
}

/** @returns undefined for a text that is no limit */
export function readRateLimit(text: string): RateLimit | undefined {
  const match = rateLimitPattern.exec(text);
  const count = Number(match?.[1]);
  if (match === null) return undefined;
  const unit = match[2]?.startsWith('m') === true ? 'min' : match[2]?.startsWith('h') === true ? 'h' : 's';
  return { count, windowSeconds: windows[unit] };
}

/** The one spelling that is kept and shown. */
export function formatRateLimit({ count, windowSeconds }: RateLimit): string {
  const [unit = 's'] = Object.entries(windows).find(([, seconds]) => seconds === windowSeconds) ?? [];
  return `${String(count)}/${unit}`;
}

export function isSameRateLimit(one: RateLimit, other: RateLimit): boolean {
  return one.count === other.count && one.windowSeconds === other.windowSeconds;
}

/** A limit that lets no more through than either. */
export function inBothRates(one: RateLimit, other: RateLimit): RateLimit {
  if (isNoFaster(one, other)) return one;
  if (isNoFaster(other, one)) return other;
  return {
    count: Math.min(one.count, other.count),
    windowSeconds: Math.max(one.windowSeconds, other.windowSeconds),
  };
}

/** Whether the first lets no more through than the second, neither at once nor in the long run. */
export function isNoFaster(limit: RateLimit, than: RateLimit): boolean {
  const isNoHigher = limit.count * than.windowSeconds <= than.count * limit.windowSeconds;
  return limit.count <= than.count && isNoHigher;
}
