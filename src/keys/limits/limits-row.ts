import { formatAddressRange, parseAddressRange } from '../../network/address-range.js';
import {
  formatHeld,
  heldToNothing,
  isReadable,
  maxHeldValues,
  readHeld,
  type HeldArguments,
} from '../../catalogue/held-arguments.js';
import { AppError, ReturnCode } from '../../errors.js';
import type { KeyLimits, WantedLimits } from './key-limits.js';
import { formatQuota, readQuota } from './quota.js';
import { formatRateLimit, readRateLimit } from './rate-limit.js';

/** As a key has them in the store, and in a copy of it. */
export interface LimitsRow {
  expires_at_ms: number | null;
  /** Ranges between commas; empty: from everywhere. */
  allowed_addresses: string;
  /** Empty: none. */
  rate_limit: string;
  /** Empty: none. */
  quota: string;
  /** What arguments are held to (`formatHeld`); empty: they are not held. */
  held_arguments: string;
}

export function limitsFromRow(row: LimitsRow): KeyLimits {
  const limits: KeyLimits = {};
  if (row.expires_at_ms !== null) limits.expiresAtMs = Number(row.expires_at_ms);
  if (row.allowed_addresses !== '') {
    const ranges = row.allowed_addresses.split(',').map(parseAddressRange);
    // What can't be read lets nobody in.
    limits.allowedAddresses = ranges.filter((range) => range !== undefined);
  }
  // A limit that can't be read would be none.
  if (row.rate_limit !== '')
    limits.rateLimit = readRateLimit(row.rate_limit) ?? { count: 1, windowSeconds: 3600 };
  if (row.quota !== '') limits.quota = readQuota(row.quota) ?? { count: 1, unit: 'month' };
  if (row.held_arguments !== '') limits.only = heldOf(row.held_arguments);
  return limits;
}

/** Keys with the same text share what was read of it. */
const heldTexts = new Map<string, HeldArguments>();
const keptTexts = 1000;

/** What can't be read allows nothing. */
function heldOf(text: string): HeldArguments {
  let held = heldTexts.get(text);
  if (held !== undefined) return held;
  try {
    held = readHeld(text);
  } catch {
    held = heldToNothing;
  }
  if (heldTexts.size >= keptTexts) heldTexts.clear();
  heldTexts.set(text, held);
  return held;
}

/**
 * Limits of several keys together may leave nothing, or more than a row can have. What was stored of them would be read as
 * no limit, or not at all.
 *
 * @throws AppError 10
 */
export function requireStorable({ allowedAddresses, only }: WantedLimits): void {
  if (allowedAddresses?.length === 0)
    throw new AppError(ReturnCode.FORBIDDEN, 'the key and those that made it have no address in common');
  if (!only || isReadable(only)) return;
  if ([...only.values()].some((values) => values.length === 0))
    throw new AppError(ReturnCode.FORBIDDEN, 'the key and those that made it are held to other arguments');
  throw new AppError(
    ReturnCode.FORBIDDEN,
    `the key and those that made it are held to more than ${String(maxHeldValues)} values together`,
  );
}

/** @throws AppError 10 where they can't be stored */
export function limitsToRow(wanted: WantedLimits): Partial<LimitsRow> {
  requireStorable(wanted);
  const { expiresAtMs, allowedAddresses, rateLimit, quota, only } = wanted;
  const row: Partial<LimitsRow> = {};
  if (expiresAtMs !== undefined) row.expires_at_ms = expiresAtMs;
  if (allowedAddresses !== undefined)
    row.allowed_addresses = (allowedAddresses ?? []).map(formatAddressRange).join();
  if (rateLimit !== undefined) row.rate_limit = rateLimit === null ? '' : formatRateLimit(rateLimit);
  if (quota !== undefined) row.quota = quota === null ? '' : formatQuota(quota);
  if (only !== undefined) row.held_arguments = only === null ? '' : formatHeld(only);
  return row;
}
