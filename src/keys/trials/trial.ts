import { formatHeld } from '../../catalogue/held-arguments.js';
import { formatAddressRange } from '../../network/address-range.js';
import { withLimits, type KeyLimits, type WantedLimits } from '../limits/key-limits.js';
import { formatRateLimit } from '../limits/rate-limit.js';

/** What is tried of a key: what is absent stays as the key has it, null takes a limit away. */
export interface TriedParts extends Pick<WantedLimits, 'allowedAddresses' | 'rateLimit' | 'only'> {
  permissions?: readonly string[];
}

/** What a key could be instead. It changes no decision; what it would have denied is recorded beside the decision. */
export interface Trial extends TriedParts {
  /** When it began; no two trials of a key begin in the same millisecond. */
  sinceMs: number;
  /** Who began it, as the record names him. */
  by: string;
  /** What is kept of it can't be read: it tries nothing. */
  isUnreadable?: true;
}

/** Whether something is tried of a key or of one that made it. */
export function hasTrials(key: { trial?: Trial }, makers: readonly { trial?: Trial }[]): boolean {
  return key.trial !== undefined || (makers.length > 0 && makers.some(({ trial }) => trial !== undefined));
}

export function triedPartsOf({ permissions, allowedAddresses, rateLimit, only }: TriedParts): TriedParts {
  return {
    ...(permissions !== undefined && { permissions }),
    ...(allowedAddresses !== undefined && { allowedAddresses }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(only !== undefined && { only }),
  };
}

export function triesNothing(parts: TriedParts): boolean {
  return Object.keys(triedPartsOf(parts)).length === 0;
}

/** The same key with what is tried in place. */
export function withTried<T extends KeyLimits & { permissions: readonly string[] }>(
  key: T,
  parts: TriedParts,
): T {
  const { permissions = key.permissions } = parts;
  return withLimits({ ...key, permissions }, parts);
}

/** For people and for the record: names as events have them, with their values. */
export function describeTried(parts: TriedParts): string {
  if ('isUnreadable' in parts) return 'unreadable';
  const { permissions, allowedAddresses, rateLimit, only } = parts;
  return [
    ...(permissions === undefined ? [] : [`permissions=${permissions.join(',')}`]),
    ...(allowedAddresses === undefined
      ? []
      : [`allowedAddresses=${allowedAddresses?.map(formatAddressRange).join(',') ?? 'any'}`]),
    ...(rateLimit === undefined
      ? []
      : [`rateLimit=${rateLimit === null ? 'none' : formatRateLimit(rateLimit)}`]),
    ...(only === undefined ? [] : [`only=${only === null ? 'none' : formatHeld(only)}`]),
  ].join(' ');
}
