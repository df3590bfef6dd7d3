/** Requests to an operation, made from the document: good ones, and ones that have one thing wrong. */
import fc from 'fast-check';
import type { Parameter, PlacedOperation, Schema } from '../../../src/http/openapi/document.js';
import { junk, wellFormed, type Arbitraries } from './arbitrary-of.js';

/** What stands in a path for something that is there; which one is chosen when the request is sent. */
export interface Existing {
  choice: number;
}

export interface Case {
  /** What is wrong with it; undefined: nothing. */
  wrong: string | undefined;
  inPath: Readonly<Record<string, string | Existing>>;
  query: readonly (readonly [string, string])[];
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

const jsonType = 'application/json';

export class Cases {
  constructor(
    private readonly arbitraries: Arbitraries,
    private readonly placed: PlacedOperation,
  ) {}

  /** As many good requests as wrong ones. */
  all(): fc.Arbitrary<Case> {
    const wrong = [
      ...this.wrongBodies(),
      ...this.wrongQueries(),
      ...this.wrongPaths(),
      ...this.wrongHeaders(),
      this.unknownQuery(),
    ];
    return fc.oneof({ weight: 1, arbitrary: this.good() }, { weight: 1, arbitrary: fc.oneof(...wrong) });
  }

  good(): fc.Arbitrary<Case> {
    return fc
      .tuple(this.goodPath(), this.goodQuery(), this.goodHeaders(), this.goodBody())
      .map(([inPath, query, headers, { type, body }]) => ({
        ...{ wrong: undefined, inPath, query, body },
        headers: { ...headers, ...(type !== undefined && { 'Content-Type': type }) },
      }));
  }

  private parameters(place: Parameter['in']): readonly Parameter[] {
    return (this.placed.operation.parameters ?? []).filter((parameter) => parameter.in === place);
  }

  private goodPath(): fc.Arbitrary<Case['inPath']> {
    const choices = this.parameters('path').map(({ name, schema }) => {
      const existing = fc.nat(1000).map((choice) => ({ choice }));
      const other = this.arbitraries.valid(schema, name).map(String).filter(isSegment);
      const any = fc.oneof<fc.MaybeWeightedArbitrary<string | Existing>[]>(
        { weight: 9, arbitrary: existing },
        { weight: 1, arbitrary: other },
      );
      return [name, any] as const;
    });
    return fc.record(Object.fromEntries(choices));
  }

  private goodQuery(): fc.Arbitrary<Case['query']> {
    const parameters = this.parameters('query');
    // What a cursor may be depends on the page before: pages have tests of their own.
    const known = parameters.filter(({ name }) => name !== 'cursor');
    const values = known.map(({ name, schema }) => [name, this.arbitraries.valid(schema, name)] as const);
    const required = known.filter((parameter) => parameter.required === true).map(({ name }) => name);
    return fc
      .record(Object.fromEntries(values), { requiredKeys: required })
      .map((query) => Object.entries(query).map(([name, value]) => [name, String(value)] as const));
  }

  private goodHeaders(): fc.Arbitrary<Case['headers']> {
    const values = this.parameters('header').map(
      ({ name }) => [name, fc.constantFrom(...(goodHeaders[name] ?? ['text']))] as const,
    );
    return fc.record(Object.fromEntries(values), { requiredKeys: [] }) as fc.Arbitrary<Case['headers']>;
  }

  private get content(): { type: string; schema: Schema } | undefined {
    const [entry] = Object.entries(this.placed.operation.requestBody?.content ?? {});
    return entry && { type: entry[0], schema: entry[1].schema };
  }

  private goodBody(): fc.Arbitrary<{ type: string | undefined; body: string | undefined }> {
    const { content } = this;
    if (content === undefined) return fc.constant({ type: undefined, body: undefined });
    return this.arbitraries
      .valid(content.schema)
      .map((value) => ({ type: content.type, body: JSON.stringify(value) }));
  }

