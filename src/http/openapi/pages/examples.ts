import type { OpenApiDocument, PlacedOperation, Schema } from '../document.js';
import { resolveSchema } from './schema-texts.js';

type Schemas = OpenApiDocument['components']['schemas'];

/** What these fields look like, where the document has no example of its own. */
const usual: Readonly<Record<string, unknown>> = {
  accessKeyId: 'InNqgp01kO3v0W22eg6Z',
  access_key: 'InNqgp01kO3v0W22eg6Z',
  secretAccessKey: 'SECRET',
  secret_key: 'SECRET',
  user: 'alice',
  username: 'alice',
  command: 'v-list-mail-domains',
  cmd: 'v-list-mail-domains',
  arg1: 'alice',
  args: ['alice'],
  permissions: ['mail-accounts'],
  comment: 'Mail script',
  allowedAddresses: ['203.0.113.9'],
  clientAddress: '203.0.113.9',
  clientIp: '203.0.113.9',
  password: 'PASSWORD',
  next: null,
  madeBy: null,
  isDerived: false,
  oldSecretValidUntil: null,
  isWeak: false,
};

/** Fields that exclude others, or that an example is clearer without. */
const leftOut: ReadonlySet<string> = new Set([
  ...['hash', 'expiresIn', 'cursor', 'returncode', 'isCanary'],
  ...Array.from({ length: 12 }, (_, index) => `arg${String(index + 2)}`),
]);

const deepest = 6;

export function exampleOf(schema: Schema, schemas: Schemas, name = '', depth = 0): unknown {
  const resolved = resolveSchema(schema, schemas);
  if (resolved.examples?.[0] !== undefined) return resolved.examples[0];
  if (name in usual) return usual[name];
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.default !== undefined) return resolved.default;
  if (resolved.enum !== undefined) return resolved.enum[0];
  if (depth > deepest) return null;
  if (resolved.properties !== undefined) {
    const shown = Object.entries(resolved.properties).filter(([property]) => !leftOut.has(property));
    return Object.fromEntries(
      shown.map(([property, inner]) => [property, exampleOf(inner, schemas, property, depth + 1)]),
    );
  }
  const choice = (resolved.anyOf ?? resolved.oneOf ?? resolved.allOf)?.[0];
  if (choice !== undefined) return exampleOf(choice, schemas, name, depth + 1);
  return plainExample(resolved, schemas, name, depth);
}

function plainExample(schema: Schema, schemas: Schemas, name: string, depth: number): unknown {
  const [type] = [schema.type ?? []].flat();
  switch (type) {
    case 'array':
      return schema.items === undefined ? [] : [exampleOf(schema.items, schemas, name, depth + 1)];
    case 'object':
      return {};
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return true;
    case 'string':
      return schema.format === 'date-time' ? '2027-01-31T12:00:00.000Z' : 'text';
    default:
      return null;
  }
}

/** A request with curl, as one writes it into a terminal. */
export function curlOf({ path, method, operation }: PlacedOperation, schemas: Schemas): string {
  const { parameters = [], requestBody } = operation;
  const filled = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce(
      (text, { name, schema }) => text.replace(`{${name}}`, String(exampleOf(schema, schemas, name))),
      path,
    );
  const lines = [`curl -sS${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$HEARTHKEY${filled}"`];
  if ((operation.security ?? []).some((one) => 'accessKey' in one))
    lines.push('-H "Authorization: Bearer $ID:$SECRET"');
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type !== undefined && content !== undefined)
    lines.push(...bodyLines(type, exampleOf(content.schema, schemas)));
  return lines.join(' \\\n  ');
}

function bodyLines(type: string, example: unknown): string[] {
  if (type.endsWith('json'))
    return [
      `-H 'Content-Type: ${type}'`,
      `-d '${JSON.stringify(example, null, 2).replaceAll("'", "'\\''")}'`,
    ];
  return Object.entries(example as Record<string, unknown>)
    .filter(([name]) => name !== 'user' && name !== 'password')
    .map(([name, value]) => `--data-urlencode '${name}=${String(value)}'`);
}
