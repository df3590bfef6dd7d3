import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RouteTable } from './rest-route-table.js';

const folder = mkdtempSync(join(tmpdir(), 'hk-routes-'));
const file = join(folder, 'routes.json');
afterAll(() => rmSync(folder, { recursive: true }));

function tableWith(content: unknown): RouteTable {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return RouteTable.read(file);
}

const step = { run: ['v-list-things', 'json'] };
const route = { route: 'GET /things', steps: [step], answer: 'x' };
const withUser = { ...route, route: 'GET /things/{user}', inputs: { user: { type: 'user' } } };

/** What the method and path come to: the route as its answer tells it. */
function found(table: RouteTable, method: string, path: string): unknown {
  const match = table.find(method, path);
  return 'allowed' in match ? match.allowed : [match.route.path.length, Object.fromEntries(match.inputs)];
}

describe('the route table', () => {
  it('that is shipped can be read', () => {
    expect(RouteTable.read(undefined).list().length).toBeGreaterThanOrEqual(10);
  });

  it('may begin with a byte order mark', () => {
    expect(found(tableWith(`\uFEFF${JSON.stringify({ routes: [route] })}`), 'GET', '/things')).toEqual([
      1,
      {},
    ]);
  });

  it('prefers the more literal of two routes, and falls back by method', () => {
    const table = tableWith({
      routes: [
        route,
        withUser,
        { ...route, route: 'GET /things/all' },
        { ...withUser, route: 'POST /things/{user}' },
      ],
    });
    expect(found(table, 'GET', '/things')).toEqual([1, {}]);
    expect(found(table, 'GET', '/things/all')).toEqual([2, {}]);
    expect(found(table, 'GET', '/things/jane')).toEqual([2, { user: 'jane' }]);
    expect(found(table, 'POST', '/things/all')).toEqual([2, { user: 'all' }]);
    expect(found(table, 'PUT', '/things/jane')).toEqual(['GET', 'POST']);
    expect(found(table, 'GET', '/nothing')).toEqual([]);
    expect(found(table, 'GET', '/constructor')).toEqual([]);
  });

  it("is changed by the operator's file: routes come, change and go, and names are replaced list by list", () => {
    const table = tableWith({
      names: { services: { web: 'caddy' } },
      remove: ['GET /server/stats'],
      routes: [{ ...route, route: 'GET /accounts' }],
    });
    expect(found(table, 'GET', '/server/stats')).toEqual([]);
    expect(table.names['services']).toEqual({ web: 'caddy' });
    expect(table.names['actions']).toBeDefined();
    const match = table.find('GET', '/accounts');
    expect('route' in match && match.route.steps[0]?.run.args.length).toBe(1);
  });
});

describe('a file of routes that is wrong stops the start, naming the file and the place', () => {
  const wrongRoutes: [string, object, RegExp][] = [
    ['another method', { route: 'HEAD /x' }, /expected "METHOD \/path"/],
    ['no path', { route: 'GET' }, /begin with \//],
    ['a path with large letters', { route: 'GET /Things' }, /can't be a part of a path/],
    ['a path that climbs', { route: 'GET /../x' }, /can't be a part/],
    ['the path of the other dialect', { route: 'POST /index.php' }, /other dialect/],
    ['an unknown property', { extra: 1 }, /extra/],
    ['no steps', { steps: [] }, /steps/],
    ['a command that is none', { steps: [{ run: ['rm', '-rf'] }] }, /"rm" is no name of a command/],
    ['a path as a command', { steps: [{ run: ['v-x/../y'] }] }, /no name of a command/],
    ['an unknown name in an argument', { steps: [{ run: ['v-x', '{who}'] }] }, /\{who\} is neither/],
    ['an unknown name in the answer', { answer: { a: '{b.c}' } }, /\{b\} is neither/],
    [
      'an unknown pipe',
      { steps: [{ ...step, as: 'a', read: 'json' }], answer: '{a|shout}' },
      /no pipe called "shout"/,
    ],
    [
      'a pipe of every object',
      { steps: [{ ...step, as: 'a', read: 'json' }], answer: '{a|valueOf}' },
      /no pipe/,
    ],
    [
      'a pipe with too few words',
      { steps: [{ ...step, as: 'a', read: 'json' }], answer: '{a|of}' },
      /takes 1/,
    ],
    ['a lone brace', { answer: 'a } b' }, /a brace without its other/],
    ['a result that is not read', { steps: [{ ...step, as: 'a' }] }, /go together/],
    [
      'a bad pattern',
      { steps: [{ ...step, as: 'a', read: { pattern: '(' } }] },
      /Invalid regular expression/,
    ],
    ['a part of the path that is not described', { route: 'GET /{x}' }, /"inputs" has no x/],
    ['an unknown type', { inputs: { x: { type: 'any' } } }, /inputs\.x\.type/],
    [
      'a choice of nothing',
      { inputs: { x: { type: 'choice', names: 'nothing' } } },
      /no names called "nothing"/,
    ],
    ['a name of its own', { inputs: { key: { type: 'word' } } }, /can't be called key/],
    ['a secret in the answer', { inputs: { p: { type: 'password' } }, answer: '{p}' }, /\{p\} is a secret/],
    ['a default secret', { inputs: { p: { type: 'password', default: 'x' } } }, /can't have a default/],
    [
      'a free text in the name of a command',
      { inputs: { x: { type: 'word', required: true } }, steps: [{ run: ['v-{x}'] }] },
      /only a choice/,
    ],
    ['a condition that is no input', { steps: [{ ...step, when: 'x' }] }, /"when" names x/],
    ['a list of nothing', { steps: [{ ...step, for_each: 'x' }] }, /"for_each" names x/],
    ['another status', { status: 500 }, /status/],
  ];

  it.each(wrongRoutes)('%s', (_what, change, problem) => {
    const read = () => tableWith({ routes: [route, { ...route, ...change }] });
    expect(read).toThrow(problem);
    expect(read).toThrow(`${file}, route 2`);
  });

  it('the same route twice', () => {
    expect(() => tableWith({ routes: [withUser, { ...withUser }] })).toThrow(/route 2 .*another route/);
  });

  it('a route to take away that is not there', () => {
    expect(() => tableWith({ remove: ['GET /nothing'] })).toThrow(
      `${file}, remove (GET /nothing): there is no`,
    );
  });

  it('something that is not JSON, with the line', () => {
    expect(() => tableWith('{\n  "routes": [],\n  "names": {},,\n}\n')).toThrow(`${file}, line 3: `);
    expect(() => tableWith('{\n  "routes": undefined\n}\n')).toThrow(`${file}, line 2: `);
    expect(() => tableWith('{\n  "routes": [\n')).toThrow(`${file}, line 3: `);
    expect(() => tableWith('')).toThrow(`${file}, line 1: `);
    expect(() => tableWith('[]')).toThrow(`${file}: `);
  });

  it('a file that is not there', () => {
    expect(() => RouteTable.read('/nonexistent/routes.json')).toThrow(
      "HEARTHKEY_REST_ROUTES: /nonexistent/routes.json can't be read: it is not there (ENOENT)",
    );
  });
});
