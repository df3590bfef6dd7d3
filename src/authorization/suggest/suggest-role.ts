import { addRole, changeKey, isAsWanted, roleLine, wantedRole } from './command-lines.js';
import { KeyStanding, type SuggestFacts } from './key-standing.js';
import { merged, note, usedCommands, type KeyPlan, type SubjectKey } from './plan-key.js';
import type { SuggestedCommand, SuggestedRole } from './suggestion.js';
import type { UseTally } from './use-tally.js';

/** The smallest role of one key, and what puts it in place. */
export function suggestForKey(plan: KeyPlan, facts: SuggestFacts): SuggestedRole {
  const { standing, needed, beyond } = plan;
  const { id } = standing.of.key;
  const lacking = makersLacking(plan, facts);
  const { api, lines } = linesForKey(plan, lacking, facts);
  return {
    ...{ role: roleOf(standing), api, commands: [...needed.values()], unsuggested: plan.unsuggested, beyond },
    isUnrestricted: standing.permissions === 'everything',
    keys: [plan.limits],
    commandLines: lines,
    notes: [
      ...note('unused_keys', plan.isUsed ? [] : [id]),
      ...plan.notes,
      ...note('maker_lacks', lacking),
      ...goneNote(plan.unsuggested),
    ],
  };
}

/** One role for all keys of a user. A key that it would give more to is left as it is. */
export function suggestForUser(user: string, plans: readonly KeyPlan[], facts: SuggestFacts): SuggestedRole {
  const commands = merged(plans.flatMap(({ needed }) => [...needed.values()]));
  const names = new Set(commands.map(({ command }) => command));
  const role = user === facts.rootUser ? 'admin' : 'user';
  const { api, lines } = addRole(`use-${user}`, wantedRole(role, safest(commands, plans)), facts);
  const used = plans.filter(({ isUsed }) => isUsed);
  const apart = used.filter((plan) => !fitsAll(plan, names));
  const changed = used.filter((plan) => !apart.includes(plan) && isNarrowed(plan, names));
  const changes = changed.flatMap(({ limits, kept, standing }) =>
    changeKey(limits, [...new Set([api, ...kept])], standing.limits),
  );
  const beyond = new Set(plans.flatMap((plan) => plan.beyond.filter((name) => !names.has(name))));
  return {
    ...{ role, api, commands: safest(commands, plans), beyond: [...beyond].sort() },
    unsuggested: merged(plans.flatMap(({ unsuggested }) => unsuggested)).filter(
      ({ command }) => !names.has(command),
    ),
    isUnrestricted: plans.some(({ standing }) => standing.permissions === 'everything'),
    keys: plans.map(({ limits }) => limits),
    commandLines: changes.length === 0 ? [] : [...lines, ...changes],
    notes: [
      ...note('unused_keys', idsOf(plans.filter(({ isUsed }) => !isUsed))),
      ...note('keys_apart', idsOf(apart)),
      ...plans.flatMap(({ notes }) => notes),
    ],
  };
}

/**
 * The least that an API role has to grant so that nothing is denied to the keys that have it.
 *
 * @param needed - by each of these keys
 * @param unused - those that were not used
 */
export function suggestForApi(
  api: string,
  needed: readonly SuggestedCommand[],
  unused: readonly string[],
  facts: SuggestFacts,
): SuggestedRole {
  const present = facts.findApi(api)?.role;
  const commands = merged(needed);
  const names = new Set(commands.map(({ command }) => command));
  const role = present?.role ?? 'user';
  const wanted = wantedRole(role, commands);
  // What is built in can't be changed.
  const isThere = present === undefined || present.isReadOnlyApi === true || isAsWanted(present, wanted);
  const change = commands.length === 0 ? `v-delete-api ${api}` : roleLine('v-change-api', api, wanted);
  return {
    ...{ role, api, commands, unsuggested: [], isUnrestricted: false, keys: [] },
    beyond: [...(present?.commands ?? [])].filter((name) => !names.has(name)).sort(),
    commandLines: isThere ? [] : [change],
    notes: note('unused_keys', unused),
  };
}

