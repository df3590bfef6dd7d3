/**
 * Who may do what over REST v1: for every operation and several kinds of keys the decision is the one that the
 * operation's command gets over `/api/` with the same arguments.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { AdministrationClient } from '../support/administration.js';
import type { Event, Key } from '../support/client.js';
import { TestService } from '../support/test-service.js';

/** Nobody has it: what is allowed finds nothing and changes nothing. */
const nobody = 'A'.repeat(20);
const nobodysSession = 'x'.repeat(24);
const eve = { name: 'eve-nobody', password: 'correct-horse-1', email: 'eve@example.com' };
const secret = 's'.repeat(40);

interface Asked {
  body?: object;
  /** Of the command, as REST v1 gives them. */
  args: string[];
}

/** An input for each operation; `user` is the one that is named. */
const inputs = (user: string): Record<string, Asked> => ({
  'GET /v1/access-keys': { args: [user] },
  'POST /v1/access-keys': { body: { user, permissions: ['no-such-api'] }, args: [user, 'no-such-api', ''] },
  'GET /v1/access-keys/{accessKeyId}': { args: [nobody] },
  'PATCH /v1/access-keys/{accessKeyId}': { body: { comment: 'x y' }, args: [nobody] },
  'DELETE /v1/access-keys/{accessKeyId}': { args: [nobody] },
  'POST /v1/access-keys/{accessKeyId}/suspend': { args: [nobody] },
  'POST /v1/access-keys/{accessKeyId}/unsuspend': { args: [nobody] },
  'POST /v1/access-keys/{accessKeyId}/rotate': { args: [nobody] },
  'POST /v1/access-keys/{accessKeyId}/derive': {
    body: { expiresIn: '15m', only: ['FORMAT=json'] },
    args: [nobody, '15m', '', '', '', '', 'FORMAT=json'],
  },
  'POST /v1/access-keys/{accessKeyId}/check': {
    body: { secretAccessKey: secret, command: 'v-list-users' },
    args: [nobody, secret, 'v-list-users', '127.0.0.1'],
  },
  'GET /v1/apis': { args: [] },
  'POST /v1/apis': {
    body: { name: 'billing', role: 'user', commands: [] },
    args: ['billing', 'user', '', ''],
  },
  'GET /v1/apis/{api}': { args: ['no-such-api'] },
  'PUT /v1/apis/{api}': { body: { role: 'user', commands: [] }, args: ['no-such-api', 'user', '', ''] },
  'DELETE /v1/apis/{api}': { args: ['no-such-api'] },
  'GET /v1/allowed-ips': { args: [] },
  'POST /v1/allowed-ips': { body: { address: '127.0.0.0/8' }, args: ['127.0.0.0/8'] },
  'GET /v1/allowed-ips/refused': { args: [] },
  'DELETE /v1/allowed-ips/{address}': { args: ['192.0.2.1'] },
  'GET /v1/users': { args: ['json'] },
  'POST /v1/users': { body: eve, args: ['admin', eve.password, eve.email, 'default', '', ''] },
  'GET /v1/users/{user}': { args: [user, 'json'] },
  'DELETE /v1/users/{user}': { args: ['eve-nobody'] },
  'POST /v1/users/{user}/suspend': { args: ['eve-nobody'] },
  'POST /v1/users/{user}/unsuspend': { args: ['eve-nobody'] },
  'PUT /v1/users/{user}/password': { body: { password: eve.password }, args: ['eve-nobody', eve.password] },
  'PUT /v1/users/{user}/role': { body: { role: 'user' }, args: ['eve-nobody', 'user'] },
  'PUT /v1/users/{user}/login': { body: { isDisabled: true }, args: ['eve-nobody', 'LOGIN_DISABLED', 'yes'] },
  'GET /v1/legacy-keys': { args: [] },
  'POST /v1/legacy-keys': { args: [] },
  'DELETE /v1/legacy-keys/{legacyKeyId}': { args: ['00000000'] },
  'POST /v1/leaked-secrets': { body: { secrets: [secret] }, args: [secret] },
  'GET /v1/settings': { args: [] },
  'PATCH /v1/settings': { body: { isLegacyApiOn: false }, args: ['API', 'no'] },
  'GET /v1/audit-events': { args: [] },
  'GET /v1/audit-events/counts': { args: [] },
  'GET /v1/audit-events/{number}': { args: [] },
  'GET /v1/audit-events/{number}/proof': { args: ['999999999'] },
  'GET /v1/audit-verifications': { args: [] },
  'POST /v1/audit-verifications': { args: [] },
  'POST /v1/explanations': {
    body: { accessKeyId: nobody, command: 'v-list-users' },
    args: [nobody, 'v-list-users', ''],
  },
  'GET /v1/access-keys/{accessKeyId}/suggestion': { args: [nobody] },
  'GET /v1/access-keys/{accessKeyId}/trial': { args: [nobody] },
  'PUT /v1/access-keys/{accessKeyId}/trial': { body: { permissions: ['billing'] }, args: [nobody] },
  'DELETE /v1/access-keys/{accessKeyId}/trial': { args: [nobody] },
  'POST /v1/access-keys/{accessKeyId}/trial/enforce': { args: [nobody] },
  'GET /v1/access-keys/{accessKeyId}/usage': { args: [nobody] },
  'GET /v1/trials': { args: [user] },
  'GET /v1/approvals': { args: [] },
  'POST /v1/approvals/{approvalId}/approve': { args: ['0123456789abcdef'] },
  'DELETE /v1/approvals/{approvalId}': { args: ['0123456789abcdef'] },
  'GET /v1/apis/{api}/suggestion': { args: ['no-such-api'] },
  'GET /v1/users/{user}/suggestion': { args: [user] },
  'GET /v1/commands': { args: [] },
  'GET /v1/nodes': { args: [] },
  'GET /v1/findings': { args: [] },
  'GET /v1/alert-receivers': { args: [] },
  'POST /v1/alert-tests': { args: [] },
  'GET /v1/sessions': { args: [user] },
  'GET /v1/passkeys': { args: [user] },
  'DELETE /v1/passkeys/{passkeyId}': { args: [nobodysSession] },
  'DELETE /v1/sessions/{sessionId}': { args: [nobodysSession] },
});

