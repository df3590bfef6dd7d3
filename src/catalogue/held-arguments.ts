import { invalid } from '../errors.js';
import { isSecretName, type CommandSpec } from './command-spec.js';

/**
 * What arguments may be, by the names that the options of commands give them (`--only`, `ONLY`): a command needs an
 * argument of each name, and each place of that name has to hold one of the values.
 */
export type HeldArguments = ReadonlyMap<string, readonly string[]>;

/** The arguments of a request, by place; undefined where one was left out. */
type Args = readonly (string | undefined)[];

/** Of one key or role: names and values together. */
export const maxHeldValues = 64;
export const heldNamePattern = /^[A-Z][A-Z0-9_]{0,31}$/;
/** A name with its values, in any form that may be right (`parseHeld` reads it). */
export const heldTextPattern =
  /^[A-Za-z][A-Za-z0-9_]{0,31}=[A-Za-z0-9_@.:/*][A-Za-z0-9_@.:/+~-]{0,252}(?:,[A-Za-z0-9_@.:/*][A-Za-z0-9_@.:/+~-]{0,252})*$/;
const valuePattern = /^[A-Za-z0-9_@.:/][A-Za-z0-9_@.:/+~-]{0,252}$/;
/** A domain in plain ASCII; `*.` before it stands for one or more labels. */
const domainPattern =
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
const domainName = /(?:^|_)DOMAIN$/;

/** Stands for a text that can't be read. It allows no command. */
export const heldToNothing: HeldArguments = new Map([['', []]]);

/**
 * @param args - undefined: they are not known, so none of them is the held one; `any`: they are still to come
 * @param isSafe - the role that grants the command lists it in SAFE: it needs no such argument
 */
export function isWithin(
  held: HeldArguments,
  { argumentNames }: Pick<CommandSpec, 'argumentNames'>,
  args: Args | 'any' | undefined,
  isSafe: boolean,
): boolean {
  for (const [name, values] of held) {
    const places = placesOf(name, argumentNames);
    if (places.length === 0 ? !isSafe || name === '' : !areHeld(name, values, places, args)) return false;
  }
  return true;
}

/** Of the names of each command's arguments, which live as long as what is known of the command. */
const knownPlaces = new WeakMap<readonly string[], Map<string, readonly number[]>>();

/** Places of arguments that a name holds, counted from 1. A domain is one under a longer name as well: NEW_DOMAIN. */
export function placesOf(name: string, argumentNames: readonly string[]): readonly number[] {
  let ofNames = knownPlaces.get(argumentNames);
  if (ofNames === undefined) knownPlaces.set(argumentNames, (ofNames = new Map<string, readonly number[]>()));
  let places = ofNames.get(name);
  if (places === undefined) {
    const isHeld = (word: string): boolean => word === name || (name === 'DOMAIN' && domainName.test(word));
    places = argumentNames.flatMap((word, index) => (isHeld(word) ? [index + 1] : []));
    ofNames.set(name, places);
  }
  return places;
}

/**
 * A place that was left out moves those behind it forward when the command is run, so what stands there before and after
 * that has to be held.
 */
function areHeld(
  name: string,
  values: readonly string[],
  places: readonly number[],
  args: Args | 'any' | undefined,
): boolean {
  if (args === 'any') return values.length > 0;
  if (args === undefined) return false;
  const closedUp = args.filter((arg) => arg !== undefined);
  return places.every(
    (at) => isHeldTo(name, values, args[at - 1]) && isHeldTo(name, values, closedUp[at - 1]),
  );
}

function isHeldTo(name: string, values: readonly string[], arg: string | undefined): boolean {
  if (arg === undefined) return false;
  if (!domainName.test(name)) return values.includes(arg);
  // Before it is in lower case: some letters beyond ASCII become ASCII there.
  if (!domainPattern.test(arg)) return false;
  const domain = arg.toLowerCase();
  return [domain, withoutWww(domain)].every((each) => values.some((value) => covers(value, each)));
}

/** The panel takes `www.example.com` for `example.com`. */
function withoutWww(domain: string): string {
  return domain.replace(/^(?:www\.)+/, '');
}

/** Whether a value stands for another one as well, or for all that the other stands for. */
function covers(value: string, other: string): boolean {
  return value === other || (value.startsWith('*.') && other.endsWith(value.slice(1)));
}

/** Whether whatever is within the first is within the second. */
export function isNoWiderHeld(held: HeldArguments | undefined, than: HeldArguments | undefined): boolean {
  if (than === undefined) return true;
  return [...than].every(
    ([name, values]) =>
      held?.get(name)?.every((inner) => values.some((outer) => covers(outer, inner))) === true,
  );
}

/** What is within both. */
export function bothHeld(
  one: HeldArguments | undefined,
  other: HeldArguments | undefined,
): HeldArguments | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const both = new Map(one);
  for (const [name, values] of other) {
    const present = one.get(name);
    both.set(name, present === undefined ? values : inBoth(name, present, values));
  }
  return both;
}

