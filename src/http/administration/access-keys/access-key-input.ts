import { parseDurationMs } from '../../../config/duration.js';
import { invalid } from '../../../errors.js';
import { parseAllowedAddresses, type WantedLimits } from '../../../keys/limits/key-limits.js';
import { parseHeld } from '../../../catalogue/held-arguments.js';
import { parseQuota } from '../../../keys/limits/quota.js';
import { parseRateLimit } from '../../../keys/limits/rate-limit.js';
import type { KeyFilter } from '../../../keys/listing/access-key-list.js';
import type { NewAccessKeyInput } from './access-key-input.dto.js';
import type { AccessKeyQuery } from './access-key-query.dto.js';

type LimitsInput = Pick<
  NewAccessKeyInput,
  'expiresAt' | 'expiresIn' | 'allowedAddresses' | 'rateLimit' | 'quota' | 'only'
>;

/** @throws AppError 2 */
export function readLimits(input: LimitsInput, nowMs = Date.now()): WantedLimits {
  const { expiresAt, expiresIn, allowedAddresses, rateLimit, quota, only } = input;
  if (expiresIn !== undefined && expiresAt !== undefined && expiresAt !== null)
    throw invalid('expiresAt and expiresIn are two ways to say one thing: send one of them');
  const expiresAtMs = expiresIn === undefined ? readEnd(expiresAt, nowMs) : endAfter(expiresIn, nowMs);
  return {
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(allowedAddresses !== undefined && {
      allowedAddresses: allowedAddresses === null ? null : parseAllowedAddresses(allowedAddresses),
    }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit === null ? null : parseRateLimit(rateLimit) }),
    ...(quota !== undefined && { quota: quota === null ? null : parseQuota(quota) }),
    ...(only !== undefined && { only: only === null ? null : parseHeld(only) }),
  };
}

function readEnd(text: string | null | undefined, nowMs: number): number | null | undefined {
  if (text === undefined || text === null) return text;
  // On a whole second, never before the wanted one, as on the command line.
  const endMs = Math.ceil(Date.parse(text) / 1000) * 1000;
  if (endMs <= nowMs) throw invalid('expiresAt has passed');
  return endMs;
}

function endAfter(text: string, nowMs: number): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === undefined) throw invalid('expiresIn is longer than 100 years');
  return Math.ceil((nowMs + durationMs) / 1000) * 1000;
}

export function readFilter(query: AccessKeyQuery): KeyFilter {
  const { user, permission, state, text, neverExpires, oldSecretValid, isWeak, isDerived, madeBy } = query;
  const { expiresBefore, unusedSince } = query;
  return {
    ...{ user, permission, state, text, neverExpires, isWeak, isDerived, madeBy },
    hasOldSecret: oldSecretValid,
    expiresBeforeMs: expiresBefore === undefined ? undefined : Date.parse(expiresBefore),
    unusedSinceMs: unusedSince === undefined ? undefined : Date.parse(unusedSince),
  };
}

/** @throws AppError 2 */
export function readOverlap(text: string | undefined, longestMs: number): number {
  if (text === undefined) return 0;
  const overlapMs = parseDurationMs(text);
  if (overlapMs !== undefined && overlapMs <= longestMs) return overlapMs;
  throw invalid(`overlap is at most ${String(longestMs / 86_400_000)}d`);
}
