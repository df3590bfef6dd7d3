import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findGateRoute, parseGateRoutes } from './gate-routes.js';

const table = `
# mail
GET     /mail/{user}              v-list-mail-domains  {user}
POST    /mail/{user}/{domain}     v-add-mail-domain    {user} {domain} no
GET     /users                    v-list-users         json
GET     /users/me                 v-list-user          admin
GET     /users/{user}             v-list-user          {user}
*\t/files/{user}/\tv-list-user\t{user}
GET     /                         v-list-sys-info
`;
const routes = parseGateRoutes(table);
const find = (method: string, target: string) => findGateRoute(routes, method, target);

describe('a route table', () => {
  it.each([
    ['GET', '/mail/alice', 'v-list-mail-domains', ['alice']],
    ['POST', '/mail/alice/example.com', 'v-add-mail-domain', ['alice', 'example.com', 'no']],
    ['GET', '/users', 'v-list-users', ['json']],
    ['GET', '/users?user=bob&x=/../y', 'v-list-users', ['json']],
    ['GET', '/users/me', 'v-list-user', ['admin']],
    ['GET', '/users/you', 'v-list-user', ['you']],
    ['DELETE', '/files/alice/', 'v-list-user', ['alice']],
    ['GET', '/', 'v-list-sys-info', []],
    ['GET', '/mail/a%40example.com', 'v-list-mail-domains', ['a@example.com']],
    ['GET', '/mail/%C3%BC', 'v-list-mail-domains', ['ü']],
  ])('takes %s %s for %s', (method, target, command, args) => {
    expect(find(method, target)).toEqual({ command, args });
  });

  it.each([
    ['another method', 'POST', '/users'],
    ['a method in small letters', 'get', '/users'],
    ['no method', '', '/users'],
    ['another path', 'GET', '/user'],
    ['a longer path', 'GET', '/users/a/b'],
    ['a slash at the end', 'GET', '/users/'],
    ['no slash at the end', 'GET', '/files/alice'],
    ['two slashes', 'GET', '//users'],
    ['an empty segment', 'GET', '/mail/'],
    ['an empty segment between', 'POST', '/mail//example.com'],
    ['a way up', 'POST', '/mail/alice/..'],
    ['a way up that is encoded', 'POST', '/mail/alice/%2e%2E'],
    ['this place', 'GET', '/mail/.'],
    ['a slash that is encoded', 'GET', '/mail/alice%2Fbob'],
    ['a backslash', 'GET', '/mail/alice\\bob'],
    ['a backslash that is encoded', 'GET', '/mail/alice%5cbob'],
    ['what is encoded twice', 'GET', '/mail/alice%252Fbob'],
    ['parameters of a segment', 'GET', '/mail/alice;x=1'],
    ['a fragment', 'GET', '/mail/alice#bob'],
    ['NUL', 'GET', '/mail/alice%00'],
    ['a line end', 'GET', '/mail/alice%0abob'],
    ['a blank', 'GET', '/mail/alice%20bob'],
    ['a literal that is encoded', 'GET', '/%75sers'],
    ['broken encoding', 'GET', '/mail/%zz'],
    ['broken UTF-8', 'GET', '/mail/%ff'],
    ['an escape that nothing needs', 'GET', '/mail/al%69ce'],
    ['the same of a sign', 'GET', '/mail/al%2Dice'],
    ['letters that are not escaped', 'GET', '/mail/\u00fc'],
    ['a line end', 'GET', '/mail/alice%0a'],
    ['an escape of an escape', 'GET', '/mail/%2561lice'],
    ['a whole URL', 'GET', 'http://example.com/users'],
    ['two paths', 'GET', '/users, /users'],
    ['nothing', 'GET', ''],
    ['an asterisk', 'OPTIONS', '*'],
  ])('has no line for %s (%s %s)', (_what, method, target) => {
    expect(find(method, target)).toBeUndefined();
  });

  it.each([
    ['get /users v-list-users', 'line 2: expected a method in capitals, or *'],
    ['GET users v-list-users', 'line 2: expected a path that starts with /'],
    ['GET /users', 'line 2: expected a command (v-…)'],
    ['GET /users list-users', 'line 2: expected a command (v-…)'],
    ['GET /users/../x v-list-users', 'line 2: a path has no . or .. in it'],
    ['GET /users//x v-list-users', 'line 2: expected words'],
    ['GET /users/a{b} v-list-users', 'line 2: expected words'],
    ['GET /users/{B} v-list-users', 'line 2: expected words'],
    ['GET /users/%41 v-list-users', 'line 2: expected words'],
    ['GET /users/{a}/{a} v-list-users', 'line 2: a variable stands in the path twice'],
    ['GET /users/{a} v-list-users {b}', 'line 2: {b} is not in the path'],
    ['GET /users v-list-users $(id)', 'line 2: expected words'],
    ['GET /users v-list-users "a"', 'line 2: expected words'],
  ])('with %p is none', (line, problem) => {
    expect(() => parseGateRoutes(`# first\n${line}\n`)).toThrow(problem);
  });

  it('that is too long is none', () => {
    expect(() => parseGateRoutes('#'.repeat(262_145))).toThrow('longer than');
  });

  it('never hands on what could be another path, whatever is asked for', () => {
    const piece = fc.constantFrom(
      '/',
      '..',
      '.',
      '%2f',
      '%2e',
      '%5c',
      'mail',
      'alice',
      'users',
      '%',
      '?',
      ';',
      '%00',
    );
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST'),
        fc.array(piece).map((all) => `/${all.join('')}`),
        (method, target) => {
          for (const arg of find(method, target)?.args ?? []) {
            expect(arg).toMatch(/^[^/\\%?#;\0]+$/);
            expect(['.', '..']).not.toContain(arg);
          }
        },
      ),
    );
  });
});
