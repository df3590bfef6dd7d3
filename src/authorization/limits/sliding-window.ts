import type { RateLimit } from '../../keys/limits/rate-limit.js';

/** Requests that passed within a short span of time. They count until a window after the last of them. */
export interface Passed {
  firstMs: number;
  lastMs: number;
  count: number;
}

/*
 * The times of what passed, not the one time of a token bucket or of GCRA: those refill while they let a burst through, so
 * a window that begins with a full bucket passes up to twice its limit.
 */

/** Spans are this part of a window: so many of them, and one more, are kept of a key and node. */
const spansPerWindow = 60;

export const spanMsOf = (limit: RateLimit): number => windowMsOf(limit) / spansPerWindow;

export const windowMsOf = ({ windowSeconds }: RateLimit): number => windowSeconds * 1000;

/**
 * What still counts, the oldest first.
 *
 * @param passed - the oldest first; itself, where all of it counts
 */
export function within(passed: Passed[], nowMs: number, limit: RateLimit): Passed[] {
  const [oldest] = passed;
  if (oldest === undefined || oldest.lastMs + windowMsOf(limit) > nowMs) return passed;
  return passed.filter(({ lastMs }) => lastMs + windowMsOf(limit) > nowMs);
}

export function countOf(passed: readonly Passed[]): number {
  return passed.reduce((sum, { count }) => sum + count, 0);
}

/** Counts one more; nothing that was refused is ever counted. */
export function add(passed: Passed[], nowMs: number, limit: RateLimit): void {
  const newest = passed.at(-1);
  if (newest !== undefined && nowMs - newest.firstMs < spanMsOf(limit)) {
    newest.lastMs = Math.max(newest.lastMs, nowMs);
    newest.count++;
  } else passed.push({ firstMs: nowMs, lastMs: nowMs, count: 1 });
}

/**
 * How long it takes until a request passes again, or, where one passes now, until nothing counts any more.
 *
 * @param passed - what counts now
 */
export function waitMs(
  passed: readonly Passed[],
  nowMs: number,
  limit: RateLimit,
  allowed = limit.count,
): number {
  let left = countOf(passed);
  const isUsedUp = left >= allowed;
  let untilMs = nowMs;
  for (const { count, lastMs } of passed) {
    if (isUsedUp && left < allowed) break;
    left -= count;
    untilMs = lastMs + windowMsOf(limit);
  }
  return allowed === 0 ? windowMsOf(limit) : untilMs - nowMs;
}

/** For Redis: whole milliseconds of its clock. */
export function writePassed(passed: readonly Passed[], shiftMs = 0): string {
  return passed
    .map(({ firstMs, lastMs, count }) =>
      [firstMs + shiftMs, lastMs + shiftMs, count].map((value) => String(Math.ceil(value))).join(' '),
    )
    .join();
}

export function readPassed(text: string, shiftMs = 0): Passed[] {
  if (text === '') return [];
  return text.split(',').map((item) => {
    const [first = 0, last = 0, count = 0] = item.split(' ').map(Number);
    return { firstMs: first + shiftMs, lastMs: last + shiftMs, count };
  });
}