/** What a key could not do without this API. */
export function neededThrough(
  api: string,
  key: SubjectKey,
  tally: UseTally,
  facts: SuggestFacts,
): SuggestedCommand[] {
  const standing = new KeyStanding(key, facts);
  return usedCommands(tally, key.key.id).flatMap((use) => {
    const command = facts.findCommand(use.command);
    if (command === undefined) return [];
    const grant = standing.grantOf(command);
    if (grant === 'none' || standing.grantOf(command, api) !== 'none') return [];
    return [{ ...use, isSafe: grant === 'safe' }];
  });
}

function linesForKey(
  plan: KeyPlan,
  lacking: readonly string[],
  facts: SuggestFacts,
): { api: string; lines: string[] } {
  const { standing, needed, beyond, kept, limits, isUsed, isFixed } = plan;
  const { key, makers } = standing.of;
  if (!isUsed) return { api: '', lines: key.isSuspended ? [] : [`v-suspend-access-key ${key.id}`] };
  if (isFixed || lacking.length > 0) return { api: '', lines: [] };
  const isSmallest = standing.permissions !== 'everything' && beyond.length === 0;
  if (needed.size === 0 || isSmallest)
    return { api: '', lines: changeKey(limits, undefined, standing.limits) };
  const { api, lines } = addRole(`use-${key.id}`, wantedRole(roleOf(standing), needed.values()), facts);
  // From the first one on: each can have only what its own maker has.
  const ofMakers = restricted(makers, facts)
    .toReversed()
    .map((maker) => {
      const apis = new Set([...maker.usableApis(), api]);
      return `v-change-access-key ${maker.of.key.id} PERMISSIONS ${[...apis].join(',')}`;
    });
  return { api, lines: [...lines, ...ofMakers, ...changeKey(limits, [api, ...kept], standing.limits)] };
}

/** Makers that can't run all that the key needs: to give it to them would make them wider. */
function makersLacking({ standing, needed }: KeyPlan, facts: SuggestFacts): string[] {
  const lacking = restricted(standing.of.makers, facts).filter((maker) =>
    [...needed.keys()].some((name) => !maker.can(name)),
  );
  return lacking.map(({ of }) => of.key.id);
}

/** Of the makers of a key those whose APIs count for it. */
function restricted(makers: readonly SubjectKey['makers'][number][], facts: SuggestFacts): KeyStanding[] {
  const standings = makers.map(
    (key, index) => new KeyStanding({ key, makers: makers.slice(index + 1) }, facts),
  );
  return standings.filter(({ of: { key } }) => key.user !== facts.rootUser || key.permissions.length > 0);
}

/** A command stands in SAFE where one of the keys needs it so. */
function safest(commands: readonly SuggestedCommand[], plans: readonly KeyPlan[]): SuggestedCommand[] {
  return commands.map((each) => ({
    ...each,
    isSafe: plans.some(({ needed }) => needed.get(each.command)?.isSafe === true),
  }));
}

/** Whether the key can have the role of all keys of its user, and is given nothing by it. */
function fitsAll({ standing, limits, isFixed }: KeyPlan, names: ReadonlySet<string>): boolean {
  if (isFixed || limits.uses === 0 || standing.of.makers.length > 0) return false;
  return [...names].every((name) => standing.can(name));
}

/** Whether the role of all keys of its user would take something from a key. */
function isNarrowed({ standing, needed, beyond }: KeyPlan, names: ReadonlySet<string>): boolean {
  if (standing.permissions === 'everything') return true;
  return needed.size + beyond.length > names.size;
}

function goneNote(unsuggested: KeyPlan['unsuggested']) {
  return note(
    'command_gone',
    unsuggested.map(({ command }) => command),
  );
}

function roleOf({ isRootUser }: KeyStanding): 'admin' | 'user' {
  return isRootUser ? 'admin' : 'user';
}

function idsOf(plans: readonly KeyPlan[]): string[] {
  return plans.map(({ limits }) => limits.accessKeyId);
}