/** Without values that no argument could be: the text of what is left has to be one that `readHeld` reads. */
function inBoth(name: string, some: readonly string[], others: readonly string[]): string[] {
  const within = (inner: string, outers: readonly string[]): boolean =>
    outers.some((outer) => covers(outer, inner));
  const inner = [
    ...some.filter((value) => within(value, others)),
    ...others.filter((value) => within(value, some)),
  ];
  return [...new Set(inner)].filter((value) => isReachable(name, value, inner));
}

/**
 * Names with values, each text as `DOMAIN=example.com,*.example.org`; `none` alone takes them away.
 *
 * @throws AppError 2
 */
export function parseHeld(texts: readonly string[]): HeldArguments | null {
  if (texts.length === 1 && texts[0] === 'none') return null;
  const held = new Map<string, string[]>();
  for (const text of texts) {
    const [, name = '', list = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const wanted = name.toUpperCase();
    const problem = problemOfName(wanted);
    if (problem !== undefined) throw invalid(problem);
    const values = list.split(',').map((value) => readValue(wanted, value));
    held.set(wanted, [...new Set([...(held.get(wanted) ?? []), ...values])]);
  }
  const count = [...held.values()].reduce((sum, values) => sum + values.length, 0);
  if (count === 0) throw invalid('expected NAME=VALUE, such as DOMAIN=example.com,*.example.org');
  if (count > maxHeldValues)
    throw invalid(`arguments can be held to at most ${String(maxHeldValues)} values`);
  for (const [name, values] of held) requireReachable(name, values);
  return held;
}

function problemOfName(name: string): string | undefined {
  if (!heldNamePattern.test(name))
    return 'expected NAME=VALUE, such as DOMAIN=example.com,*.example.org, with the name of an argument';
  // It would be stored and shown as it is.
  return isSecretName(name) ? `${name} may be a secret, and no key is held to one` : undefined;
}

function readValue(name: string, text: string): string {
  const value = text.trim();
  if (!domainName.test(name)) {
    if (valuePattern.test(value)) return value;
    throw invalid(
      `${name} can not be held to ${value || 'nothing'}: expected letters, digits and _ @ . : / + ~ -`,
    );
  }
  const domain = value.startsWith('*.') ? value.slice(2) : value;
  if (domainPattern.test(domain)) return value.toLowerCase();
  throw invalid(
    `${name} can not be held to ${value || 'nothing'}: expected a domain in plain ASCII (xn--… for other letters, no dot at its end), or *. before one`,
  );
}

/** A value that no argument could ever be is a mistake. */
function requireReachable(name: string, values: readonly string[]): void {
  for (const value of values) {
    if (isReachable(name, value, values)) continue;
    const bare = withoutWww(value);
    throw invalid(`the panel takes ${value} for ${bare}: hold ${name} to ${bare}`);
  }
}

function isReachable(name: string, value: string, values: readonly string[]): boolean {
  if (!domainName.test(name) || value.startsWith('*.')) return true;
  return values.some((each) => covers(each, withoutWww(value)));
}

/** As it is stored and shown: `DOMAIN=example.com,*.example.org RECORD=www`, the names in their order. */
export function formatHeld(held: HeldArguments): string {
  return heldTexts(held).join(' ');
}

/** The same by name, as `--only` takes each. */
export function heldTexts(held: HeldArguments): string[] {
  return [...held].map(([name, values]) => `${name}=${values.join(',')}`).sort();
}

/** As they can be pasted into a shell: options of commands. */
export function onlyOptions(held: HeldArguments): string {
  return heldTexts(held)
    .map((text) => `--only ${text.includes('*') ? `'${text}'` : text}`)
    .join(' ');
}

/** @throws AppError 2 for a text that `formatHeld` doesn't write */
export function readHeld(text: string): HeldArguments {
  const held = parseHeld(text.split(/[ \t]+/).filter((item) => item !== ''));
  if (held === null) throw invalid('expected NAME=VALUE');
  return held;
}

/** Whether `readHeld` reads what `formatHeld` writes of it: not where no value is left of a name, or there are too many. */
export function isReadable(held: HeldArguments): boolean {
  try {
    readHeld(formatHeld(held));
    return true;
  } catch {
    return false;
  }
}

/** Two that are the same say the same. */
export function isSameHeld(one: HeldArguments | undefined, other: HeldArguments | undefined): boolean {
  return (one && formatHeld(one)) === (other && formatHeld(other));
}
