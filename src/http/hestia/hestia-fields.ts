import { isUtf8 } from 'node:buffer';
import { loneSurrogatePattern } from '../../text/byte-text.js';
import { detachString } from '../../text/names.js';
import { decodeText, malformedBody } from '../body/body-bounds.js';
import { readForm } from '../body/form-body.js';
import { isWithinBounds, usualBounds } from '../body/json-bounds.js';
import { trimWhiteSpace } from '../../text/white-space.js';
import { readMultipart } from '../body/multipart.js';

/** The fields of a request in Hestia's dialect: texts by name. */
export class HestiaFields {
  private readonly hasStructured: boolean;

  /** @param values - `null` stands for a field that is no text, such as an array or an object */
  constructor(private readonly values: ReadonlyMap<string, string | null>) {
    this.hasStructured = [...values.values()].includes(null);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** The text of a field; empty where it is missing or has none. */
  text(name: string): string {
    const value = this.values.get(name) ?? '';
    if (!trimmedNames.has(name)) return value;
    const text = trimWhiteSpace(value);
    return text.length === value.length ? text : ownIfShort(text);
  }

  /** Whether any of these fields holds more than a text. */
  anyStructured(names: readonly string[]): boolean {
    return this.hasStructured && names.some((name) => this.values.get(name) === null);
  }

  /**
   * `arg1` to `arg13` by place; undefined where one is missing.
   *
   * @param credentialPlaces - where the command takes a credential, counted from 1 without the missing ones: its text
   *   is not trimmed
   */
  args(credentialPlaces: readonly number[] = []): readonly (string | undefined)[] {
    const args: (string | undefined)[] = [];
    let endsUpAt = 0;
    for (const [index, name] of argNames.entries()) {
      if (!this.values.has(name)) continue;
      endsUpAt += 1;
      args[index] = credentialPlaces.includes(endsUpAt) ? (this.values.get(name) ?? '') : this.text(name);
    }
    return Array.from(args); // a place that was left out is undefined, not a hole
  }
}

export const argNames = Array.from({ length: 13 }, (_, index) => `arg${String(index + 1)}`);

const credentialNames = ['access_key', 'secret_key', 'hash', 'user'];

/**
 * White space round these doesn't count, as on Hestia's page; every other field counts as it was sent. Hestia trims
 * `secret_key` as well: here no secret and no password is trimmed, wherever it comes in.
 */
const trimmedNames: ReadonlySet<string> = new Set(['access_key', 'cmd', ...argNames]);

/** Names and credentials, which are kept in many places, are no longer: characters. */
const ownLength = 256;

/** How the text of an object begins, also behind a byte order mark. */
const objectPattern = /^(?:\xef\xbb\xbf)?[ \t\r\n]*(?:\{|$)/;

type Values = Map<string, string | null>;

/**
 * Reads a body as Hestia's page does: a form where the type says so, JSON under any type but multipart.
 *
 * @returns undefined when there is nothing in it that names somebody
 * @throws AppError 2 when it is larger than a parser may take, or is cut off
 */
export async function readHestiaFields(
  contentType: string | undefined,
  body: Buffer,
): Promise<HestiaFields | undefined> {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'multipart/form-data') {
    return naming(bracketsAsStructures((await readMultipart(contentType ?? '', body)) ?? []));
  }
  const pairs = type === 'application/x-www-form-urlencoded' ? await readForm(body) : [];
  const form = pairs && naming(bracketsAsStructures(pairs));
  const found = form ?? naming(await readJson(body));
  if (found === undefined && pairs === undefined) throw malformedBody();
  return found;
}

/** Undefined where nobody is named: such a body may be meant as something else. */
function naming(values: Values | undefined): HestiaFields | undefined {
  if (values === undefined || !credentialNames.some((name) => values.has(name))) return undefined;
  return new HestiaFields(values);
}

/** `name[]=x` and `name[a]=x` are an array called `name`. */
function bracketsAsStructures(pairs: Iterable<[string, string]>): Values {
  const values: Values = new Map();
  for (const [name, value] of pairs) {
    const bracket = name.indexOf('[');
    if (bracket > 0) values.set(name.slice(0, bracket), null);
    else values.set(name, ownIfShort(value));
  }
  return values;
}

async function readJson(body: Buffer): Promise<Values | undefined> {
  if (!objectPattern.test(body.toString('latin1', 0, 1024))) return undefined;
  // Hestia's page doesn't read what is too deep for it, either, and says the same.
  if (!(await isWithinBounds(body, usualBounds))) return undefined;
  const text = (await decodeText(body)).replace(/^\uFEFF/, '');
  const isText = isUtf8(body);
  // Half a character beside bytes that are none could be taken for one.
  if (!isText && halfCharacterPattern.test(text)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const values: Values = new Map();
  for (const [name, value] of Object.entries(parsed)) {
    if (value !== null) values.set(name, jsonText(value, isText));
  }
  return values;
}

/** `\ud83d` and the like: two such escapes are a character. */
const halfCharacterPattern = /\\u[dD][89a-fA-F]/;

/**
 * A JSON value as PHP turns it into a text; null for what it can't.
 *
 * @param isText - the body was UTF-8, so that a lone surrogate in it was written as an escape and stands for nothing
 */
function jsonText(value: unknown, isText: boolean): string | null {
  if (typeof value === 'string') return isText && loneSurrogatePattern.test(value) ? null : value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '';
  return null;
}

/** What may be kept after the request must not keep its whole body. */
function ownIfShort(text: string): string {
  return text.length <= ownLength ? detachString(text) : text;
}
