import { loneSurrogatePattern } from '../../../text/byte-text.js';
import { apiNamePattern, controlPattern, userNamePattern } from '../../../text/names.js';
import { property } from './rest-pipes.js';
import type { Names, Scope, Template } from './rest-template.js';

export const inputTypes = [
  'user',
  'domain',
  'email',
  'password',
  'package',
  'integer',
  'text',
  'word',
  'choice',
] as const;

export type InputType = (typeof inputTypes)[number];

/** A part of the path or a field of the body. */
export interface Input {
  name: string;
  type: InputType;
  isInPath: boolean;
  isRequired: boolean;
  /** What it is where it was left out. */
  byDefault: Template | number | undefined;
  /** For a choice: the list of names that it is one of. */
  names: string | undefined;
}

/** A request that can't be carried out as it is written. */
export interface BadInput {
  message: string;
  field?: string;
}

export const isBadInput = (value: Scope | BadInput): value is BadInput => 'message' in value;

interface Form {
  expected: string;
  /** The value as commands get it; undefined where it is not of that form. */
  read(value: string): unknown;
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const domainPattern = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})+$`);
const localPartPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9_+-])?$/;
const packagePattern = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$/;
const largestInteger = 1_000_000_000;

const matching = (pattern: RegExp) => (value: string) => (pattern.test(value) ? value : undefined);
const printable = (length: number) => (value: string) =>
  value !== '' && value.length <= length && !controlPattern.test(value) ? value : undefined;

const forms: Readonly<Record<Exclude<InputType, 'integer' | 'choice'>, Form>> = {
  user: {
    expected: 'a user name: 1 to 30 letters, digits and _ . - between letters or digits',
    read: matching(userNamePattern),
  },
  domain: {
    expected: 'a domain name such as example.com, at most 253 characters; others than ASCII as xn--…',
    read: readDomain,
  },
  email: { expected: 'an address such as hello@example.com', read: readEmail },
  password: {
    expected: 'a password of 1 to 256 characters, without control characters',
    read: printable(256),
  },
  package: {
    expected: 'the name of a package: 1 to 64 letters, digits, _ . and -',
    read: matching(packagePattern),
  },
  text: { expected: 'a text of 1 to 255 characters, without control characters', read: printable(255) },
  word: { expected: 'a word of 1 to 64 letters, digits, _ and -', read: matching(apiNamePattern) },
};

/**
 * The inputs of a request, checked.
 *
 * @param path - parts of the path, by name
 * @param fields - fields of the body
 * @returns what placeholders stand for, or what is wrong; the message never repeats a value
 */
export function readInputs(
  inputs: readonly Input[],
  names: Names,
  path: ReadonlyMap<string, string>,
  fields: ReadonlyMap<string, unknown>,
): Scope | BadInput {
  const known = new Set(inputs.filter(({ isInPath }) => !isInPath).map(({ name }) => name));
  const unknown = [...fields.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) {
    const shown = unknown.length > 64 ? `${unknown.slice(0, 64)}…` : unknown;
    return { message: `there is no field ${JSON.stringify(shown)} here`, field: shown };
  }
  const scope = new Map<string, unknown>();
  for (const input of inputs) {
    const given = input.isInPath ? path.get(input.name) : fields.get(input.name);
    if (given === undefined || given === null) {
      if (input.isRequired) return { message: `${input.name} is required`, field: input.name };
      continue;
    }
    const value = readValue(input, names, given);
    if (value === undefined) {
      return { message: `${input.name}: expected ${expectation(input, names)}`, field: input.name };
    }
    addTo(scope, input, value);
  }
  return withDefaults(inputs, names, scope);
}

function withDefaults(inputs: readonly Input[], names: Names, given: ReadonlyMap<string, unknown>): Scope {
  const scope = new Map(given);
  for (const input of inputs) {
    if (given.has(input.name) || input.byDefault === undefined) continue;
    const value = typeof input.byDefault === 'number' ? input.byDefault : input.byDefault.text(given, names);
    addTo(scope, input, value);
  }
  return scope;
}

function readValue(input: Input, names: Names, given: unknown): unknown {
  if (input.type === 'integer') return readInteger(given);
  if (typeof given !== 'string' || loneSurrogatePattern.test(given)) return undefined;
  if (input.type === 'choice') return property(names[input.names ?? ''], given);
  return forms[input.type].read(given);
}

function expectation({ type, names: list = '' }: Input, names: Names): string {
  if (type === 'integer') return `a whole number from 0 to ${String(largestInteger)}`;
  if (type === 'choice') return `one of ${Object.keys(names[list] ?? {}).join(', ')}`;
  return forms[type].expected;
}

/** An address is in scope whole, and by its two halves. */
function addTo(scope: Map<string, unknown>, { name, type }: Input, value: unknown): void {
  scope.set(name, value);
  if (type !== 'email' || typeof value !== 'string') return;
  const at = value.lastIndexOf('@');
  scope.set(`${name}.local`, value.slice(0, at)).set(`${name}.domain`, value.slice(at + 1));
}

function readInteger(given: unknown): number | undefined {
  const number = typeof given === 'string' && /^\d{1,10}$/.test(given) ? Number(given) : given;
  if (typeof number !== 'number' || !Number.isInteger(number)) return undefined;
  return number >= 0 && number <= largestInteger ? number : undefined;
}

/** Case says nothing in a domain name. */
function readDomain(value: string): string | undefined {
  const name = value.toLowerCase();
  // A name whose last part is a number is read as an address by some.
  return domainPattern.test(name) && !/\.\d+$/.test(name) ? name : undefined;
}

function readEmail(value: string): string | undefined {
  const at = value.lastIndexOf('@');
  const [local, domain] = [value.slice(0, Math.max(at, 0)), readDomain(value.slice(at + 1))];
  if (at < 1 || domain === undefined || value.length > 254 || local.includes('..')) return undefined;
  return localPartPattern.test(local) ? `${local}@${domain}` : undefined;
}
