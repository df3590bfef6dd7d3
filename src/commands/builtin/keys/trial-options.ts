import { parseHeld } from '../../../catalogue/held-arguments.js';
import { invalid } from '../../../errors.js';
import type { AccessKey } from '../../../keys/access-key.js';
import { parsePermissions } from '../../../keys/access-key.js';
import { parseAllowedAddresses } from '../../../keys/limits/key-limits.js';
import { parseRateLimit } from '../../../keys/limits/rate-limit.js';
import { describeTried, type TriedParts } from '../../../keys/trials/trial.js';
import type { Invocation, LongOption, Terminal } from '../../builtin-command.js';

/** What is tried of a key before it is made real. */
export const trialOptions: readonly LongOption[] = [
  {
    name: 'trial',
    value: 'APIS',
    info: 'try other permissions: decisions stay as they are, and v-list-trials shows what would have been denied; none ends the trial',
  },
  { name: 'trial-allow-ip', value: 'ADDRESS', info: 'try other addresses, as --allow-ip takes them' },
  { name: 'trial-rate-limit', value: 'N/WINDOW', info: 'try another rate limit, as --rate-limit takes it' },
  { name: 'trial-only', value: 'NAME=VALUE', info: 'try other arguments, as --only takes them' },
  { name: 'enforce', info: 'make real what is tried, and end the trial' },
];

/**
 * @returns undefined: nothing is said of a trial; null: it is to end
 * @throws AppError 2
 */
export function parseTrial(options: Invocation['options']): TriedParts | null | undefined {
  const permissions = options.get('trial');
  const addresses = options.get('trial-allow-ip');
  const rate = options.get('trial-rate-limit')?.at(-1);
  const only = options.get('trial-only');
  const parts: TriedParts = {
    ...(addresses !== undefined && { allowedAddresses: parseAllowedAddresses(addresses) }),
    ...(rate !== undefined && { rateLimit: rate === 'none' ? null : parseRateLimit(rate) }),
    ...(only !== undefined && { only: parseHeld(only) }),
  };
  if (permissions?.join() === 'none') {
    if (Object.keys(parts).length > 0) throw invalid('--trial none ends a trial: nothing else can be tried');
    return null;
  }
  if (permissions !== undefined) parts.permissions = parsePermissions(permissions.join());
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/** Says what is tried from now on: on standard error, for the output is Hestia's. */
export function sayTrial(
  wanted: TriedParts | null | undefined,
  { id, trial }: AccessKey,
  terminal: Terminal,
): void {
  if (wanted === undefined) return;
  if (trial === undefined) terminal.say('Nothing is tried any more.\n');
  else terminal.say(`On trial: ${describeTried(trial)}. What it would deny: v-list-trials ${id}\n`);
}
