import type { HearthkeyError } from './hearthkey-error.js';

const baseMs = 250;
const longestMs = 8000;

/** The service is busy or out of reach, or a proxy before it is: it may work later. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * How long to wait before the request is sent again; undefined: it isn't worth it.
 *
 * Longer each time, and at random, so that clients which failed together don't come back together. `Retry-After` is the
 * shortest wait. Where the time limit of the call is nearer, the error is better now than then.
 */
export function retryDelayMs(
  { reason, status, attempts, retryAfterMs = 0 }: HearthkeyError,
  remainingMs: number,
  random: () => number = Math.random,
): number | undefined {
  if (reason !== 'client_unreachable' && (status === undefined || !passing.has(status))) return undefined;
  const step = Math.min(longestMs, baseMs * 2 ** (attempts - 1));
  const delayMs = retryAfterMs + step * (0.5 + random() / 2);
  return delayMs < remainingMs ? delayMs : undefined;
}

/** Of `Retry-After`: seconds, or a date. */
export function readRetryAfter(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
