import { lists } from '../../apis/role-file.js';
import { commandNamePattern } from '../../text/names.js';
import { maxAddresses } from '../../keys/limits/key-limits.js';
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
import type { UseTally } from './use-tally.js';

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
    if (grant !== 'none') needed.set(use.command, { ...use, isSafe: grant === 'safe' });
    else unsuggested.push({ ...use, why: command === undefined ? 'unknown' : 'not_granted' });
  }
  const kept = [...new Set(made.flatMap((each) => keptFor(each, tally, facts)))].sort();
  const rootUserCommands = new Set(users.flatMap((each) => [...tally.useOf(each).rootUserCommands]));
  const onlyUnrestricted = needingEverything(standing, needed.keys(), rootUserCommands, facts);
  const held = standing.heldApis();
  const isFixed = onlyUnrestricted.length > 0 || held.length > 0;
  const limits = suggestLimits(standing, tally, isFixed, facts);
  return {
    ...{ standing, needed, unsuggested, kept, limits, isFixed },
    isUsed: [id, ...made.map(({ key }) => key.id)].some((each) => tally.useOf(each).allowed > 0),
    beyond: facts.commandNames.filter((name) => !needed.has(name) && standing.can(name)),
    notes: [
      ...note('needs_everything', onlyUnrestricted),
      ...note('held_apis', held),
      ...note('kept_for_made_keys', kept),
      ...note(
        'makes_keys',
        needed.has('v-add-access-key') && standing.permissions !== 'everything' ? [id] : [],
      ),
      ...note('addresses_open', tally.familyOf(id).addresses === undefined ? [id] : []),
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

/** The APIs through which a made key does what it does: it has none of them without its maker. */
function keptFor(each: StandingKey, tally: UseTally, facts: SuggestFacts): string[] {
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

function needingEverything(
  standing: KeyStanding,
  needed: Iterable<string>,
  rootUserCommands: ReadonlySet<string>,
  { needsEverything }: SuggestFacts,
): string[] {
  if (!standing.mayDoEverything) return [];
  return [...needed].filter((name) => needsEverything.has(name) || rootUserCommands.has(name));
}

function suggestLimits(
  standing: KeyStanding,
  tally: UseTally,
  isFixed: boolean,
  { isAlone }: SuggestFacts,
): SuggestedKey {
  const { key } = standing.of;
  const { allowed, lastMs } = tally.useOf(key.id);
  const { addresses, meter } = tally.familyOf(key.id);
  const { peaks } = meter;
  const ranges =
    isFixed || addresses === undefined
      ? undefined
      : narrowAddresses(addresses, standing.limits.allowedAddresses, maxAddresses);
  return {
    ...{ accessKeyId: key.id, user: key.user, uses: allowed, peaks },
    lastMs: allowed === 0 ? undefined : lastMs,
    addresses: ranges?.length === 0 ? undefined : ranges,
    // A limit counts over all nodes.
    rateLimit: isFixed || !isAlone ? undefined : limitFor(peaks, key.rateLimit),
  };
}
