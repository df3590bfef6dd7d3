/** Values that a schema of the OpenAPI document takes, and values that it does not. */
import fc from 'fast-check';
import type { Schema } from '../../../src/http/openapi/document.js';
import type { Description } from '../../support/described-answers.js';

type Arbitrary = fc.Arbitrary<unknown>;

/** What fields of these names can mean in the state that the test has laid, by name: most inputs are about those. */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>;

export class Arbitraries {
  constructor(
    private readonly description: Description,
    private readonly known: KnownValues,
  ) {}

  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : (this.description.document.components.schemas[name] ?? {});
  }

  isValid(schema: Schema, value: unknown): boolean {
    return this.description.validator(schema)(value);
  }

  /** Values that the schema takes. */
  valid(schema: Schema, name = ''): Arbitrary {
    const any = this.anyOf(schema, name).filter((value) => this.isValid(schema, value));
    const known = (this.known[name] ?? []).filter((value) => this.isValid(schema, value));
    if (known.length === 0) return any;
    if (isFormatOfOurs(this.resolve(schema))) return fc.constantFrom(...known);
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any });
  }

  private anyOf(schema: Schema, name: string): Arbitrary {
    const resolved = this.resolve(schema);
    if (resolved.const !== undefined) return fc.constant(resolved.const);
    if (resolved.enum !== undefined) return fc.constantFrom(...resolved.enum);
    const choices = resolved.anyOf ?? resolved.oneOf;
    if (choices !== undefined && resolved.properties === undefined)
      return fc.oneof(...choices.map((choice) => this.valid(choice, name)));
    const types = [resolved.type ?? []].flat();
    if (types.length === 0) return fc.jsonValue({ maxDepth: 2 });
    return fc.oneof(...types.map((type) => this.ofType(type, resolved, name)));
  }

  private ofType(type: string, schema: Schema, name: string): Arbitrary {
    switch (type) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 100_000 });
      case 'number':
        return fc.double({ min: schema.minimum ?? -1000, max: schema.maximum ?? 100_000, noNaN: true });
      case 'array': {
        const { items = {}, minItems = 0, maxItems = 5 } = schema;
        const bounds = { minLength: minItems, maxLength: Math.min(maxItems, minItems + 5) };
        const item = this.valid(items, name);
        return schema.uniqueItems === true ? fc.uniqueArray(item, bounds) : fc.array(item, bounds);
      }
      case 'object':
        return this.object(schema);
      default:
        return stringOf(schema);
    }
  }

  private object({ properties = {}, required = [], additionalProperties }: Schema): Arbitrary {
    const fields = Object.fromEntries(
      Object.entries(properties).map(([name, inner]) => [name, this.valid(inner, name)]),
    );
    const named = fc.record(fields, { requiredKeys: [...required] });
    if (typeof additionalProperties !== 'object') return named;
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), this.valid(additionalProperties));
  }

  /** Values that the schema does not take, near to those that it does. */
  invalid(schema: Schema, name = ''): Arbitrary {
    const resolved = this.resolve(schema);
    const arbitraries = [fc.constantFrom(...junk), beyondBounds(resolved)];
    if (resolved.properties !== undefined) arbitraries.push(...this.wrongObjects(schema, resolved));
    if (resolved.items !== undefined)
      arbitraries.push(fc.array(this.invalid(resolved.items, name), { minLength: 1, maxLength: 3 }));
    return fc.oneof(...arbitraries).filter((value) => !this.isValid(schema, value));
  }

  private wrongObjects(schema: Schema, { properties = {}, required = [] }: Schema): Arbitrary[] {
    const good = this.valid(schema) as fc.Arbitrary<Record<string, unknown>>;
    const names = Object.keys(properties);
    const wrongField = names.map((name) =>
      fc
        .tuple(good, this.wrongValue(properties[name] ?? {}, name))
        .map(([object, value]) => ({ ...object, [name]: value })),
    );
    const missing = required.map((name) =>
      good.map((object) => Object.fromEntries(Object.entries(object).filter(([other]) => other !== name))),
    );
    const extra = fc
      .tuple(good, fc.constantFrom(...extraNames), fc.constantFrom(...junk))
      .map(([object, name, value]) => ({ ...object, [name]: value }));
    return [...wrongField, ...missing, extra];
  }

  /** Where a schema takes everything, there is no wrong value: then the field is a good one. */
  private wrongValue(schema: Schema, name: string): Arbitrary {
    return junk.some((value) => !this.isValid(schema, value))
      ? this.invalid(schema, name)
      : this.valid(schema, name);
  }
}

/** Nothing makes texts of these forms but the list of known ones. */
function isFormatOfOurs({ format = '' }: Schema): boolean {
  return format.startsWith('ip');
}

function stringOf({ pattern, format, minLength = 0, maxLength = 1000 }: Schema): Arbitrary {
  if (format === 'date-time') return dates.map((date) => date.toISOString());
  if (pattern !== undefined) return matching(new RegExp(pattern, 'u'), maxLength);
  const unit = fc.constantFrom<'grapheme' | 'grapheme-ascii'>('grapheme', 'grapheme-ascii');
  return unit.chain((kind) =>
    fc.string({
      unit: kind,
      minLength,
      maxLength: Math.max(minLength, Math.min(Math.floor(maxLength / 4), 60)),
    }),
  );
}

function matching(pattern: RegExp, maxLength: number): Arbitrary {
  try {
    return fc.stringMatching(pattern).filter((text) => text.length <= maxLength);
  } catch {
    // Classes of Unicode can be too much for it.
    return fc
      .string({ unit: 'grapheme-ascii', maxLength: Math.min(maxLength, 60) })
      .filter((text) => pattern.test(text));
  }
}

const dates = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2100-01-01T00:00:00Z'),
  noInvalidDate: true,
});

function beyondBounds(schema: Schema): Arbitrary {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, items } = schema;
  const item = items === undefined ? 'x' : [items.examples?.[0] ?? 'x'].flat()[0];
  const values: unknown[] = [
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
    ...(minLength === undefined || minLength === 0 ? [] : ['x'.repeat(minLength - 1)]),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
    ...(minItems === undefined || minItems === 0 ? [] : [[]]),
    ...(maxItems === undefined ? [] : [Array.from({ length: maxItems + 1 }, () => item)]),
  ];
  return values.length === 0 ? fc.constantFrom(...junk) : fc.constantFrom(...values);
}

const extraNames = ['extra', 'secret', '__proto__x', 'constructor', 'toString', 'Übung', 'a.b', '$ref', ''];

/** Of every type; long ones, empty ones, and characters that something could stumble over. */
export const junk: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\u202e',
    '\ufffe',
    '🙂',
    'é',
    'x'.repeat(5000),
    '../../etc/passwd',
    "' OR 1=1 --",
  ],
  ...['%00', '<script>', '${7*7}', '-1', 'true', 'null', '2027-02-30T00:00:00Z', '2027-01-31', '0x10', '１'],
  ...[[], ['x'], [null], [[]], {}, { a: 1 }, { length: 3 }, [{}], '\ud800'],
];

/** As it is sent: half a character becomes the mark for one that can't be read. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
