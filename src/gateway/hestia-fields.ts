import { ownText } from '../names.js';
import { decodeText, malformedBody } from './body-bounds.js';
import { readForm } from './form-body.js';
import { isWithinBounds, usualBounds } from './json-bounds.js';
import { readMultipart } from './multipart.js';

/** The fields of a request in Hestia's dialect: texts by name. */
export class HestiaFields {
  private argTexts: readonly (string | undefined)[] | undefined;
  private readonly hasStructured: boolean;

  /** @param values - `null` stands for a field that is an array or an object */
  constructor(private readonly values: ReadonlyMap<string, string | null>) {
    this.hasStructured = [...values.values()].includes(null);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** The text of a field without white space round it; empty where it is missing or has none. */
  text(name: string): string {
    const value = this.values.get(name) ?? '';
    const text = trim(value);
    return text.length === value.length ? text : ownIfShort(text);
  }

  /** Whether any of these fields holds more than a text. */
  anyStructured(names: readonly string[]): boolean {
    return this.hasStructured && names.some((name) => this.values.get(name) === null);
  }

  /** `arg1` to `arg13` by place; undefined where one is missing. */
  args(): readonly (string | undefined)[] {
    this.argTexts ??= this.readArgs();
    return this.argTexts;
  }

  private readArgs(): (string | undefined)[] {
    const args = argNames.map((name) => (this.values.has(name) ? this.text(name) : undefined));
    return args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
  }
}

export const argNames = Array.from({ length: 13 }, (_, index) => `arg${String(index + 1)}`);

const credentialNames = ['access_key', 'secret_key', 'hash', 'user'];

/** Names and credentials, which are kept in many places, are no longer: characters. */
const ownLength = 256;

/** How the text of an object begins, also behind a byte order mark. */
const objectPattern = /^(?:\xef\xbb\xbf)?[ \t\r\n]*(?:\{|$)/;

/** ASCII white space and NUL, as codes: two million characters may be looked up. */
const trimmed: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x00, 0x0b]);

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
  if (!(await isWithinBounds(body, usualBounds))) throw malformedBody();
  let parsed: unknown;
  try {
    parsed = JSON.parse((await decodeText(body)).replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const values: Values = new Map();
  for (const [name, value] of Object.entries(parsed)) {
    if (value !== null) values.set(name, jsonText(value));
  }
  return values;
}

/** A JSON value as PHP turns it into a text; null for what it can't. */
function jsonText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '';
  return null;
}

/** PHP's `trim`. By index: a pattern takes a time quadratic in the white space that stands inside. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && trimmed.has(text.charCodeAt(start))) start += 1;
  while (end > start && trimmed.has(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** What may be kept after the request must not keep its whole body. */
function ownIfShort(text: string): string {
  return text.length <= ownLength ? ownText(text) : text;
}
