import type { ApiRole, RoleFile } from '../../apis/role-file.js';
import { formatAddressRange, type AddressRange } from '../../network/address-range.js';
import { formatRateLimit } from '../../keys/limits/rate-limit.js';
import type { KeyStanding, SuggestFacts } from './key-standing.js';
import type { SuggestedCommand, SuggestedKey } from './suggestion.js';

/** The name of a new role for a key or a user; names of users may have dots in them. */
export function newApiName(of: string): string {
  return `use-${of.replace(/[^A-Za-z0-9_-]/g, '-')}`;
}

export interface WantedRole {
  role: ApiRole;
  commands: readonly string[];
  safe: readonly string[];
}

export function wantedRole(role: ApiRole, commands: Iterable<SuggestedCommand>): WantedRole {
  const all = [...commands];
  const safe = all.filter(({ isSafe }) => isSafe);
  return { role, commands: namesOf(all), safe: namesOf(safe) };
}

/** `v-add-api NAME …`; a role that is there already, as it should be, needs no line. */
export function addRole(
  base: string,
  wanted: WantedRole,
  { findApi }: Pick<SuggestFacts, 'findApi'>,
): { api: string; lines: string[] } {
  for (let number = 1; ; number++) {
    const api = number === 1 ? base : `${base}-${String(number)}`;
    const known = findApi(api);
    if (known === undefined) return { api, lines: [roleLine('v-add-api', api, wanted)] };
    const { role } = known;
    if (role !== undefined && role.only === undefined && isAsWanted(role, wanted)) return { api, lines: [] };
  }
}

export function roleLine(verb: 'v-add-api' | 'v-change-api', api: string, wanted: WantedRole): string {
  const { role, commands, safe } = wanted;
  return [verb, api, role, commands.join(','), ...(safe.length > 0 ? [safe.join(',')] : [])].join(' ');
}

export function isAsWanted({ role, commands, safe }: RoleFile, wanted: WantedRole): boolean {
  return role === wanted.role && isSame(commands, wanted.commands) && isSame(safe, wanted.safe);
}

/**
 * `v-change-access-key ID …`
 *
 * @param wanted - its permissions; undefined: they stay
 * @returns none where nothing would change
 */
export function changeKey(
  { accessKeyId, addresses, rateLimit }: SuggestedKey,
  wanted: readonly string[] | undefined,
  { of: { key }, limits: present }: KeyStanding,
): string[] {
  const words =
    wanted === undefined || isSame(wanted, key.permissions)
      ? []
      : ['PERMISSIONS', [...new Set(wanted)].join(',')];
  if (addresses !== undefined && !isSame(texts(addresses), texts(present.allowedAddresses ?? [])))
    words.push('--allow-ip', texts(addresses).join(','));
  const rate = rateLimit && formatRateLimit(rateLimit);
  if (rate !== undefined && rate !== (present.rateLimit && formatRateLimit(present.rateLimit)))
    words.push('--rate-limit', rate);
  return words.length === 0 ? [] : [['v-change-access-key', accessKeyId, ...words].join(' ')];
}

function texts(ranges: readonly AddressRange[]): string[] {
  return ranges.map(formatAddressRange);
}

function namesOf(commands: readonly SuggestedCommand[]): string[] {
  return commands.map(({ command }) => command).sort();
}

function isSame(one: Iterable<string>, other: Iterable<string>): boolean {
  const [some, others] = [new Set(one), new Set(other)];
  return some.size === others.size && [...some].every((item) => others.has(item));
}
