import type { RateLimit } from '../../keys/limits/rate-limit.js';

/** How far a request has used up a limit. */
export interface RateState {
  /** How many requests may pass in any window of time. */
  limit: number;
  /** How many more would pass now, after this one. */
  remaining: number;
  /** Until one passes again; where more would pass now, until all would. Whole seconds, at least one. */
  resetSeconds: number;
  /** This one was one too many. */
  isExceeded: boolean;
}

export function stateOf(
  { count }: RateLimit,
  remaining: number,
  untilMs: number,
  isExceeded: boolean,
): RateState {
  const resetSeconds = Math.max(1, Math.ceil(untilMs / 1000));
  return { limit: count, remaining: Math.max(0, remaining), resetSeconds, isExceeded };
}

/** The one that is used up, or else is the first to be. */
export function tightest(states: readonly RateState[]): RateState {
  return states.reduce((one, other) =>
    other.isExceeded || (!one.isExceeded && other.remaining < one.remaining) ? other : one,
  );
}
