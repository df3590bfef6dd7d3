import { operationsOf, type Paths, type Schema } from './document.js';

const prefix = '#/components/schemas/';

/** Classes are called `…Dto`; the document has their names without it. */
export function withPlainNames<T>(document: T): T {
  const text = JSON.stringify(document);
  return JSON.parse(
    text.replace(/("#\/components\/schemas\/\w+?)Dto"/g, '$1"').replace(/"(\w+)Dto":\{/g, '"$1":{'),
  ) as T;
}

/** Inputs take the fields that they name, and no others. */
export function closeInputs(paths: Paths, schemas: Record<string, Schema>): void {
  const seen = new Set<string>();
  const close = (schema: Schema): void => {
    for (const name of namesIn(schema)) {
      const named = schemas[name];
      if (seen.has(name) || named === undefined) continue;
      seen.add(name);
      if (named.properties !== undefined) named.additionalProperties ??= false;
      close(named);
    }
  };
  for (const { operation } of operationsOf(paths)) {
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
      close(schema);
      const [name = ''] = namesIn(schema);
      // Where no field has to be sent, no body has to be, either.
      if (operation.requestBody !== undefined)
        operation.requestBody.required = (schemas[name]?.required ?? []).length > 0;
    }
  }
}

function namesIn(schema: unknown): string[] {
  const names = JSON.stringify(schema).match(/"#\/components\/schemas\/\w+"/g) ?? [];
  return names.map((name) => name.slice(prefix.length + 1, -1));
}

/** An example within a schema is a list in JSON Schema. */
export function withExamples(node: unknown): void {
  if (Array.isArray(node)) node.forEach(withExamples);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const schema = node as Record<string, unknown>;
  for (const [name, value] of Object.entries(schema)) {
    if (name === 'properties') Object.values(value as object).forEach(withExamples);
    else if (name !== 'example' && name !== 'default' && name !== 'enum') withExamples(value);
  }
  if ('example' in schema && ('type' in schema || '$ref' in schema)) {
    schema['examples'] = [schema['example']];
    delete schema['example'];
  }
}

/** Those that something refers to, directly or not, in the order of their names. */
export function usedSchemas(roots: unknown, schemas: Record<string, Schema>): Record<string, Schema> {
  const used = new Set<string>();
  const add = (schema: unknown): void => {
    for (const name of namesIn(schema)) {
      if (used.has(name)) continue;
      used.add(name);
      add(schemas[name]);
    }
  };
  add(roots);
  return Object.fromEntries([...used].sort().map((name) => [name, schemas[name] ?? {}]));
}
