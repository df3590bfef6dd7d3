import { lists } from '../../apis/role-file.js';
import { commandNamePattern } from '../../text/names.js';
import { maxAddresses } from '../../keys/limits/key-limits.js';
import { restRateLimit } from '../../keys/limits/rate-limit.js';
import { KeyStanding, type StandingKey, type SuggestFacts } from './key-standing.js';
import { narrowAddresses } from './narrow-addresses.js';
import { limitFor } from './peak-meter.js';
import type {
  SuggestedCommand,
  SuggestedKey,
  SuggestionNote,
  UnsuggestedCommand,
  UsedCommand,
} from './suggestion.js';
import type { KeyUse, UseTally } from './use-tally.js';

/** A key that a suggestion is about. */
export interface SubjectKey extends StandingKey {
  /** The keys that it made, and that those made. */
  made: readonly StandingKey[];
}

/** The least that a key could be left with. */
export interface KeyPlan {
  standing: KeyStanding;
  /** It, or a key that it made, was used. */
  isUsed: boolean;
  needed: ReadonlyMap<string, SuggestedCommand>;
  unsuggested: readonly UnsuggestedCommand[];
  /** What it can do beyond that. */
  beyond: readonly string[];
  /** APIs that it has to keep for the keys that it made. */
  kept: readonly string[];
  limits: SuggestedKey;
  /** It can't be narrowed without a denial. */
  isFixed: boolean;
  notes: readonly SuggestionNote[];
}

/** What was used and is still allowed is needed. What was taken from the key since is not given back. */
export function planKey({ made, ...of }: SubjectKey, tally: UseTally, facts: SuggestFacts): KeyPlan {
  const standing = new KeyStanding(of, facts);
  const { id } = of.key;
  const users = [id, ...unrestrictedOf(made, facts)];
  const used = users.flatMap((each) => usedCommands(tally, each));
  const needed = new Map<string, SuggestedCommand>();
  const unsuggested: UnsuggestedCommand[] = [];
  for (const use of merged(used)) {
    const command = facts.findCommand(use.command);
    const grant = command === undefined ? 'none' : standing.grantOf(command);
    if (grant !== 'none') needed.set(use.command, { ...use, isSafe: standing.needsSafe(use.command, grant) });
    else unsuggested.push({ ...use, why: command === undefined ? 'unknown' : 'not_granted' });
  }
  const kept = keptFor(standing, made, tally, facts);
  const uses = users.map((each) => tally.useOf(each));
  const leftAsIs = whyLeftAsIs(standing, { needed: [...needed.keys()], uses, kept }, facts);
  const isFixed = leftAsIs.length > 0;
  const isUsed = [id, ...made.map(({ key }) => key.id)].some((each) => tally.useOf(each).allowed > 0);
  const limits = suggestLimits(standing, tally, isFixed, facts);
  const isOpen = isUsed && !isFixed && limits.addresses === undefined;
  return {
    ...{ standing, needed, unsuggested, kept, isFixed, isUsed },
    limits: { ...limits, addresses: limits.addresses?.length === 0 ? undefined : limits.addresses },
    beyond: facts.commandNames.filter((name) => !needed.has(name) && standing.can(name)),
    notes: [
      ...leftAsIs,
      ...note('kept_for_made_keys', isFixed ? [] : kept),
      ...note('addresses_open', isOpen ? [id] : []),
    ],
  };
}

/** A note, where it is about something. */
export function note(code: SuggestionNote['code'], names: Iterable<string>): SuggestionNote[] {
  const sorted = [...new Set(names)].sort();
  return sorted.length === 0 ? [] : [{ code, names: sorted }];
}

/** The same commands of several keys together, in the order of their names. */
export function merged<Use extends UsedCommand>(uses: readonly Use[]): Use[] {
  const found = new Map<string, Use>();
  for (const use of uses) {
    const known = found.get(use.command);
    const count = use.count + (known?.count ?? 0);
    found.set(use.command, { ...use, count, lastMs: Math.max(use.lastMs, known?.lastMs ?? -Infinity) });
  }
  return [...found.values()].sort((one, other) => (one.command < other.command ? -1 : 1));
}

