import {
  formatAddressRange,
  parseAddressRange,
  rangeContains,
  type Address,
  type AddressRange,
} from '../../network/address-range.js';
import { splitEntries } from '../../allowlist/allow-list.js';
import { isNoWiderHeld, type HeldArguments } from '../../catalogue/held-arguments.js';
import { durationForm, isDurationTooLong, parseDurationMs } from '../../config/duration.js';
import { invalid } from '../../errors.js';
import { readMoment } from '../../text/moments.js';
import { isNoLarger, type Quota } from './quota.js';
import { isNoFaster, type RateLimit } from './rate-limit.js';

/** What narrows a key besides its permissions; what is absent doesn't. */
export interface KeyLimits {
  /** The first moment at which it is refused, on a whole second. */
  expiresAtMs?: number;
  /** It is refused from elsewhere, whatever API_ALLOWED_IP says; never empty. */
  allowedAddresses?: readonly AddressRange[];
  rateLimit?: RateLimit;
  quota?: Quota;
  /** What arguments of its commands may be. */
  only?: HeldArguments;
}

/** What is wanted of limits: what is absent stays as it is, null takes a limit away. */
export interface WantedLimits {
  expiresAtMs?: number | null;
  allowedAddresses?: readonly AddressRange[] | null;
  rateLimit?: RateLimit | null;
  quota?: Quota | null;
  only?: HeldArguments | null;
}

/** The end of a key that was ended by `now`: no node's clock is so slow that it hasn't come there. */
const endedMs = 1000;

export function isExpired({ expiresAtMs }: KeyLimits, nowMs: number): boolean {
  return expiresAtMs !== undefined && nowMs >= expiresAtMs;
}

/** How long before its end a key's holder should hear of it: two weeks, of a short life its last quarter. */
export const longestNoticeMs = 14 * 86_400_000;
export const partOfLifeToTell = 4;

export function isEndNear(
  { expiresAtMs, createdAtMs }: KeyLimits & { createdAtMs: number },
  nowMs: number,
): boolean {
  if (expiresAtMs === undefined) return false;
  const noticeMs = Math.min(longestNoticeMs, (expiresAtMs - createdAtMs) / partOfLifeToTell);
  return expiresAtMs - nowMs <= noticeMs;
}

/** @param address - undefined when it isn't known: then a key with addresses of its own is refused */
export function letsIn({ allowedAddresses }: KeyLimits, address: Address | undefined): boolean {
  if (allowedAddresses === undefined) return true;
  return address !== undefined && allowedAddresses.some((range) => rangeContains(range, address));
}

/** The same key with other limits. */
export function withLimits<T extends KeyLimits>(key: T, wanted: WantedLimits): T {
  const { expiresAtMs, allowedAddresses, rateLimit, quota, only } = wanted;
  const changed = { ...key };
  if (expiresAtMs === null) delete changed.expiresAtMs;
  else if (expiresAtMs !== undefined) changed.expiresAtMs = expiresAtMs;
  if (allowedAddresses === null) delete changed.allowedAddresses;
  else if (allowedAddresses !== undefined) changed.allowedAddresses = allowedAddresses;
  if (rateLimit === null) delete changed.rateLimit;
  else if (rateLimit !== undefined) changed.rateLimit = rateLimit;
  if (quota === null) delete changed.quota;
  else if (quota !== undefined) changed.quota = quota;
  if (only === null) delete changed.only;
  else if (only !== undefined) changed.only = only;
  return changed;
}

