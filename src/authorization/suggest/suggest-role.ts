import { lists } from '../../apis/role-file.js';
import { addRole, changeKey, isAsWanted, newApiName, roleLine, wantedRole } from './command-lines.js';
import { KeyStanding, type SuggestFacts } from './key-standing.js';
import { merged, note, usedCommands, type KeyPlan, type SubjectKey } from './plan-key.js';
import type { SuggestedCommand, SuggestedRole, SuggestionNote } from './suggestion.js';
import type { UseTally } from './use-tally.js';

/** The smallest role of one key, and what puts it in place. */
export function suggestForKey(plan: KeyPlan, facts: SuggestFacts): SuggestedRole {
  const { standing, needed, beyond } = plan;
  const { id } = standing.of.key;
  const { api, lines, notes = [] } = linesForKey(plan, facts);
  return {
    ...{ role: roleOf(standing), api, commands: [...needed.values()], unsuggested: plan.unsuggested, beyond },
    isUnrestricted: standing.permissions === 'everything',
    keys: [plan.limits],
    commandLines: lines,
    notes: [
      ...note('unused_keys', plan.isUsed ? [] : [id]),
      ...plan.notes,
      ...notes,
      ...goneNote(plan.unsuggested),
    ],
  };
}

/** One role for all keys of a user. A key that it would give more to is left as it is. */
export function suggestForUser(user: string, plans: readonly KeyPlan[], facts: SuggestFacts): SuggestedRole {
  // What a key needs that can't have the role would only keep it from the others.
  const joint = plans.filter((plan) => canShare(plan));
  const commands = safest(merged(joint.flatMap(({ needed }) => [...needed.values()])), joint);
  const names = new Set(commands.map(({ command }) => command));
  const role = user === facts.rootUser ? 'admin' : 'user';
  const isEmpty = commands.length === 0;
  const { api, lines } = isEmpty
    ? { api: '', lines: [] }
    : addRole(newApiName(user), wantedRole(role, commands), facts);
  const used = plans.filter(({ isUsed }) => isUsed);
  const apart = used.filter((plan) => !fitsAll(plan, commands));
  const changed = used.filter((plan) => !apart.includes(plan) && isNarrowed(plan, names));
  const changes = changed.flatMap(({ limits, kept, standing }) =>
    changeKey(limits, isEmpty ? undefined : [api, ...kept], standing),
  );
  const beyond = new Set(plans.flatMap((plan) => plan.beyond.filter((name) => !names.has(name))));
  const unsuggested = merged(plans.flatMap((plan) => plan.unsuggested)).filter(
    ({ command }) => !names.has(command),
  );
  return {
    ...{ role, api, commands, beyond: [...beyond].sort(), unsuggested },
    isUnrestricted: plans.some(({ standing }) => standing.permissions === 'everything'),
    keys: plans.map(({ limits }) => limits),
    commandLines: changes.length === 0 ? [] : [...lines, ...changes],
    notes: [
      ...note('unused_keys', idsOf(plans.filter(({ isUsed }) => !isUsed))),
      ...note('keys_apart', idsOf(apart)),
      ...mergedNotes(plans.flatMap(({ notes }) => notes)),
      ...goneNote(unsuggested),
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
  // What another API marks as SAFE is no reason to mark it here.
  const isSafe = (name: string): boolean => present?.safe.has(name) === true;
  const commands = merged(needed).map((each) => ({ ...each, isSafe: isSafe(each.command) }));
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
  const role = facts.findApi(api)?.role;
  return usedCommands(tally, key.key.id).flatMap((use) => {
    const command = facts.findCommand(use.command);
    if (command === undefined || role === undefined || !lists(role, command)) return [];
    const [grant, without] = [standing.grantOf(command), standing.grantOf(command, api)];
    const isSafe = grant === 'safe';
    const losesSafe = isSafe && without !== 'safe' && facts.needsSafe.has(use.command);
    return grant !== without && (without === 'none' || losesSafe) ? [{ ...use, isSafe }] : [];
  });
}

function linesForKey(
  { standing, needed, beyond, kept, limits, isUsed, isFixed }: KeyPlan,
  facts: SuggestFacts,
): { api: string; lines: string[]; notes?: SuggestionNote[] } {
  const { key } = standing.of;
  if (!isUsed) return { api: '', lines: key.isSuspended ? [] : [`v-suspend-access-key ${key.id}`] };
  if (isFixed) return { api: '', lines: [] };
  const isSmallest = standing.permissions !== 'everything' && beyond.length === 0;
  if (needed.size === 0 || isSmallest) return { api: '', lines: changeKey(limits, undefined, standing) };
  const makers = restricted(standing.of.makers, facts);
  // A line would name the APIs that the maker has.
  if (!makers.every(({ of }) => facts.maySee(of.key.user)))
    return { api: '', lines: [], notes: [{ code: 'other_users_maker', names: [] }] };
  const { api, lines } = addRole(newApiName(key.id), wantedRole(roleOf(standing), needed.values()), facts);
  // From the first one on: each can have only what its own maker has. What the key can do, each of them can.
  const ofMakers = makers.toReversed().map((maker) => {
    const { id, permissions } = maker.of.key;
    const apis = new Set([...permissions.filter((name) => maker.canHave(name)), api]);
    return `v-change-access-key ${id} PERMISSIONS ${[...apis].join(',')}`;
  });
  return { api, lines: [...lines, ...ofMakers, ...changeKey(limits, [api, ...kept], standing)] };
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

/** Of a key that was made the makers would need the role, too. */
function canShare({ standing, isFixed }: KeyPlan): boolean {
  return !isFixed && standing.of.makers.length === 0;
}

/** Whether the key can have the role of all keys of its user, and is given nothing by it. */
function fitsAll(plan: KeyPlan, commands: readonly SuggestedCommand[]): boolean {
  const { standing, limits } = plan;
  if (!canShare(plan) || limits.uses === 0) return false;
  return commands.every(({ command, isSafe }) => standing.can(command, isSafe));
}

/** Whether the role of all keys of its user would take something from a key. */
function isNarrowed({ standing, needed, beyond }: KeyPlan, names: ReadonlySet<string>): boolean {
  if (standing.permissions === 'everything') return true;
  return needed.size + beyond.length > names.size;
}

/** One note of each kind, about all that those of several keys are about. */
function mergedNotes(notes: readonly SuggestionNote[]): SuggestionNote[] {
  const codes = new Set(notes.map(({ code }) => code));
  return [...codes].flatMap((code) =>
    note(
      code,
      notes.flatMap((each) => (each.code === code ? each.names : [])),
    ),
  );
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