/** A question whose key it is has no command behind it. */
export function usedCommands(tally: UseTally, id: string): UsedCommand[] {
  return [...tally.useOf(id).commands].flatMap(([command, use]) =>
    commandNamePattern.test(command) ? [{ command, ...use }] : [],
  );
}

/** Keys that can do all that their maker can: what they use, it needs. */
function unrestrictedOf(made: readonly StandingKey[], facts: SuggestFacts): string[] {
  const unrestricted = made.filter((each) => new KeyStanding(each, facts).permissions === 'everything');
  return unrestricted.map(({ key }) => key.id);
}

/** APIs that a key has to keep for those that it made. */
function keptFor(
  standing: KeyStanding,
  made: readonly StandingKey[],
  tally: UseTally,
  facts: SuggestFacts,
): string[] {
  const names = made.flatMap((each) => workedThrough(each, tally, facts));
  return [...new Set(names)].filter((name) => standing.canHave(name)).sort();
}

/** The APIs through which a made key does what it does: it has none of them without its maker. */
function workedThrough(each: StandingKey, tally: UseTally, facts: SuggestFacts): string[] {
  const { permissions } = new KeyStanding(each, facts);
  if (permissions === 'everything') return [];
  const used = [...tally.useOf(each.key.id).commands.keys()];
  return permissions.filter((name) => {
    const role = facts.findApi(name)?.role;
    if (role === undefined) return false;
    return used.some((command) => {
      const spec = facts.findCommand(command);
      return spec !== undefined && lists(role, spec);
    });
  });
}

/** Why a key can't be narrowed without a denial, or would do more afterwards. */
function whyLeftAsIs(
  standing: KeyStanding,
  { needed, uses, kept }: { needed: readonly string[]; uses: readonly KeyUse[]; kept: readonly string[] },
  { needsEverything, handlesKeys }: SuggestFacts,
): SuggestionNote[] {
  const isAnyIn = (field: 'protectedCommands' | 'beyondItself', name: string): boolean =>
    uses.some((use) => use[field].has(name));
  const { permissions, only } = standing.of.key;
  // SAFE lifts what a key is held to only where it has permissions (held-step.ts).
  const isHeldWithoutApis = permissions.length === 0 && only !== undefined;
  return [
    ...note(
      'needs_everything',
      standing.mayDoEverything
        ? needed.filter((name) => needsEverything.has(name) || isAnyIn('protectedCommands', name))
        : [],
    ),
    ...note('held_apis', [...standing.heldApis(), ...(isHeldWithoutApis ? kept : [])]),
    ...note('admin_apis', standing.adminApis()),
    ...note(
      'handles_keys',
      needed.filter((name) => handlesKeys.has(name) && isAnyIn('beyondItself', name)),
    ),
  ];
}

/** Its addresses are undefined where no ranges can be made of them; empty: none are suggested. */
function suggestLimits(
  standing: KeyStanding,
  tally: UseTally,
  isFixed: boolean,
  { isAlone }: SuggestFacts,
): SuggestedKey {
  const { key, makers } = standing.of;
  const { allowed, lastMs } = tally.useOf(key.id);
  const { addresses, meter } = tally.familyOf(key.id);
  const { peaks } = meter;
  const ranges = addresses && narrowAddresses(addresses, standing.limits.allowedAddresses, maxAddresses);
  // Of a key that was made the limit of the first maker counts.
  const byDefault = makers.length === 0 ? restRateLimit : undefined;
  return {
    ...{ accessKeyId: key.id, user: key.user, uses: allowed, peaks },
    lastMs: allowed === 0 ? undefined : lastMs,
    addresses: isFixed ? [] : ranges,
    // A limit counts over all nodes.
    rateLimit: isFixed || !isAlone ? undefined : limitFor(peaks, key.rateLimit, byDefault),
  };
}
