/** The OpenAPI document and its pages: as they are served, against the routes, and against docs/openapi.json. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { version } from '../../src/config/version.js';
import { operationsOf, type OpenApiDocument, type PlacedOperation } from '../../src/http/openapi/document.js';
import { renderPages } from '../../src/http/openapi/pages/docs-pages.js';
import type { HttpRoute } from '../../src/http/http-route.js';
import { routes } from '../../src/http/routes.js';
import type { HttpAnswer } from '../support/client.js';
import { Description } from '../support/described-answers.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let document: OpenApiDocument;
let operations: PlacedOperation[];
const get = (path: string, headers = {}) => service.request('GET', path, undefined, { headers });

beforeAll(async () => {
  service = await TestService.start();
  document = JSON.parse((await get('/openapi.json')).body) as OpenApiDocument;
  operations = operationsOf(document.paths);
});

describe('the document', () => {
  it('has an operation for each row of REST v1 in src/http/routes.ts, and no other', () => {
    const rows: HttpRoute[] = Object.values(routes);
    const wanted = rows
      .filter(({ adapter }) => adapter === 'administration')
      .flatMap(({ paths, methods }) =>
        methods === 'all' ? [] : paths.flatMap((path) => methods.map((method) => `${method} ${path}`)),
      )
      .map((operation) => operation.replace(/:(\w+)/g, '{$1}'));
    const decisions = Object.values(routes).filter(({ adapter }) => adapter === 'decisions');
    const others = decisions.flatMap(({ paths }): readonly string[] => paths);
    const described = operations.filter(({ path }) => path.startsWith('/v1/') && !others.includes(path));
    expect(described.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(
      wanted.sort(),
    );
  });

  it('describes a path for every other row', () => {
    const rows: HttpRoute[] = Object.values(routes);
    const wanted = rows
      .filter(({ adapter }) => !['administration', 'rest', 'console'].includes(adapter))
      .flatMap(({ paths }) => paths)
      // The same as /api/; and pages are for people.
      .filter((path) => path !== '/api' && !path.startsWith('/docs'));
    expect(wanted.filter((path) => !(path in document.paths))).toEqual([]);
  });

  it('has every route of the REST dialect, with its commands', () => {
    const file = new URL('../../src/http/rest/routes/rest-routes.json', import.meta.url);
    const table = JSON.parse(readFileSync(file, 'utf8')) as {
      routes: { route: string; steps: { run: string[] }[] }[];
    };
    for (const { route, steps } of table.routes) {
      const [method = '', path = ''] = route.split(' ');
      const found = operations.find(
        (placed) => placed.path === `/api${path}` && placed.method.toUpperCase() === method,
      );
      for (const { run } of steps) expect(found?.operation.description).toContain(`\`${run[0] ?? ''}\``);
    }
  });

  it('names each operation once, as a method of a client', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][A-Za-z]+$/.test(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['listAccessKeys', 'createAccessKey', 'rotateAccessKey']));
  });

  it('names the command of each operation that takes an access key in REST v1', () => {
    const nameless = operations.filter(
      ({ path, operation }) =>
        path.startsWith('/v1/') && path !== '/v1/whoami' && operation['x-hearthkey-command'] === undefined,
    );
    const keys = nameless.filter(({ operation }) => 'accessKey' in (operation.security?.[0] ?? {}));
    expect(keys.map(({ path }) => path)).toEqual([]);
  });

  it('says of each field of an input that no other is taken, and has no null of OpenAPI 3.0', () => {
    expect(document.components.schemas['NewAccessKeyInput']).toMatchObject({ additionalProperties: false });
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('is the one in docs/openapi.json', () => {
    const file = new URL('../../docs/openapi.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(document);
  });

  it('has the version of the API, and not that of the program', () => {
    expect(document.info.version).toBe('v1');
    expect(JSON.stringify(document)).not.toContain(version);
  });

  it('may be kept by anybody, who asks whether it has changed', async () => {
    const { headers, status } = await get('/openapi.json');
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    const again = await get('/openapi.json', { 'If-None-Match': headers.etag ?? '' });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((await get('/openapi.json', { 'If-None-Match': '"another"' })).status).toBe(200);
  });
});

describe('the pages', () => {
  it('have every operation, work without scripts, and load nothing from elsewhere', async () => {
    const start = await get('/docs');
    const links = [...start.body.matchAll(/href="(\/docs\/[a-z0-9-]+)"/g)].map(([, link = '']) => link);
    const pages = await Promise.all([...new Set(links)].map((link) => get(link)));
    expect(pages.length).toBe(document.tags.length);
    const text = pages.map(({ body }) => body).join('');
    for (const { operation } of operations) expect(text).toContain(`id="${operation.operationId}"`);
    for (const { status, headers, body } of [start, ...pages]) {
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(body).not.toMatch(/<script|<iframe|<img|\sstyle=|\son[a-z]+=|(?:href|src)="(?!\/|#)/i);
    }
    expect((await get('/docs/style.css')).headers['content-type']).toBe('text/css; charset=utf-8');
    expect((await get('/docs/nothing')).status).toBe(404);
  });

  it('escape whatever a description says', () => {
    const evil = `<script>alert("x")</script>' onload='x`;
    const changed = structuredClone(document);
    changed.info.title = evil;
    changed.tags = [{ name: evil, description: evil }];
    for (const { operation } of operationsOf(changed.paths))
      Object.assign(operation, { summary: evil, description: evil, tags: [evil] });
    for (const schema of Object.values(changed.components.schemas)) schema.description = evil;
    const text = [...renderPages(changed).values()].map((page) => page.text).join('');
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/<script|' onload='/);
  });
});

describe('an answer that is not as described', () => {
  const answer = (status: number, body: unknown, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
    ...{ status, code: Number.NaN, body: typeof body === 'string' ? body : JSON.stringify(body) },
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
  const path = '/v1/access-keys';
  const problem = { type: 'about:blank', title: 'Not Found', status: 404, detail: 'no', reason: 'not_found' };
  const problemType = { 'content-type': 'application/problem+json; charset=utf-8' };

  it.each<[string, string, string, HttpAnswer, RegExp | undefined]>([
    ['a list', 'GET', path, answer(200, { items: [], next: null }), undefined],
    ['a missing field', 'GET', path, answer(200, { items: [] }), /next/],
    ['a field too many', 'GET', path, answer(200, { items: [], next: null, total: 1 }), /total/],
    [
      'a field within, of another type',
      'GET',
      path,
      answer(200, { items: [{ user: 1 }], next: null }),
      /user/,
    ],
    ['another status', 'GET', path, answer(418, {}), /does not describe 418/],
    ['another type', 'GET', path, answer(200, '', { 'content-type': 'text/html' }), /text\/html/],
    ['no entity tag', 'GET', `${path}/InNqgp01kO3v0W22eg6Z`, answer(200, {}), /ETag/],
    ['a body where there is none', 'DELETE', `${path}/InNqgp01kO3v0W22eg6Z`, answer(204, 'x'), /a body/],
    ['an unknown path', 'GET', '/v1/nothing', answer(404, problem, problemType), undefined],
    ['an unknown path that is answered', 'GET', '/v1/nothing', answer(200, {}), /404 was expected/],
    ['another list of methods', 'PUT', path, answer(405, problem, { ...problemType, allow: 'GET' }), /Allow/],
  ])('%s', (_name, method, url, given, expected) => {
    const difference = new Description(document).differenceOf(method, url, given);
    if (expected === undefined) expect(difference).toBeUndefined();
    else expect(difference).toMatch(expected);
  });
});