  private wrongBodies(): fc.Arbitrary<Case>[] {
    const { content } = this;
    if (this.placed.method === 'get') return [];
    const text = content === undefined ? fc.constant({ extra: 1 }) : this.arbitraries.invalid(content.schema);
    const type = content?.type ?? jsonType;
    const wrong = text.map((value) => ({ wrong: 'body', body: JSON.stringify(value), type }));
    const unreadable = fc.constantFrom(
      ...['{', '{"a":1}{', '[', 'a=b', '{"__proto__":{"x":1}}', `{"a":${'['.repeat(2000)}`, '\0'].map(
        (body) => ({
          ...{ wrong: 'unreadable body', body, type },
        }),
      ),
      { wrong: 'long body', body: JSON.stringify({ extra: 'x'.repeat(200_000) }), type },
    );
    const otherTypes = fc
      .constantFrom('text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'x/y', 'text/json')
      .map((other) => ({ wrong: 'type of the body', body: '{}', type: other }));
    const missing = this.good().map(({ headers, ...good }) => ({
      ...{ ...good, wrong: 'no body', body: undefined },
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'Content-Type')),
    }));
    return [
      ...(this.placed.operation.requestBody?.required === true ? [missing] : []),
      ...[wrong, wrong, wrong, unreadable, otherTypes].map((one) =>
        fc.tuple(this.good(), one).map(([good, { wrong: what, body, type: sent }]) => ({
          ...{ ...good, wrong: what, body },
          headers: { ...good.headers, 'Content-Type': sent },
        })),
      ),
    ];
  }

  private wrongQueries(): fc.Arbitrary<Case>[] {
    return this.parameters('query').flatMap(({ name, schema }) => {
      const wrong = this.arbitraries
        .invalid(schema, name)
        .filter((value) => typeof value !== 'object' || value === null)
        .map((value) => wellFormed(String(value)))
        // As the parameter is read: a number is a text there, too.
        .filter((text) => !this.isValidText(schema, text));
      const twice = this.goodQuery().filter((query) => query.some(([other]) => other === name));
      return [
        fc.tuple(this.good(), wrong).map(([good, text]) => ({
          ...{ ...good, wrong: `query ${name}` },
          query: [...good.query.filter(([other]) => other !== name), [name, text] as const],
        })),
        ...(name === 'cursor' || isList(schema)
          ? []
          : [
              fc.tuple(this.good(), twice).map(([good, query]) => ({
                ...{ ...good, wrong: `query ${name} twice` },
                query: [...query, ...query.filter(([other]) => other === name)],
              })),
            ]),
      ];
    });
  }

  private isValidText(schema: Schema, text: string): boolean {
    const values = [text, ...(text.trim() === '' ? [] : [Number(text)]), ...(booleans[text] ?? [])];
    return values.some((value) => this.arbitraries.isValid(schema, value));
  }

  private unknownQuery(): fc.Arbitrary<Case> {
    return fc
      .tuple(this.good(), fc.constantFrom('extra', 'Limit', 'user[]', '__proto__', 'x.y', '🙂'))
      .map(([good, name]) => ({
        ...good,
        wrong: `query ${name}`,
        query: [...good.query, [name, '1'] as const],
      }));
  }

  private wrongPaths(): fc.Arbitrary<Case>[] {
    return this.parameters('path').map(({ name, schema }) => {
      const texts = junk
        .filter((value) => typeof value !== 'object')
        .map((value) => wellFormed(String(value)))
        .filter((text) => isSegment(text) && !this.isValidText(schema, text));
      return fc.tuple(this.good(), fc.constantFrom(...texts, 'x'.repeat(300))).map(([good, text]) => ({
        ...good,
        wrong: `path ${name}`,
        inPath: { ...good.inPath, [name]: text },
      }));
    });
  }

  private wrongHeaders(): fc.Arbitrary<Case>[] {
    return this.parameters('header').flatMap(({ name }) => {
      const texts = wrongHeaders[name] ?? [];
      if (texts.length === 0) return [];
      return fc.tuple(this.good(), fc.constantFrom(...texts)).map(([good, text]) => ({
        ...{ ...good, wrong: `header ${name}` },
        headers: { ...good.headers, [name]: text },
      }));
    });
  }
}

const booleans: Readonly<Record<string, boolean[]>> = { true: [true], false: [false] };

const goodHeaders: Readonly<Record<string, readonly string[]>> = {
  'Idempotency-Key': ['order-1', 'order-2', 'order-3', '!~'],
  'If-Match': ['*'],
};

/** Of a form that the header has not; a tag that does not match is right, and gets 412. */
const wrongHeaders: Readonly<Record<string, readonly string[]>> = {
  'Idempotency-Key': ['with a blank', 'x'.repeat(256)],
  'If-Match': ['no tag', '"', 'x'.repeat(2000), '"a" "b"', '"never"'],
};

/** Neither empty nor a step in the tree: clients and proxies take those away. */
function isSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..';
}

function isList({ type }: Schema): boolean {
  return [type].flat().includes('array');
}
