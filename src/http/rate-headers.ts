import type { RateState } from '../authorization/limits/rate-state.js';

/** What a client is told of its limit; nothing where there is none. */
export function rateHeaders(rate: RateState | undefined): Record<string, string> {
  if (rate === undefined) return {};
  const reset = String(rate.resetSeconds);
  return {
    'RateLimit-Limit': String(rate.limit),
    'RateLimit-Remaining': String(rate.remaining),
    'RateLimit-Reset': reset,
    ...(rate.isExceeded && { 'Retry-After': reset }),
  };
}
