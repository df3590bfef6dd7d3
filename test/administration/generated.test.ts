/**
 * Requests to every operation of REST v1, generated from the OpenAPI document alone, and judged by it (the checks of
 * Schemathesis): no server error, answers as described, bad input refused, good input accepted, nothing usable after its
 * deletion, created things there, credentials never passed over. `npm run fuzz -- --inputs N` has more of them.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { methods, operationsOf, type PlacedOperation } from '../../src/http/openapi/document.js';
import { readFileSync } from 'node:fs';
import type { OpenApiDocument } from '../../src/http/openapi/document.js';
import { AdministrationClient, type Answer } from '../support/administration.js';
import { descriptionOf } from '../support/described-answers.js';
import { Arbitraries, wellFormed } from './generated/arbitrary-of.js';
import { Cases, type Case } from './generated/cases.js';
import { knownValues, LaidState } from './generated/laid-state.js';

const inputs = Number(process.env['HK_FUZZ_INPUTS'] ?? 15);
const seed = Number(process.env['HK_FUZZ_SEED'] ?? 1);

/** The same as the service's: openapi.test.ts compares them. */
const file = new URL('../../docs/openapi.json', import.meta.url);
const document = JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument;
const described = operationsOf(document.paths);
const operations = described.filter(
  ({ path, operation }) =>
    path.startsWith('/v1/') && (operation.security ?? []).some((scheme) => 'accessKey' in scheme),
);
const named = operations.map((placed): [string, PlacedOperation] => [placed.operation.operationId, placed]);

let state: LaidState;
let arbitraries: Arbitraries;
const seen = new Map<string, Map<number, number>>();

beforeAll(async () => {
  state = await LaidState.lay();
  arbitraries = new Arbitraries(await descriptionOf(state.service), knownValues);
});

afterAll(() => {
  if (process.env['HK_FUZZ_INPUTS'] === undefined) return;
  for (const [name, statuses] of seen) {
    const counts = [...statuses].sort(([one], [other]) => one - other);
    const all = counts.reduce((sum, [, count]) => sum + count, 0);
    const text = counts.map(([status, count]) => `${String(status)}: ${String(count)}`).join(', ');
    process.stdout.write(`${name.padEnd(28)} ${String(all).padStart(6)} inputs  ${text}\n`);
  }
});

/** One good request to an operation, made now. */
async function sendGood(placed: PlacedOperation, inPath?: Case['inPath']): Promise<Answer> {
  const [made] = fc.sample(new Cases(arbitraries, placed).good(), { numRuns: 1, seed: goodSeed++ });
  if (made === undefined) throw new Error('fast-check made nothing');
  return send(placed, { ...made, inPath: inPath ?? made.inPath, headers: withoutRepetition(made.headers) });
}

/** Some good requests are refused by rules that no schema says, so there are several tries. */
async function create(creation: PlacedOperation): Promise<Answer<Record<string, unknown> | undefined>> {
  for (let tries = 0; ; tries++) {
    const answer = await sendGood(creation);
    if (answer.status === 201 || tries === 100) return answer;
  }
}

let goodSeed = seed;

function withoutRepetition(headers: Case['headers']): Case['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'Idempotency-Key'));
}

function operationAt(method: string, path: string): PlacedOperation | undefined {
  return operations.find((placed) => placed.path === path && placed.method === method);
}

async function idsIn(collection: string, variable: string): Promise<string[]> {
  const listing = operationAt('get', collection);
  if (listing === undefined) return [];
  const { json } = await (await state.client()).get<{ items?: Record<string, unknown>[] }>(collection);
  return (json.items ?? []).flatMap((item) => {
    const id = item[variable] ?? item['id'] ?? item['name'];
    return typeof id === 'string' || typeof id === 'number' ? [String(id)] : [];
  });
}

async function urlOf(placed: PlacedOperation, { inPath, query }: Case): Promise<string> {
  const { path } = placed;
  let url = path;
  for (const [name, value] of Object.entries(inPath)) {
    const collection = LaidState.collectionOf(path);
    const creation = operationAt('post', collection);
    const id =
      typeof value === 'string'
        ? value
        : await state.existing(
            collection,
            value.choice,
            async () => (creation === undefined ? undefined : create(creation)),
            () => idsIn(collection, name),
          );
    if (id !== undefined && typeof value !== 'string' && value.choice % 2 === 0)
      await state.layFor(placed.method, path, id);
    url = url.replace(`{${name}}`, () => encodeURIComponent(id ?? absent(placed, name)));
  }
  const text = query
    .map((pair) => pair.map((part) => encodeURIComponent(wellFormed(part))).join('='))
    .join('&');
  return text === '' ? url : `${url}?${text}`;
}

