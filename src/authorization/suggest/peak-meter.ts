import { isNoFaster, type RateLimit } from '../../keys/limits/rate-limit.js';
import { add, windowMsOf, type Passed } from '../limits/sliding-window.js';

/** The windows that a rate limit can have, in seconds. */
const windowSeconds = [1, 60, 3600] as const;
/** A limit can't be higher. */
const highestCount = 1_000_000;

/** The most requests in any window, counted as a rate limit counts them. */
export type Peaks = Readonly<Record<(typeof windowSeconds)[number], number>>;

interface Window {
  limit: RateLimit;
  passed: Passed[];
  count: number;
  peak: number;
}

/**
 * Finds the smallest rate limit that lets a row of requests through: it counts them as the limit does
 * (limits/sliding-window.ts), and keeps no more of them.
 */
export class PeakMeter {
  private readonly windows = windowSeconds.map((seconds): Window => ({
    limit: { count: 0, windowSeconds: seconds },
    passed: [],
    count: 0,
    peak: 0,
  }));
  private latestMs = -Infinity;

  /** The next request. A clock that was put back counts as one that stood still. */
  add(timeMs: number): void {
    this.latestMs = Math.max(this.latestMs, timeMs);
    for (const window of this.windows) {
      const { limit, passed } = window;
      const endedMs = this.latestMs - windowMsOf(limit);
      while (passed[0] !== undefined && passed[0].lastMs <= endedMs)
        window.count -= passed.shift()?.count ?? 0;
      add(passed, this.latestMs, limit);
      window.count++;
      window.peak = Math.max(window.peak, window.count);
    }
  }

  get peaks(): Peaks {
    const [second = 0, minute = 0, hour = 0] = this.windows.map(({ peak }) => peak);
    return { 1: second, 60: minute, 3600: hour };
  }
}

/**
 * The smallest limit that lets all through, within the window of the present one, or else a minute.
 *
 * @param present - it is never made wider
 * @param byDefault - what counts at some adapters where there is no present one: none is suggested that is higher
 * @returns undefined where there was no request, or no limit is so high
 */
export function limitFor(
  peaks: Peaks,
  present: RateLimit | undefined,
  byDefault?: RateLimit,
): RateLimit | undefined {
  const seconds = windowSeconds.find((each) => each === present?.windowSeconds) ?? 60;
  const count = Math.min(peaks[seconds], present?.count ?? Infinity);
  if (count < 1 || count > highestCount) return undefined;
  const limit = { count, windowSeconds: seconds };
  const isRaised = present === undefined && byDefault !== undefined && !isNoFaster(limit, byDefault);
  return isRaised ? undefined : limit;
}