const page = readFileSync(new URL('../../docs/api/README.md', import.meta.url), 'utf8');
const operations = [...page.matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) \S+)` +\| `(v-[a-z-]+)`/gm)].map(
  ([, operation = '', command = '']) => ({ operation, command }),
);

let service: TestService;
const keys = new Map<string, Key>();

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'bob']);
  const commands = [...new Set(operations.map(({ command }) => command))].sort();
  const half = commands.filter((_, index) => index % 2 === 0);
  const withoutUser = commands.filter(
    (name) => !/user|access-keys$|add-access-key|list-sessions|list-passkeys/.test(name),
  );
  await service.ok('v-add-api', 'user-all', 'user', commands.join(','));
  await service.ok('v-add-api', 'user-safe', 'user', commands.join(','), withoutUser.join(','));
  await service.ok('v-add-api', 'admin-all', 'admin', commands.join(','));
  await service.ok('v-add-api', 'admin-half', 'admin', half.join(','));
  const make = async (kind: string, ...args: string[]): Promise<void> => {
    const [user = '', permissions = '', ...limits] = args;
    // A key has 120 requests a minute: one for each user that is asked about.
    for (const place of [0, 1]) {
      const pair = await service.ok('v-add-access-key', user, permissions, '', 'plain', ...limits);
      const [id = '', secret = ''] = pair.trim().split(':');
      keys.set(`${kind} ${String(place)}`, { id, secret, pair: pair.trim() });
    }
  };
  await make('root user, everything', 'admin', '');
  await make('root user, all commands', 'admin', 'admin-all');
  await make('root user, half of the commands', 'admin', 'admin-half');
  await make('root user, held to alice', 'admin', '', '--only', 'USER=alice');
  await make('user, all commands', 'alice', 'user-all');
  await make('user, SAFE', 'alice', 'user-safe');
  await make('user, one role', 'alice', 'purge-nginx-cache');
});

it('knows every operation of the table', () => {
  const known = Object.keys(inputs('alice')).sort();
  expect(operations.map(({ operation }) => operation).sort()).toEqual(known);
});

/** The newest decision about this key. */
async function lastDecision(key: Key, command: string): Promise<Partial<Event>> {
  const events = await service.events('--key', key.id, '--command', command, '--type', 'decision');
  const { outcome, reason } = events.at(-1) ?? {};
  return { ...(outcome !== undefined && { outcome }), ...(reason !== undefined && { reason }) };
}

function pathOf(operation: string, user: string): { method: string; path: string } {
  const [method = '', path = ''] = operation.split(' ');
  const isList = ['GET /v1/access-keys', 'GET /v1/sessions', 'GET /v1/passkeys'].includes(operation);
  const named = path
    .replace('{accessKeyId}', nobody)
    .replace('{api}', 'no-such-api')
    .replace('{address}', '192.0.2.1')
    .replace('{legacyKeyId}', '00000000')
    .replace('{number}', '999999999')
    .replace('{sessionId}', nobodysSession)
    .replace('{passkeyId}', nobodysSession)
    .replace('{approvalId}', '0123456789abcdef')
    .replace('{user}', operation.startsWith('GET') ? user : 'eve-nobody');
  const query = isList ? `?user=${user}` : path.endsWith('/counts') ? '?by=command' : '';
  return { method, path: `${named}${query}` };
}

describe.each([
  ...['root user, everything', 'root user, all commands', 'root user, half of the commands'],
  'root user, held to alice',
])('a key of the %s', (kind) => matrix(kind, ['alice', 'admin']));
describe.each(['user, all commands', 'user, SAFE', 'user, one role'])('a key of a %s', (kind) =>
  matrix(kind, ['alice', 'bob']),
);

function matrix(kind: string, users: string[]): void {
  it.each(operations)('$operation is decided as $command', async ({ operation, command }) => {
    for (const [place, user] of users.entries()) {
      const key = keys.get(`${kind} ${String(place)}`) as Key;
      const { body, args } = inputs(user)[operation] as Asked;
      const { method, path } = pathOf(operation, user);
      const answer = await new AdministrationClient(service, key).send(method, path, body);
      const decided = await lastDecision(key, command);
      expect(answer.status).not.toBe(500);
      expect(answer.status === 403).toBe(
        decided.outcome === 'deny' ||
          (answer.json as { reason?: string } | undefined)?.reason === 'forbidden',
      );
      await service.call(key, command, args);
      expect({ operation, user, ...(await lastDecision(key, command)) }).toEqual({
        operation,
        user,
        ...decided,
      });
    }
  });
}