/** Sessions and passkeys are made in browsers alone. */
function canExist({ path }: PlacedOperation): boolean {
  return !path.includes('{') || operationAt('post', LaidState.collectionOf(path)) !== undefined;
}

/** Of the right form, and of nothing that is there. */
function absent({ operation }: PlacedOperation, variable: string): string {
  const schema = operation.parameters?.find(({ name }) => name === variable)?.schema;
  const example = schema?.examples?.[0];
  return typeof example === 'string' ? example : 'absent';
}

async function send(placed: PlacedOperation, made: Case): Promise<Answer> {
  const url = await urlOf(placed, made);
  const method = placed.method.toUpperCase();
  const answer = await (await state.client()).send(method, url, made.body, made.headers);
  // Also with what it hung on: a user's keys, a key's keys.
  const isGone = answer.status === 404 || (placed.method === 'delete' && answer.status < 300);
  if (isGone) {
    const collection = LaidState.collectionOf(placed.path);
    const rest = url.slice(collection.length + 1).split(/[/?]/)[0] ?? '';
    state.forget(collection, decodeURIComponent(rest));
  }
  return answer;
}

/** A request may have closed the way in: then it is opened, and the request is sent once more. */
async function sendAndMend(placed: PlacedOperation, made: Case): Promise<Answer> {
  const answer = await send(placed, made);
  if (![401, 403, 429].includes(answer.status)) return answer;
  await state.mend();
  return send(placed, made);
}

const refusals: Readonly<Record<string, readonly number[]>> = {
  path: [400, 404],
  header: [400, 404, 409, 412],
};

/** @returns what is wrong with the answer, if anything */
function judge({ wrong }: Case, { status, text }: Answer): string | undefined {
  if (status >= 500) return `a server error, ${String(status)}: ${text}`;
  if (wrong === undefined) {
    // What is not there, or is so already: that is up to the state.
    if (status < 300 || status === 404 || status === 409) return undefined;
    return isExplained(text) ? undefined : `good input gets ${String(status)}: ${text}`;
  }
  const expected = refusals[wrong.split(' ')[0] ?? ''] ?? [400, 413, 415];
  return expected.includes(status) ? undefined : `${wrong} is wrong, and gets ${String(status)}: ${text}`;
}

/** Rules about two fields at once, or about what is there, which JSON Schema does not say. */
function isExplained(text: string): boolean {
  return explained.some((pattern) => pattern.test(text));
}

const explained = [
  /expiresAt and expiresIn are two ways/,
  /expiresAt has passed/,
  /(?:expiresIn|overlap) is (?:longer than|at most)/,
  /need a permission list/,
  /Only the admin can run this API/,
  /"reason":"root_user_protected"/,
  /is in safe but not in commands/,
  /expected role and commands/,
  /expected accessKeyId and command, or auditEvent/,
  /auditEvent stands in place of all else/,
  // Only the catalogue knows the names of arguments.
  /no command has an argument|may be a secret|can not be held to|arguments can be held to at most/,
  /is held to other arguments|a derived key has to end|a key derives keys from itself alone/,
  /expected secrets of 40 characters/,
];

describe('generated requests', () => {
  it.each(named)('%s answers as described, refuses bad input, accepts good input', async (name, placed) => {
    // What other operations have deleted is made anew.
    await state.mend();
    const statuses = new Map<number, number>();
    seen.set(name, statuses);
    await fc.assert(
      fc.asyncProperty(new Cases(arbitraries, placed).all(), async (made) => {
        const answer = await sendAndMend(placed, made);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const problem = judge(made, answer);
        if (problem !== undefined) throw new Error(problem);
      }),
      { numRuns: inputs, seed, endOnFailure: process.env['HK_FUZZ_SHRINK'] === undefined },
    );
    const isAccepted = ([status]: [number, number]): boolean =>
      status < 300 || (status === 404 && !canExist(placed)) || (status === 403 && isOfItself(placed));
    // Where fields have to fit each other, few of the good ones do.
    for (const made of fc.sample(new Cases(arbitraries, placed).good(), { numRuns: 100, seed })) {
      if ([...statuses].some(isAccepted)) break;
      statuses.set((await sendAndMend(placed, made)).status, 1);
    }
    expect([...statuses].filter(isAccepted)).not.toEqual([]);
  });
});

