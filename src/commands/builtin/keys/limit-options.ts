import { parseAllowedAddresses, parseExpiry, type WantedLimits } from '../../../keys/limits/key-limits.js';
import { parseRateLimit } from '../../../keys/limits/rate-limit.js';
import type { Invocation, LongOption } from '../../builtin-command.js';

/** What narrows a key besides its permissions. */
export const limitOptions: readonly LongOption[] = [
  {
    name: 'expires',
    value: 'WHEN',
    info: 'the end of the key: 90d, 2027-01-31, 2027-01-31T12:00, now; never',
  },
  {
    name: 'allow-ip',
    value: 'ADDRESS',
    info: 'where it may be used from: addresses or ranges, with commas or repeated; any',
  },
  { name: 'rate-limit', value: 'N/min', info: 'the most requests: 120/min, 5/s, 1000/h; none' },
];

/** @throws AppError 2 */
export function parseLimits(options: Invocation['options'], nowMs = Date.now()): WantedLimits {
  const expires = options.get('expires')?.at(-1);
  const addresses = options.get('allow-ip');
  const rate = options.get('rate-limit')?.at(-1);
  return {
    ...(expires !== undefined && { expiresAtMs: parseExpiry(expires, nowMs) }),
    ...(addresses !== undefined && { allowedAddresses: parseAllowedAddresses(addresses) }),
    ...(rate !== undefined && { rateLimit: rate === 'none' ? null : parseRateLimit(rate) }),
  };
}
