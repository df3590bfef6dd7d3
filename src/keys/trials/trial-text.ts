import { formatHeld, readHeld } from '../../catalogue/held-arguments.js';
import { formatAddressRange, parseAddressRange } from '../../network/address-range.js';
import { apiNamePattern } from '../../text/names.js';
import { formatRateLimit, readRateLimit } from '../limits/rate-limit.js';
import { triedPartsOf, triesNothing, type Trial } from './trial.js';

/** As a trial is kept: JSON with texts; an empty text takes a limit away. */
interface TrialText {
  since: number;
  by: string;
  permissions?: string;
  allowedAddresses?: string;
  rateLimit?: string;
  only?: string;
}

/** The last moment that a date can be. */
const latestMs = 8_640_000_000_000_000;

export function writeTrial(trial: Trial): string {
  const { sinceMs: since, by, permissions, allowedAddresses, rateLimit, only } = trial;
  const text: TrialText = {
    ...{ since, by },
    ...(permissions !== undefined && { permissions: permissions.join(',') }),
    ...(allowedAddresses !== undefined && {
      allowedAddresses: (allowedAddresses ?? []).map(formatAddressRange).join(','),
    }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit === null ? '' : formatRateLimit(rateLimit) }),
    ...(only !== undefined && { only: only === null ? '' : formatHeld(only) }),
  };
  return JSON.stringify(text);
}

/** What can't be read tries nothing, and says so: a trial must deny nobody. */
export function trialFromText(text: string): Trial {
  return parseTrial(text) ?? { sinceMs: 0, by: '', isUnreadable: true };
}

/** @returns undefined for what `writeTrial` doesn't write */
export function parseTrial(text: string): Trial | undefined {
  try {
    return readTrial(JSON.parse(text) as TrialText);
  } catch {
    return undefined;
  }
}

function readTrial(stored: TrialText): Trial | undefined {
  const { since, by, permissions, allowedAddresses, rateLimit, only } = stored;
  if (!Number.isSafeInteger(since) || since < 0 || since > latestMs || typeof by !== 'string')
    return undefined;
  const names = permissions?.split(',').filter((name) => name !== '');
  const ranges = allowedAddresses?.split(',').map(parseAddressRange);
  const limit = rateLimit === undefined || rateLimit === '' ? undefined : readRateLimit(rateLimit);
  const areRead =
    (names?.every((name) => apiNamePattern.test(name)) ?? true) &&
    (allowedAddresses === '' || (ranges?.every((range) => range !== undefined) ?? true)) &&
    (rateLimit === undefined || rateLimit === '' || limit !== undefined);
  if (!areRead) return undefined;
  const tried = triedPartsOf({
    ...(names !== undefined && { permissions: names }),
    ...(ranges !== undefined && {
      allowedAddresses: allowedAddresses === '' ? null : ranges.filter((range) => range !== undefined),
    }),
    ...(rateLimit !== undefined && { rateLimit: limit ?? null }),
    ...(only !== undefined && { only: only === '' ? null : readHeld(only) }),
  });
  return triesNothing(tried) ? undefined : { sinceMs: since, by, ...tried };
}
