import { splitEntries } from '../../../allowlist/allow-list.js';
import { formatAddressRange } from '../../../network/address-range.js';
import { formatMoment } from '../../../text/moments.js';
import { parseAllowedAddresses, parseExpiry, type WantedLimits } from '../../../keys/limits/key-limits.js';
import { formatHeld, parseHeld } from '../../../catalogue/held-arguments.js';
import { formatQuota, parseQuota } from '../../../keys/limits/quota.js';
import { formatRateLimit, parseRateLimit } from '../../../keys/limits/rate-limit.js';
import { durationForm } from '../../../config/duration.js';
import { onlyOption } from '../only-option.js';
import { sayNetwork } from '../say-network.js';
import type { Invocation, LongOption, Terminal } from '../../builtin-command.js';

/** What narrows a key besides its permissions. */
export const limitOptions: readonly LongOption[] = [
  {
    name: 'expires',
    value: 'WHEN',
    info: `the end of the key: ${durationForm}; a date (2027-01-31: the end of that day), a date with a time (2027-01-31T12:00, with Z or +01:00 for another zone), now or never`,
  },
  {
    name: 'allow-ip',
    value: 'ADDRESS',
    info: 'where it may be used from: addresses or ranges, with commas or repeated; any',
  },
  {
    name: 'rate-limit',
    value: 'N/WINDOW',
    info: 'the most requests within a window of s, m (or min) or h: 5/s, 120/min, 1000/h; none',
  },
  {
    name: 'quota',
    value: 'N/UNIT',
    info: 'the most allowed requests in a day, a week (from Monday) or a month of the calendar, in UTC: 10000/month; none',
  },
  onlyOption,
];

/** @throws AppError 2 */
export function parseLimits(options: Invocation['options'], nowMs = Date.now()): WantedLimits {
  const expires = options.get('expires')?.at(-1);
  const addresses = options.get('allow-ip');
  const rate = options.get('rate-limit')?.at(-1);
  const quota = options.get('quota')?.at(-1);
  const only = options.get('only');
  return {
    ...(expires !== undefined && { expiresAtMs: parseExpiry(expires, nowMs) }),
    ...(addresses !== undefined && { allowedAddresses: parseAllowedAddresses(addresses) }),
    ...(rate !== undefined && { rateLimit: rate === 'none' ? null : parseRateLimit(rate) }),
    ...(quota !== undefined && { quota: quota === 'none' ? null : parseQuota(quota) }),
    ...(only !== undefined && { only: parseHeld(only) }),
  };
}

/** Says what was understood and set: on standard error, for the output is Hestia's. */
export function sayLimits(wanted: WantedLimits, options: Invocation['options'], terminal: Terminal): void {
  const { expiresAtMs, allowedAddresses, rateLimit, quota, only } = wanted;
  for (const item of (options.get('allow-ip') ?? []).flatMap(splitEntries)) sayNetwork(item, terminal);
  const from = allowedAddresses?.map(formatAddressRange).join(', ');
  if (expiresAtMs !== undefined) terminal.say(`${endText(expiresAtMs)}\n`);
  if (allowedAddresses !== undefined)
    terminal.say(`Its own addresses: ${from ?? 'none, it may come from any'}.\n`);
  if (rateLimit !== undefined)
    terminal.say(`Its own rate limit: ${rateLimit === null ? 'none' : formatRateLimit(rateLimit)}.\n`);
  if (quota !== undefined)
    terminal.say(`Its own quota: ${quota === null ? 'none' : `${formatQuota(quota)} (UTC)`}.\n`);
  if (only === null) terminal.say('Its arguments are not held: they may be anything.\n');
  else if (only !== undefined)
    terminal.say(`Only with arguments: ${formatHeld(only)}. Commands without them are denied.\n`);
}

function endText(expiresAtMs: number | null): string {
  if (expiresAtMs === null) return 'The key has no end.';
  const isEnded = expiresAtMs <= Date.now();
  return isEnded ? 'The key has ended.' : `The key ends at ${formatMoment(expiresAtMs)}.`;
}
