/** Checks answers against the OpenAPI document of the service that gave them. */
import { isIP } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import {
  methods,
  type Answer,
  type Header,
  type OpenApiDocument,
  type Operation,
  type Schema,
} from '../../src/http/openapi/document.js';
import type { Client, HttpAnswer } from './client.js';

const documents = new Map<string, Promise<Description>>();

/** The description that the service serves; it is read once. */
export function descriptionOf(service: Client): Promise<Description> {
  const known = documents.get(service.url);
  if (known !== undefined) return known;
  const read = service.request('GET', '/openapi.json', undefined).then(({ status, body }) => {
    if (status !== 200) throw new Error(`GET /openapi.json: ${String(status)} ${body}`);
    return new Description(JSON.parse(body) as OpenApiDocument);
  });
  documents.set(service.url, read);
  return read;
}

/** What there is at a path, by the method. */
type Found = ReadonlyMap<string, Operation>;

export class Description {
  private readonly ajv: Ajv2020;
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(readonly document: OpenApiDocument) {
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(this.ajv);
    this.ajv.addFormat('ip', (text: string) => isIP(text) !== 0);
    this.ajv.addFormat('ip-or-range', isAddressOrRange);
    this.ajv.addSchema(closed(document), 'document');
  }

  /**
   * Compares an answer with what the document says of it.
   *
   * @returns what differs, in a sentence; undefined: nothing
   */
  differenceOf(method: string, url: string, answer: HttpAnswer): string | undefined {
    const path = url.split('?', 1)[0] ?? '';
    const found = this.find(path);
    if (found.size === 0) return this.differenceOfProblem(answer, 404);
    const operation = found.get(method);
    if (operation === undefined) return this.differenceOfMethod(found, answer);
    const status = String(answer.status);
    const described = operation.responses[status];
    if (described === undefined)
      return `${operation.operationId} does not describe ${status}: ${answer.body}`;
    const difference = this.differenceOfAnswer(this.resolve(described), answer);
    return difference && `${operation.operationId}, ${status}: ${difference}`;
  }

  /** For a schema of the document. */
  validator(schema: Schema): ValidateFunction {
    const name = JSON.stringify(schema);
    let validator = this.validators.get(name);
    if (validator === undefined) {
      const text = name.replaceAll('"#/components/', '"document#/components/');
      validator = this.ajv.compile(JSON.parse(text) as object);
      this.validators.set(name, validator);
    }
    return validator;
  }

  private find(path: string): Found {
    const segments = path.split('/');
    const patterns = Object.keys(this.document.paths).filter((pattern) => fits(pattern.split('/'), segments));
    // The more of it is literal, the more it counts; a method that is not there may be another pattern's.
    const variables = (pattern: string): number => pattern.split('{').length;
    const sorted = patterns.sort((one, other) => variables(other) - variables(one));
    return new Map(
      sorted.flatMap((pattern) =>
        methods.flatMap((method) => {
          const operation = this.document.paths[pattern]?.[method];
          return operation === undefined ? [] : [[method.toUpperCase(), operation] as const];
        }),
      ),
    );
  }

  private differenceOfMethod(found: Found, answer: HttpAnswer): string | undefined {
    const allowed = [...found.keys()].sort().join(', ');
    const told = (answer.headers.allow ?? '').split(', ').sort().join(', ');
    if (answer.status === 405 && told !== allowed) return `Allow is "${told}", not "${allowed}"`;
    return this.differenceOfProblem(answer, 405);
  }

  /** What no operation describes, as there is none. */
  private differenceOfProblem(answer: HttpAnswer, status: number): string | undefined {
    if (answer.status !== status) return `${String(answer.status)}, where ${String(status)} was expected`;
    const schema = { $ref: '#/components/schemas/Problem' };
    const content = { 'application/problem+json': { schema } };
    return this.differenceOfAnswer({ content }, answer);
  }

  private differenceOfAnswer({ headers = {}, content }: Answer, answer: HttpAnswer): string | undefined {
    for (const [name, header] of Object.entries(headers)) {
      const difference = this.differenceOfHeader(name, header, answer);
      if (difference !== undefined) return difference;
    }
    const type = (answer.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
    if (content === undefined)
      return answer.body === '' ? undefined : `a body that is not described: ${answer.body}`;
    const described = content[type];
    if (described === undefined) return `the type "${type}" is not described`;
    return /[/+]json$/.test(type) ? this.differenceOfBody(described.schema, answer.body) : undefined;
  }

  private differenceOfBody(schema: Schema, body: string): string | undefined {
    const validate = this.validator(schema);
    if (validate(JSON.parse(body))) return undefined;
    const errors = (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${String(message)} ${JSON.stringify(params)}`,
    );
    return `the body is not as described: ${errors.join('; ')} in ${body.slice(0, 1000)}`;
  }

  private differenceOfHeader(
    name: string,
    header: Header | { $ref: string },
    answer: HttpAnswer,
  ): string | undefined {
    const { required = false, schema } =
      '$ref' in header
        ? (this.document.components.headers[header.$ref.split('/').at(-1) ?? ''] ?? { schema: {} })
        : header;
    const value = answer.headers[name.toLowerCase()];
    if (value === undefined) return required ? `there is no ${name}` : undefined;
    const read = schema.type === 'integer' ? Number(value) : value;
    return this.validator(schema)(read) ? undefined : `${name} is ${String(value)}`;
  }

  private resolve(answer: Answer): Answer {
    const name = answer.$ref?.split('/').at(-1);
    return name === undefined ? answer : (this.document.components.responses[name] ?? answer);
  }
}

function isAddressOrRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  if (text === 'allow-all') return true;
  return (
    bits !== undefined &&
    more.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
  );
}

function fits(parts: readonly string[], segments: readonly string[]): boolean {
  return (
    parts.length === segments.length &&
    parts.every((part, index) => (part.startsWith('{') ? segments[index] !== '' : part === segments[index]))
  );
}

/** With each object closed: an answer of ours has no field that is not described, though clients must bear new ones. */
function closed(document: OpenApiDocument): object {
  const close = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const inner of Object.values(node)) close(inner);
    const schema = node as { properties?: unknown; type?: unknown; additionalProperties?: unknown };
    if (typeof schema.properties === 'object' && schema.type === 'object')
      schema.additionalProperties ??= false;
  };
  const copy = structuredClone(document);
  close(copy.components.schemas);
  return copy;
}
