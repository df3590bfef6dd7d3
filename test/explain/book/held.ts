/** Arguments that keys and roles are held to (docs/access-keys.md, "Keys held to arguments"). */
import type { Only } from '../world.js';
import { chainOf, type Grants, type Granting } from './grants.js';
import { isHeldTo } from './commands.js';
import type { Known } from './reasons.js';

type Asked = Pick<Known, 'args' | 'options' | 'isOpen'>;

/** A role that grants the command lets these arguments through, together with the key and all that made it. */
export function waysThrough(known: Known): readonly Granting[] {
  const { grants, command, places, isOfUser, args, world } = known;
  const isSaid = args !== undefined || known.isOpen === true;
  const isOfAdministrator =
    isOfUser && grants.roles.some((role) => role.isForOthers && role.commands.has(command));
  const ofKeys = chainOf(known.world).filter(({ only }) => only !== undefined);
  const granting = grantingOf(grants, command);
  const ways = granting.length > 0 ? granting : [nobody];
  const safe = ways.filter((way) => way.safe.has(command));
  // Without USER a user's key needs a role that has it in SAFE.
  const needsSafe = isOfUser && !isOfAdministrator && places.length === 0 && safe.length > 0;
  // Of an administrator's roles each has to let the key name that user by itself.
  const lets = (way: Granting): boolean =>
    (way.isForOthers && isSaid) ||
    (places.length > 0
      ? args === undefined || isHeldTo(world.key!.user, places, args)
      : way.safe.has(command));
  const possible = needsSafe ? safe : isOfAdministrator ? ways.filter(lets) : ways;
  return possible.filter((way) => {
    const isSafe = way.safe.has(command);
    // SAFE says nothing for a key that has no role.
    const byKeys = ofKeys.every(({ only, permissions }) =>
      areAllowed(only!, known, isSafe && permissions.length > 0),
    );
    const byRole = way.only.every((only) => areAllowed(only, known, isSafe));
    // What may still be anything can be nothing where a file and its shared copy have nothing in common.
    return byKeys && byRole && (args !== undefined || haveCommon(way.only, known));
  });
}

/** Whether an argument of that name may have this value, as far as one key says. */
export function letsThrough(only: Only | undefined, name: string, value: string): boolean {
  return only === undefined || areAllowed(only, { args: [value], options: name }, true);
}

/** Whether anybody holds the arguments of this command to something. */
export function isHeldByAnybody({ grants, command, world }: Known): boolean {
  const isByKey = chainOf(world).some(({ only }) => only !== undefined);
  const roles = grantingOf(grants, command);
  const isMixed =
    world.key?.user !== world.rootUser && new Set(roles.map(({ isForOthers }) => isForOthers)).size > 1;
  return isByKey || isMixed || roles.some(({ only }) => only.length > 0);
}

const nobody: Granting = { commands: new Set(), safe: new Set(), only: [], isForOthers: false };

function grantingOf({ permissions, roles }: Grants, command: string): readonly Granting[] {
  return permissions === 'everything' ? [nobody] : roles.filter(({ commands }) => commands.has(command));
}

function areAllowed(only: Only, { args, options = '', isOpen = false }: Asked, isSafe: boolean): boolean {
  return Object.entries(only).every(([name, values]) => {
    const indexes = indexesOf(name, options);
    if (indexes.length === 0) return isSafe;
    if (args === undefined) return isOpen;
    const run = args.filter((arg) => arg !== undefined);
    const seen = indexes.flatMap((index) => [args[index], run[index]]);
    return seen.every((arg) => isAmongValues(name, values, arg));
  });
}

/** Places of the arguments that the name holds. */
function indexesOf(name: string, options: string): readonly number[] {
  const words = options.split(' ').map((word) => word.replaceAll(/[[\]]/g, ''));
  const isOne = (word: string): boolean =>
    word === name || (name === 'DOMAIN' && (word === 'NEW_DOMAIN' || word === 'TARGET_DOMAIN'));
  return [...words.keys()].filter((index) => isOne(words[index]!));
}

/** Whether each argument that several hold has a value that all of them allow. */
function haveCommon(held: readonly Only[], { options = '' }: Asked): boolean {
  const names = new Set(held.flatMap((only) => Object.keys(only)));
  return [...names].every((name) => {
    if (indexesOf(name, options).length === 0) return true;
    const lists = held.flatMap((only) => (only[name] === undefined ? [] : [only[name]]));
    if (new Set(lists).size < 2) return true;
    const words = lists.flat().map((value) => value.replace('*', 'a'));
    return words.some((word) => lists.every((values) => isAmongValues(name, values, word)));
  });
}

function isAmongValues(name: string, values: readonly string[], arg: string | undefined): boolean {
  if (arg === undefined) return false;
  if (name !== 'DOMAIN') return values.includes(arg);
  const labels = labelsOf(arg);
  if (labels === undefined) return false;
  const asPanelTakesIt = labels.slice(labels.findIndex((label) => label !== 'www'));
  return [labels, asPanelTakesIt].every((each) => values.some((value) => standsFor(value, each)));
}

/** Undefined: it is no domain in plain ASCII. */
function labelsOf(text: string): readonly string[] | undefined {
  const labels = text.split('.');
  const areLabels = labels.every((label) => /^[a-z0-9]+(?:-+[a-z0-9]+)*$/.test(inLowerCase(label)));
  return areLabels ? labels.map(inLowerCase) : undefined;
}

function inLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

function standsFor(value: string, labels: readonly string[]): boolean {
  const [first, ...rest] = value.split('.');
  if (first !== '*') return value === labels.join('.');
  return labels.length > rest.length && labels.slice(-rest.length).join('.') === rest.join('.');
}