describe('credentials', () => {
  it.each(named)('%s gives 401 without the right ones', async (_name, placed) => {
    await state.mend();
    const victim = await state.service.makeKey('admin', '');
    const [made] = fc.sample(new Cases(arbitraries, placed).good(), { numRuns: 1, seed });
    if (made === undefined) throw new Error('fast-check made nothing');
    const url = await urlOf(placed, made);
    // An unknown ID and an address of its own: with many failures in a minute either is answered with 429.
    const number = operations.indexOf(placed) + 1;
    const from = `127.0.2.${String(number)}`;
    const unknownId = String(number).padStart(20, 'x');
    const wrong = [
      '',
      ':',
      `${victim.id}:`,
      `${victim.id}:${'x'.repeat(40)}`,
      `${unknownId}:${victim.secret}`,
    ];
    const basic = `Basic ${Buffer.from(victim.pair).toString('base64')}`;
    const method = placed.method.toUpperCase();
    for (const authorization of [undefined, basic, ...wrong.map((pair) => `Bearer ${pair}`)]) {
      const headers = {
        ...made.headers,
        ...(authorization !== undefined && { Authorization: authorization }),
      };
      const answer = await state.service.request(method, url, made.body, { headers, from });
      expect([authorization, answer.status]).toEqual([authorization, 401]);
      const description = await descriptionOf(state.service);
      expect(description.differenceOf(method, url, answer)).toBeUndefined();
    }
  });
});

describe('methods', () => {
  it.each([...new Set(operations.map(({ path }) => path))])(
    '%s refuses those that it has not',
    async (path) => {
      const url = path.replace(/\{\w+\}/g, 'InNqgp01kO3v0W22eg6Z');
      for (const method of methods) {
        if (described.some((other) => other.method === method && fits(other.path, path))) continue;
        const { status, headers } = await (await state.client()).send(method.toUpperCase(), url);
        expect([method, status, headers.allow]).toEqual([method, 405, expect.any(String)]);
      }
    },
  );
});

/** `/v1/allowed-ips/refused` is an address for DELETE. */
function fits(pattern: string, path: string): boolean {
  const [parts, segments] = [pattern.split('/'), path.split('/')];
  return (
    parts.length === segments.length &&
    parts.every((part, index) => part.startsWith('{') || part === segments[index])
  );
}

describe('what was created', () => {
  const creations = operations.filter(
    ({ path, method, operation }) =>
      method === 'post' &&
      '201' in operation.responses &&
      operations.some((other) => other.path.startsWith(`${path}/{`)),
  );

  it.each(creations.map((placed): [string, PlacedOperation] => [placed.operation.operationId, placed]))(
    '%s: it is there, and after its deletion no operation finds it',
    async (_name, creation) => {
      await state.mend();
      const made = await create(creation);
      expect([made.status, made.text]).toEqual([201, expect.anything()]);
      const id = decodeURIComponent(made.headers.location?.split('/').at(-1) ?? '');
      const about = operations.filter(({ path }) => path.startsWith(`${creation.path}/{`));
      const variable = /\{(\w+)\}/.exec(about[0]?.path ?? '')?.[1] ?? '';
      const inPath = { [variable]: id };
      const reading = about.find(({ method, path }) => method === 'get' && path.endsWith('}'));
      if (reading !== undefined) {
        const read = await sendGood(reading, inPath);
        expect(read.status).toBe(200);
        if (made.text !== '') expect(made.json).toMatchObject(withoutUse(read.json));
      }
      const deletion = about.find(({ method, path }) => method === 'delete' && path.endsWith('}'));
      if (deletion === undefined) return;
      expect((await sendGood(deletion, inPath)).status).toBeLessThan(300);
      for (const placed of about)
        expect([placed.operation.operationId, await findsNothing(placed, inPath)]).toEqual([
          placed.operation.operationId,
          true,
        ]);
      const secretAccessKey = made.json?.['secretAccessKey'];
      if (typeof secretAccessKey !== 'string') return;
      const pair = `${id}:${secretAccessKey}`;
      const former = new AdministrationClient(state.service, { id, secret: secretAccessKey, pair });
      expect((await former.get(creation.path)).status).toBe(401);
    },
  );
});

/** A key derives from itself alone, and these requests come with another one. */
function isOfItself({ operation }: PlacedOperation): boolean {
  return operation.operationId === 'deriveAccessKey';
}

function isNothing(placed: PlacedOperation, status: number): boolean {
  return status === 404 || (status === 403 && isOfItself(placed));
}

/** No operation takes what is gone for something that is there; a check says that it is allowed nothing. */
async function findsNothing(placed: PlacedOperation, inPath: Case['inPath']): Promise<boolean> {
  for (let tries = 0; ; tries++) {
    const { status, json } = await sendGood(placed, inPath);
    if (status !== 400 || tries === 30)
      return isNothing(placed, status) || (json as { allowed?: boolean }).allowed === false;
  }
}

/** What use changes may differ. */
function withoutUse(read: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(read).filter(([name]) => name !== 'lastUse'));
}
