/** What a placeholder's value can go through, by name: `{disk.used|size}`, `{key|of:domains|first_key}`. */

export interface Pipe {
  /** How many words follow its name; they are between colons. */
  words: number;
  /** Places among those words that are looked up before, as placeholders are. */
  paths?: readonly number[];
  /** Places among those words that are the name of one of the table's `names`. */
  names?: readonly number[];
  /** @param words - what was looked up, where the word was a path; the list of names, where it was a name */
  apply(value: unknown, words: readonly unknown[]): unknown;
}

export const pipes: Readonly<Record<string, Pipe>> = {
  number: { words: 0, apply: numberOf },
  boolean: { words: 0, apply: (value) => value === 'yes' || value === true },
  yes_no: { words: 2, apply: (value, [yes, no]) => (value === 'yes' ? yes : value === 'no' ? no : null) },
  first: { words: 0, apply: (value) => (Array.isArray(value) ? (value as unknown[])[0] : null) },
  last: { words: 0, apply: (value) => (Array.isArray(value) ? (value as unknown[]).at(-1) : null) },
  first_key: { words: 0, apply: (value) => keysOf(value)[0] ?? null },
  first_word: { words: 0, apply: (value) => textOf(value).trim().split(/\s+/)[0] ?? null },
  /** The entry of that name in a result. */
  of: { words: 1, paths: [0], apply: (value, [object]) => property(object, textOf(value)) },
  zero_means: { words: 1, apply: (value, [word]) => (numberOf(value) === 0 ? word : value) },
  percent_of: { words: 1, paths: [0], apply: percentOf },
  megabytes: { words: 0, apply: megabytes },
  size: { words: 0, apply: size },
  minutes: { words: 0, apply: (value) => spanOf(value, 3) },
  minutes_short: { words: 0, apply: (value) => spanOf(value, 2) },
  /** What the table calls something that commands call otherwise; what it has no name for stays. */
  name_in: { words: 1, names: [0], apply: nameIn },
  domain_type: { words: 1, paths: [0], apply: domainType },
};

/** A property of the value's own; never one that every object has. */
export function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** A value as a text within a text; what is no text, number or truth value is none. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function numberOf(value: unknown): number | null {
  const text = textOf(value).trim();
  return /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : null;
}

function percentOf(value: unknown, [whole]: readonly unknown[]): number | null {
  const [part, all] = [quantityOf(value), quantityOf(whole)];
  return part === null || all === null || all <= 0 ? null : Math.round((100 * part) / all);
}

/** A number, or a size as `df -h` prints it: in bytes. */
function quantityOf(value: unknown): number | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([KMGTP])$/.exec(textOf(value).trim()) ?? [];
  if (number === undefined) return numberOf(value);
  return Number(number) * 1024 ** (1 + 'KMGTP'.indexOf(unit));
}

/** Megabytes as people read them; a word such as `unlimited` stays. */
function megabytes(value: unknown): string | null {
  const count = numberOf(value);
  if (count === null) return textOf(value) === '' ? null : textOf(value);
  return count < 1024 ? `${String(count)} MB` : `${String(Math.round(count / 102.4) / 10)} GB`;
}

/** `5.7G`, as `df -h` prints it. */
function size(value: unknown): string | null {
  const match = /^(\d+(?:\.\d+)?)([KMGTP]?)i?B?$/.exec(textOf(value));
  return match === null ? null : `${match[1] ?? ''} ${match[2] ?? ''}B`;
}

/** Minutes as days, hours and minutes: the largest unit that there is, and the ones after it. */
function spanOf(value: unknown, units: number): string | null {
  const minutes = numberOf(value);
  if (minutes === null || minutes < 0) return null;
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [Math.floor(minutes) % 60, 'm'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + units);
  return shown.map(([count, unit]) => `${String(count)}${unit}`).join(' ');
}

function nameIn(value: unknown, [names]: readonly unknown[]): unknown {
  return keysOf(names).find((name) => property(names, name) === value) ?? value;
}

/** The first domain of an account is its main one; one below another of the account's is a subdomain. */
function domainType(value: unknown, [domains]: readonly unknown[]): string {
  const [domain, all] = [textOf(value), keysOf(domains)];
  if (all[0] === domain) return 'main';
  return all.some((other) => domain.endsWith(`.${other}`)) ? 'subdomain' : 'addon';
}