export function limitsOf({ expiresAtMs, allowedAddresses, rateLimit, quota, only }: KeyLimits): KeyLimits {
  return {
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(allowedAddresses !== undefined && { allowedAddresses }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(quota !== undefined && { quota }),
    ...(only !== undefined && { only }),
  };
}

export function hasLimits({ expiresAtMs, allowedAddresses, rateLimit, quota, only }: KeyLimits): boolean {
  return (
    expiresAtMs !== undefined ||
    allowedAddresses !== undefined ||
    rateLimit !== undefined ||
    quota !== undefined ||
    only !== undefined
  );
}

/** Whether a key with the first limits can do nothing that one with the second can't, as far as limits go. */
export function isNoWider(limits: KeyLimits, than: KeyLimits): boolean {
  const { expiresAtMs = Infinity, allowedAddresses, rateLimit, quota } = limits;
  if (expiresAtMs > (than.expiresAtMs ?? Infinity)) return false;
  if (than.allowedAddresses !== undefined) {
    const isWithin = (range: AddressRange): boolean =>
      than.allowedAddresses?.some((outer) => contains(outer, range)) === true;
    if (allowedAddresses === undefined || !allowedAddresses.every(isWithin)) return false;
  }
  if (!isNoWiderHeld(limits.only, than.only)) return false;
  if (than.quota !== undefined && (quota === undefined || !isNoLarger(quota, than.quota))) return false;
  return than.rateLimit === undefined || (rateLimit !== undefined && isNoFaster(rateLimit, than.rateLimit));
}

function contains(outer: AddressRange, inner: AddressRange): boolean {
  return inner.prefixLength >= outer.prefixLength && rangeContains(outer, inner.network);
}

/** Further ahead is a slip of the finger. */
const furthestMs = 36_525 * 86_400_000;
const endForm = `${durationForm}, a date (2027-01-31, to its end; 2027-01-31T12:00), now or never`;

/**
 * The end of a key: a duration from now (`90d`), a date (`2027-01-31`: the end of that day), a date with a time, `never`,
 * or `now`, which each node finds in the past, whatever its clock says. Without an offset it is local time, as in every list.
 *
 * @returns the moment on a whole second, never before the wanted one; null for `never`
 * @throws AppError 2 also for a moment that has passed, that doesn't exist, or that is too far ahead
 */
export function parseExpiry(text: string, nowMs: number): number | null {
  if (text === 'never') return null;
  if (text === 'now') return endedMs;
  const endMs = readEnd(text, nowMs);
  if (endMs - nowMs > furthestMs)
    throw invalid(`${text} is too far ahead: at most 100 years; never takes the end away`);
  const wholeMs = Math.ceil(endMs / 1000) * 1000;
  if (wholeMs <= nowMs) throw invalid(`${text} has passed; now ends the key at once`);
  return wholeMs;
}

function readEnd(text: string, nowMs: number): number {
  if (isDurationTooLong(text)) return Infinity;
  const durationMs = /^[1-9]/.test(text) ? parseDurationMs(text) : undefined;
  if (durationMs !== undefined) return nowMs + durationMs;
  const read = readMoment(text, 'end');
  if ('ms' in read) return read.ms;
  if (read.problem === 'no_such_time')
    throw invalid(`there is no ${text} in the calendar, or the clocks are put forward over it`);
  throw invalid(`expected ${endForm}, got ${text}`);
}

/** ISO 8601, UTC; `ended` for one that was ended by `now`. */
export function formatEnd(expiresAtMs: number): string {
  return expiresAtMs === endedMs ? 'ended' : new Date(expiresAtMs).toISOString();
}

/** Of one key. */
export const maxAddresses = 64;

/**
 * Addresses and ranges, each text with one or several between commas; `any` alone takes the limit away.
 *
 * @throws AppError 2
 */
export function parseAllowedAddresses(texts: readonly string[]): AddressRange[] | null {
  const items = texts.flatMap(splitEntries);
  if (items.length === 1 && items[0] === 'any') return null;
  const ranges = new Map<string, AddressRange>();
  for (const item of items) {
    const range = parseAddressRange(item);
    if (range === undefined) throw invalid(`invalid IP format :: ${item}`);
    ranges.set(formatAddressRange(range), range);
  }
  if (ranges.size === 0) throw invalid('expected an address or a range such as 203.0.113.0/24');
  if (ranges.size > maxAddresses) throw invalid(`a key can have at most ${String(maxAddresses)} addresses`);
  return [...ranges.values()];
}
