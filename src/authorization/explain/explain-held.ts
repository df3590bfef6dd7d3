import { lists } from '../../apis/role-file.js';
import {
  isWithin,
  onlyOptions,
  parseHeld,
  placesOf,
  type HeldArguments,
} from '../../catalogue/held-arguments.js';
import { grantsTo } from '../held-step.js';
import type { CommandQuestion } from '../decision-steps.js';
import type { StepState, Told, ToldFrom } from './explanation.js';
import type { HeldTold } from './texts/why.js';
import { filesOf, keyField, quoted } from './told-parts.js';

/** Who holds arguments to values: the key, one that made it, or a role that grants the command. */
interface Holder {
  by: 'key' | 'maker' | 'role';
  /** Of a maker or a role. */
  name: string;
  only: HeldArguments;
  isSafe: boolean;
}

type Remedy = NonNullable<Told['remedy']>;

/** Which arguments are held to what, and what was sent in their places. */
export function tellHeld(question: CommandQuestion, from: ToldFrom, state: StepState): Told {
  const holders = holdersOf(question, from);
  const ofRoles = holders.filter(({ by }) => by === 'role');
  const source =
    ofRoles.length === holders.length && holders.length > 0
      ? filesOf(
          ofRoles.map(({ name }) => name),
          from.facts,
        )
      : keyField('--only');
  if (holders.length === 0) return { why: { code: 'held_none', params: {} }, source };
  const { args } = from.asked;
  const held = holders.flatMap((holder) => heldOf(holder, question, args));
  return {
    why: { code: 'held', params: { held, isOpen: args === undefined } },
    source,
    ...(state === 'denied' && { remedy: remedyOf(holders, question, from) }),
  };
}

function holdersOf(
  { key, permissions, command, isRootUser, isAdministrator, grant }: CommandQuestion,
  { facts: { makers = [], findApi } }: ToldFrom,
): Holder[] {
  const ofKeys = [key, ...makers].flatMap(({ id, only }): Holder[] => {
    const isOwn = id === key.id;
    if (only === undefined) return [];
    return [{ by: isOwn ? 'key' : 'maker', name: isOwn ? '' : id, only, isSafe: grant === 'safe' }];
  });
  const names = permissions === 'everything' ? [] : permissions;
  const ofRoles = names.flatMap((name): Holder[] => {
    const role = findApi(name)?.role;
    if (role?.only === undefined || !grantsTo(role, { isRootUser, isAdministrator }) || !lists(role, command))
      return [];
    return [{ by: 'role', name, only: role.only, isSafe: role.safe.has(command.name) }];
  });
  return [...ofKeys, ...ofRoles];
}

function heldOf(
  { by, name: holder, only, isSafe }: Holder,
  { command }: CommandQuestion,
  args: readonly string[] | undefined,
): HeldTold[] {
  return [...only].map(([argument, values]) => {
    const at = placesOf(argument, command.argumentNames);
    const sent = at.map((place) => {
      const arg = args?.[place - 1];
      return arg === undefined ? '' : quoted(arg);
    });
    return { by, holder, argument, values, at, sent: args === undefined ? [] : sent, isSafe };
  });
}

/** Other arguments always; and the command that lets these ones be, where it can. */
function remedyOf(holders: readonly Holder[], question: CommandQuestion, from: ToldFrom): Remedy {
  const { command } = question;
  const { args } = from.asked;
  const refuses = (holder: Holder): boolean => !isWithin(holder.only, command, args ?? 'any', holder.isSafe);
  const holder = holders.find(refuses);
  const wanted = holder && widened(holder, question, args);
  if (holder === undefined || wanted === undefined)
    return { code: 'held_arguments', params: { command: '' } };
  const only = wanted === null ? '--only none' : onlyOptions(wanted);
  if (holder.by !== 'role') {
    const id = holder.by === 'key' ? question.key.id : holder.name;
    return { code: 'held_arguments', params: { command: `v-change-access-key ${id} ${only}` } };
  }
  const role = from.facts.findApi(holder.name)?.role;
  const [commands, safe] = [[...(role?.commands ?? [])], [...(role?.safe ?? [])]];
  const listed = [commands, safe.filter((name) => commands.includes(name))].filter(
    ({ length }) => length > 0,
  );
  const change = [
    'v-change-api',
    holder.name,
    role?.role ?? 'user',
    ...listed.map((names) => names.join()),
    only,
  ];
  return { code: 'held_arguments', params: { command: change.join(' ') } };
}

/** @returns null: nothing is left to be held; undefined: it is not what is held that is wrong */
function widened(
  { only, isSafe }: Holder,
  { command }: CommandQuestion,
  args: readonly string[] = [],
): HeldArguments | null | undefined {
  const texts = [...only].flatMap(([name, values]) => {
    const places = placesOf(name, command.argumentNames);
    if (places.length === 0 && !isSafe) return [];
    const sent = places.flatMap((place) => args[place - 1] ?? []);
    return [`${name}=${[...values, ...sent].join(',')}`];
  });
  if (texts.length === 0) return null;
  try {
    const wanted = parseHeld(texts);
    return wanted !== null && isWithin(wanted, command, args, isSafe) ? wanted : undefined;
  } catch {
    return undefined; // what was sent is no value
  }
}
