/** Answers of the adapters that are not REST v1, against the OpenAPI document. */
import { beforeAll, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import { descriptionOf, type Description } from '../support/described-answers.js';
import { ExamplePanel } from '../support/example-panel.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let description: Description;
let root: Key;

beforeAll(async () => {
  const panel = new ExamplePanel();
  panel.addService('nginx');
  service = await TestService.start({
    ...panel.settings,
    METRICS_FROM: '127.0.0.1',
    TRUSTED_PROXIES: '127.0.0.2',
  });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
  root = await service.makeKey('admin', '');
  description = await descriptionOf(service);
});

interface Sent {
  method?: string;
  path: string;
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
}

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const bearer = { Authorization: 'Bearer KEY' };
const question = { accessKeyId: 'ID', secretAccessKey: 'SECRET', command: 'v-list-users' };
const evaluation = {
  subject: { type: 'access_key', id: 'ID', properties: { secretAccessKey: 'SECRET' } },
  action: { name: 'run' },
  resource: { type: 'command', id: 'v-list-users' },
};
const hestia = { access_key: 'ID', secret_key: 'SECRET', cmd: 'v-list-users', arg1: 'json' };
const account = { username: 'jane', domain: 'jane.example', password: 'SecurePass123!' };

const authorize = '/v1/authorize';
const one = '/access/v1/evaluation';
const many = '/access/v1/evaluations';

/** The name, the status that is expected, and the request; KEY, ID and SECRET stand for those of the root user's key. */
it.each<[string, number, Sent]>([
  ['a question', 200, { path: authorize, body: question }],
  ['a question that is denied', 200, { path: authorize, body: { ...question, secretAccessKey: 'wrong' } }],
  ['a question with a field too many', 400, { path: authorize, body: { ...question, clientIP: '::1' } }],
  ['a question of another type', 415, { path: authorize, body: 'x', type: 'text/plain' }],
  [
    'a question that is too long',
    413,
    { path: authorize, body: { ...question, args: ['x'.repeat(300_000)] } },
  ],
  ['an evaluation', 200, { path: one, body: evaluation, headers: { 'X-Request-ID': '4711' } }],
  ['an evaluation without a subject', 400, { path: one, body: { ...evaluation, subject: undefined } }],
  [
    'evaluations',
    200,
    { path: many, body: { ...evaluation, evaluations: [{}, { resource: { type: 'x', id: 'y' } }] } },
  ],
  ['one of them', 200, { path: many, body: evaluation }],
  ['evaluations of another form', 400, { path: many, body: { evaluations: 1 } }],
  [
    'forward-auth',
    200,
    {
      method: 'GET',
      path: '/v1/forward-auth',
      headers: { ...bearer, 'X-Hearthkey-Command': 'v-list-users', 'X-Forwarded-For': '127.0.0.3' },
    },
  ],
  [
    'forward-auth without a key',
    401,
    {
      method: 'GET',
      path: '/v1/forward-auth',
      headers: { 'X-Hearthkey-Command': 'v-list-users', 'X-Forwarded-For': '127.0.0.3' },
    },
  ],
  [
    'forward-auth without a command',
    403,
    { method: 'GET', path: '/v1/forward-auth', headers: { ...bearer, 'X-Forwarded-For': '127.0.0.3' } },
  ],
  ['a command', 200, { path: '/api/', body: hestia, type: form }],
  ['a command as JSON', 200, { path: '/api/index.php', body: hestia }],
  [
    'a command that prints nothing',
    204,
    {
      path: '/api/',
      body: { ...hestia, cmd: 'v-add-user', arg1: 'carl', arg2: 'correct-horse-1', arg3: 'c@example.com' },
      type: form,
    },
  ],
  [
    'a command that fails',
    400,
    { path: '/api/', body: { ...hestia, cmd: 'v-suspend-user', arg1: 'nobody' }, type: form },
  ],
  [
    'its code',
    200,
    {
      path: '/api/',
      body: { ...hestia, cmd: 'v-suspend-user', arg1: 'nobody', returncode: 'yes' },
      type: form,
    },
  ],
  [
    'a command with a wrong secret',
    401,
    { path: '/api/', body: { ...hestia, secret_key: 'x'.repeat(40) }, type: form },
  ],
  [
    'a legacy login',
    401,
    { path: '/api/', body: { user: 'admin', password: 'wrong', cmd: 'v-list-users' }, type: form },
  ],
  ['nothing', 405, { path: '/api/', body: '', type: form }],
  [
    'a body that is too long',
    413,
    { path: '/api/', body: { ...hestia, arg2: 'x'.repeat(2_200_000) }, type: form },
  ],
  ['accounts', 200, { method: 'GET', path: '/api/accounts', headers: bearer }],
  ['an account', 201, { path: '/api/accounts', body: account, headers: bearer }],
  ['the same account', 409, { path: '/api/accounts', body: account, headers: bearer }],
  [
    'an account without a password',
    400,
    { path: '/api/accounts', body: { username: 'joe' }, headers: bearer },
  ],
  ['domains', 200, { method: 'GET', path: '/api/accounts/jane/domains', headers: bearer }],
  [
    'a mailbox',
    201,
    {
      path: '/api/accounts/jane/email',
      body: { address: 'a@jane.example', password: 'MailPass456!' },
      headers: bearer,
    },
  ],
  ['suspended', 200, { path: '/api/accounts/jane/suspend', headers: bearer }],
  ['unsuspended', 200, { path: '/api/accounts/jane/unsuspend', headers: bearer }],
  ['deleted', 200, { method: 'DELETE', path: '/api/accounts/jane', headers: bearer }],
  ['deleted again', 404, { method: 'DELETE', path: '/api/accounts/jane', headers: bearer }],
  ['accounts without a key', 401, { method: 'GET', path: '/api/accounts' }],
  ['the server', 200, { method: 'GET', path: '/api/server/stats', headers: bearer }],
  ['its services', 200, { method: 'GET', path: '/api/server/services', headers: bearer }],
  ['an unknown action', 400, { path: '/api/server/services/nginx/explode', headers: bearer }],
  ['liveness', 200, { method: 'GET', path: '/livez' }],
  ['readiness', 200, { method: 'GET', path: '/readyz' }],
  ['metrics', 200, { method: 'GET', path: '/metrics' }],
  [
    'metrics through a proxy',
    403,
    { method: 'GET', path: '/metrics', headers: { 'X-Forwarded-For': '127.0.0.3' } },
  ],
  ['the document', 200, { method: 'GET', path: '/openapi.json' }],
])('%s: %i', async (_name, status, { method = 'POST', path, body, type = json, headers = {} }) => {
  const { id, secret, pair } = root;
  const fill = (text: string): string =>
    text
      .replace(/\bKEY\b/g, pair)
      .replace(/\bID\b/g, id)
      .replace(/\bSECRET\b/g, secret);
  const text =
    body === undefined || typeof body === 'string'
      ? body
      : type === form
        ? new URLSearchParams(body as Record<string, string>).toString()
        : JSON.stringify(body);
  const filled = Object.entries(headers).map(([name, value]) => [name, fill(value)] as const);
  const answer = await service.request(method, path, text === undefined ? undefined : fill(text), {
    headers: { ...Object.fromEntries(filled), ...(text !== undefined && { 'Content-Type': type }) },
    ...(path === '/v1/forward-auth' && { from: '127.0.0.2' }),
  });
  expect([answer.status, description.differenceOf(method, path, answer)]).toEqual([status, undefined]);
});
