/** `{ACCESS_KEY_ID}`, `{SECRET}`, `{API_KEY}`, `{TIME}`, `{DATE}` and `{REPEAT:A:50000}` in recorded texts. */
import { randomInt } from 'node:crypto';

const FORMS: Readonly<Record<string, string>> = {
  ACCESS_KEY_ID: '[0-9A-Za-z]{20}',
  SECRET: '[0-9A-Za-z_=-]{40}',
  API_KEY: '[0-9A-Za-z_-]{32}',
  TIME: '\\d{2}:\\d{2}:\\d{2}',
  DATE: '\\d{4}-\\d{2}-\\d{2}',
};
const PLACEHOLDER = /\{((?:ACCESS_KEY_ID|SECRET|API_KEY|TIME|DATE)(?:_\d+)?)\}/g;
const REPEAT = /\{REPEAT:([^{}]+?):(\d+)\}/g;

/** When the case ran: what a clock may have shown, and whether more than one moment may be shown. */
export interface RunWindow {
  readonly from: Date;
  readonly until: Date;
  /** Commands ran before the case, so what they made may be a second older than what the case made. */
  readonly severalMoments: boolean;
}

/** The values that the placeholders of one case stand for. */
export class Bindings {
  readonly #values: Map<string, string>;
  readonly window: RunWindow | undefined;

  constructor(window?: RunWindow, values: Iterable<readonly [string, string]> = []) {
    this.window = window;
    this.#values = new Map(values);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  /** A copy that can be filled while an answer is tried, and thrown away if it doesn't fit. */
  copy(window = this.window): Bindings {
    return new Bindings(window, this.#values);
  }

  adopt(other: Bindings): void {
    for (const [name, value] of other.#values) this.#values.set(name, value);
  }

  /** Whether another placeholder of the same kind has this value already. */
  isTaken(name: string, value: string): boolean {
    return [...this.#values].some(
      ([other, taken]) => other !== name && kindOf(other) === kindOf(name) && taken === value,
    );
  }
}

/** Writes out `{REPEAT:A:50000}`. */
export function writeOutRepeats(text: string): string {
  return text.replace(REPEAT, (_whole, what: string, count: string) => what.repeat(Number(count)));
}

/**
 * Puts values in the place of placeholders, for arguments and bodies that are sent. A value that no command
 * of the set-up made is made up: of the right form, and belonging to no key.
 */
export function fillIn(
  text: string,
  bindings: Bindings,
  encode: (value: string) => string = (value) => value,
): string {
  return writeOutRepeats(text).replace(PLACEHOLDER, (_whole, name: string) => {
    const value = bindings.get(name) ?? madeUp(name);
    bindings.set(name, value);
    return encode(value);
  });
}

/**
 * Whether `seen` is the recorded text, with any value of the right form for a placeholder, the same one
 * throughout. Values that were met for the first time are kept in `bindings`, which is only to be used on success.
 */
export function fits(expected: string, seen: string, bindings: Bindings): boolean {
  const written = writeOutRepeats(expected);
  const names: string[] = [];
  const groups = new Map<string, number>();
  let pattern = '';
  let end = 0;
  for (const found of written.matchAll(PLACEHOLDER)) {
    pattern += escaped(written.slice(end, found.index));
    end = found.index + found[0].length;
    const name = found[1] ?? '';
    const group = groups.get(name);
    const free = isClock(name) && bindings.window?.severalMoments === true;
    const known = free ? undefined : bindings.get(name);
    if (known !== undefined) pattern += escaped(known);
    else if (group !== undefined && !free) pattern += `(?:\\${group})`;
    else {
      groups.set(name, names.push(name));
      pattern += `(${FORMS[kindOf(name)] ?? ''})`;
    }
  }
  if (names.length === 0 && end === 0) return written === seen;
  const match = new RegExp(`^${pattern}${escaped(written.slice(end))}$`, 'su').exec(seen);
  return match !== null && names.every((name, index) => keep(name, match[index + 1] ?? '', bindings));
}

/** The form of one placeholder's value. */
export function hasFormOf(name: string, value: string): boolean {
  return new RegExp(`^${FORMS[kindOf(name)] ?? '(?!)'}$`, 'u').test(value);
}

function keep(name: string, value: string, bindings: Bindings): boolean {
  if (isClock(name)) {
    if (bindings.window !== undefined && !clockValues(bindings.window).has(value)) return false;
  } else if (bindings.isTaken(name, value)) return false;
  bindings.set(name, value);
  return true;
}

/** Every time and date, in the local zone, that a clock may have shown in the window and the second around it. */
function clockValues(window: RunWindow): ReadonlySet<string> {
  const values = new Set<string>();
  for (let at = window.from.getTime() - 1000; at <= window.until.getTime() + 1000; at += 500) {
    const moment = new Date(at);
    const two = (part: number) => String(part).padStart(2, '0');
    values.add([moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(':'));
    values.add([String(moment.getFullYear()), two(moment.getMonth() + 1), two(moment.getDate())].join('-'));
  }
  return values;
}

function madeUp(name: string): string {
  const length = { ACCESS_KEY_ID: 20, SECRET: 40, API_KEY: 32 }[kindOf(name)];
  if (length === undefined) return kindOf(name) === 'TIME' ? '00:00:00' : '2000-01-01';
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function kindOf(name: string): string {
  return name.replace(/_\d+$/, '');
}

function isClock(name: string): boolean {
  return kindOf(name) === 'TIME' || kindOf(name) === 'DATE';
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
