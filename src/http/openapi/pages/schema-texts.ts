import type { OpenApiDocument, Schema } from '../document.js';

type Schemas = OpenApiDocument['components']['schemas'];

/** A field of a body or an answer; those within others are called `items[].user`. */
export interface Field {
  name: string;
  type: string;
  isRequired: boolean;
  description: string;
}

const deepest = 5;

export function resolveSchema(schema: Schema, schemas: Schemas): Schema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...others } = schema;
  const named = schemas[$ref.split('/').at(-1) ?? ''] ?? {};
  return { ...resolveSchema(named, schemas), ...others };
}

/** The fields of an object, of the objects in a list, and of those within them. */
export function fieldsOf(schema: Schema, schemas: Schemas, before = '', depth = 0): Field[] {
  const { schema: object, mark } = objectIn(schema, schemas);
  if (object === undefined || depth > deepest) return [];
  const { properties = {}, required = [] } = object;
  return Object.entries(properties).flatMap(([property, inner]) => {
    const name = `${before}${mark}${property}`;
    const resolved = resolveSchema(inner, schemas);
    const field: Field = {
      name,
      type: typeText(inner, schemas),
      isRequired: required.includes(property),
      description: resolved.description ?? '',
    };
    const within = objectIn(inner, schemas);
    const link = within.mark === '' ? '.' : '';
    return [field, ...fieldsOf(inner, schemas, `${name}${link}`, depth + 1)];
  });
}

function objectIn(schema: Schema, schemas: Schemas, mark = ''): { schema: Schema | undefined; mark: string } {
  const resolved = resolveSchema(schema, schemas);
  if (resolved.properties !== undefined) return { schema: resolved, mark };
  if (resolved.items !== undefined) return objectIn(resolved.items, schemas, `${mark}[].`);
  const choices = resolved.anyOf ?? resolved.oneOf ?? resolved.allOf;
  const choice = choices?.find((one) => resolveSchema(one, schemas).type !== 'null');
  return choice === undefined ? { schema: undefined, mark } : objectIn(choice, schemas, mark);
}

/** `string (date-time) or null`, `list of string, at most 10`. */
export function typeText(schema: Schema, schemas: Schemas): string {
  const resolved = resolveSchema(schema, schemas);
  const { items, const: only } = resolved;
  const values = resolved.enum;
  if (only !== undefined) return JSON.stringify(only);
  if (values !== undefined) return `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
  const choices = resolved.anyOf ?? resolved.oneOf;
  if (choices !== undefined && resolved.properties === undefined)
    return choices.map((choice) => typeText(choice, schemas)).join(' or ');
  const types = [resolved.type ?? []].flat();
  const names = types.map((type) =>
    type === 'array' && items !== undefined ? `list of ${typeText(items, schemas)}` : type,
  );
  const limits = limitsOf(resolved);
  const text = names.length === 0 ? 'any' : names.join(' or ');
  return limits.length === 0 ? text : `${text} (${limits.join(', ')})`;
}

function limitsOf(schema: Schema): string[] {
  const { format, pattern, minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const range = (least: number | undefined, most: number | undefined, unit: string): string[] => [
    ...(least === undefined ? [] : [`at least ${String(least)}${unit}`]),
    ...(most === undefined ? [] : [`at most ${String(most)}${unit}`]),
  ];
  return [
    ...(format === undefined ? [] : [format]),
    ...range(minimum, maximum, ''),
    ...range(minLength, maxLength, ' characters'),
    ...range(minItems, maxItems, ' items'),
    ...(pattern === undefined ? [] : [pattern]),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
  ];
}
