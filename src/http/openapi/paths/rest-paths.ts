import { readFileSync } from 'node:fs';
import { userNamePattern } from '../../../text/names.js';
import { errorWords } from '../../rest/rest-answer.js';
import { successHeaders } from '../problem-answers.js';
import type { Answer, Method, Operation, Parameter, Paths, Schema } from '../document.js';

/** The JSON of the route table (../../rest/routes/rest-routes.json), as far as it is described. */
interface TableJson {
  names: Record<string, Record<string, string>>;
  routes: RouteJson[];
}

interface RouteJson {
  route: string;
  inputs?: Record<string, InputJson>;
  steps: { run: [string, ...string[]] }[];
  status?: number;
  answer: unknown;
}

interface InputJson {
  type: string;
  required?: boolean;
  default?: string | number;
  names?: string;
}

const tags = ['REST dialect'];

/** The REST dialect: an operation for each route that the service brings. */
export function readRestPaths(): Paths {
  const file = new URL('../../rest/routes/rest-routes.json', import.meta.url);
  const { names, routes } = JSON.parse(readFileSync(file, 'utf8')) as TableJson;
  const paths: Paths = {};
  for (const route of routes) {
    const [method = '', path = ''] = route.route.split(' ');
    (paths[`/api${path}`] ??= {})[method.toLowerCase() as Method] = describe(route, method, path, names);
  }
  return paths;
}

function describe(route: RouteJson, method: string, path: string, names: TableJson['names']): Operation {
  const { steps, status = 200, answer } = route;
  const inputs = Object.entries(route.inputs ?? {});
  const isInPath = (name: string): boolean => path.includes(`{${name}}`);
  const parameters = inputs
    .filter(([name]) => isInPath(name))
    .map(([name, input]): Parameter => ({
      name,
      in: 'path',
      required: true,
      schema: schemaOf(input, names),
    }));
  const fields = inputs.filter(([name]) => !isInPath(name));
  const commands = [...new Set(steps.map(({ run: [command] }) => `\`${command}\``))];
  const result = shapeOf(answer, Object.fromEntries(inputs), names);
  return {
    operationId: nameOf(method, path),
    summary: `${method} ${path}`,
    description: `Runs ${commands.join(', ')}.`,
    tags,
    security: [{ accessKey: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(fields.length > 0 && { requestBody: bodyOf(fields, names) }),
    responses: {
      [status]: {
        description: 'Done.',
        ...(successHeaders !== undefined && { headers: successHeaders }),
        content: { 'application/json': { schema: result } },
      },
      ...errors(),
    },
  };
}

/** `POST /accounts/{username}/suspend`: `restPostAccountsSuspend`. */
function nameOf(method: string, path: string): string {
  const words = path.split('/').filter((part) => part !== '' && !part.startsWith('{'));
  const last = path.endsWith('}') ? 'One' : '';
  return `rest${[method.toLowerCase(), ...words].map(capitalized).join('')}${last}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function bodyOf(fields: [string, InputJson][], names: TableJson['names']) {
  const required = fields.flatMap(([name, { required: isRequired }]) => (isRequired === true ? [name] : []));
  const schema: Schema = {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map(([name, input]) => [name, schemaOf(input, names)])),
    additionalProperties: false,
  };
  return { required: required.length > 0, content: { 'application/json': { schema } } };
}

const number: Schema = { type: 'integer', minimum: 0, maximum: 1_000_000_000 };
const types: Readonly<Record<string, Schema>> = {
  user: { type: 'string', pattern: userNamePattern.source },
  domain: { type: 'string', maxLength: 253, examples: ['jane.example'] },
  email: { type: 'string', maxLength: 254, examples: ['hello@jane.example'] },
  password: { type: 'string', minLength: 1, maxLength: 256, format: 'password' },
  package: { type: 'string', minLength: 1, maxLength: 64 },
  integer: { anyOf: [number, { type: 'string', pattern: '^\\d{1,10}$' }] },
  text: { type: 'string', minLength: 1, maxLength: 255 },
  word: { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$' },
};

function schemaOf(
  { type, names: list = '', default: byDefault }: InputJson,
  names: TableJson['names'],
): Schema {
  if (type === 'choice') return { type: 'string', enum: Object.keys(names[list] ?? {}) };
  // A default with a placeholder in it hangs on the other inputs.
  const isPlain = byDefault !== undefined && !String(byDefault).includes('{');
  return { ...types[type], ...(isPlain && { default: byDefault }) };
}

/** What the last filter of a placeholder makes of its value. */
const filtered: Readonly<Record<string, Schema>> = {
  boolean: { type: 'boolean' },
  percent_of: { type: ['integer', 'null'] },
  number: { type: ['number', 'null'] },
  ...Object.fromEntries(
    ['size', 'megabytes', 'minutes', 'minutes_short', 'first_word', 'first_key', 'yes_no', 'domain_type'].map(
      (name) => [name, { type: ['string', 'null'] }],
    ),
  ),
};

function shapeOf(answer: unknown, inputs: Record<string, InputJson>, names: TableJson['names']): Schema {
  if (typeof answer === 'string') return valueOf(answer, inputs, names);
  if (Array.isArray(answer)) return { type: 'array', items: {} };
  if (typeof answer !== 'object' || answer === null) return { const: answer };
  if ('for_each' in answer) {
    const { name, answer: item } = answer as { name?: string; answer?: unknown };
    const inner = shapeOf(item, inputs, names);
    return name === undefined
      ? { type: 'array', items: inner }
      : { type: 'object', additionalProperties: inner };
  }
  const entries = Object.entries(answer).map(([name, item]) => [name, shapeOf(item, inputs, names)] as const);
  return {
    type: 'object',
    required: entries.map(([name]) => name),
    properties: Object.fromEntries(entries),
  };
}

function valueOf(template: string, inputs: Record<string, InputJson>, names: TableJson['names']): Schema {
  const only = /^\{([^{}]+)\}$/.exec(template)?.[1];
  if (only === undefined) return { type: 'string' };
  const [name = '', ...filters] = only.split('|');
  const last = filters.at(-1)?.split(':')[0];
  if (last !== undefined) return filtered[last] ?? {};
  if (name === 'key') return { type: 'string' };
  if (name === 'panel_url') return { type: ['string', 'null'] };
  const input = inputs[name];
  if (input === undefined) return {};
  return input.type === 'choice' ? { type: 'string' } : schemaOf(input, names);
}

function errors(): Record<string, Answer> {
  const schema: Schema = { $ref: '#/components/schemas/RestError' };
  return Object.fromEntries(
    Object.entries(errorWords)
      .filter(([status]) => status !== '405')
      .map(([status, word]): [string, Answer] => [
        status,
        {
          description: `\`${word}\``,
          ...(/429|503/.test(status) && {
            headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
          }),
          content: { 'application/json': { schema } },
        },
      ]),
  );
}

export const restSchemas: Record<string, Schema> = {
  RestError: {
    type: 'object',
    required: ['error', 'message'],
    properties: {
      error: { type: 'string', enum: Object.values(errorWords) },
      message: { type: 'string', description: 'For people; it may change.' },
      code: { type: 'integer', description: 'The return code, where there is one.' },
      field: { type: 'string', description: 'The input that is wrong, where one is.' },
      undone: { type: 'boolean', description: 'Where an earlier step was done: whether it was taken back.' },
    },
  },
};
