/** The fast path of Hestia's dialect answers as the standard path does, to the byte, for every request. */
import { beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const form = 'application/x-www-form-urlencoded';
const scripts = {
  'v-list-text': { script: 'echo "some text  "' },
  'v-list-json': { script: `echo '{"a":1}'` },
  'v-list-nothing': { script: 'exit 0' },
  'v-list-failure': { script: 'echo no; exit 3' },
};
let service: TestService;
let root: Key;
let limited: Key;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory(scripts);
  service = await TestService.startOpen(['alice'], {
    COMMANDS_DIR,
    FAILURE_LIMIT: '0',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  root = await service.makeKey('admin', '');
  const words = ['admin', '', '', 'plain', '--rate-limit', '1000/h'];
  const [id = '', secret = ''] = (await service.ok('v-add-access-key', ...words)).trim().split(':');
  limited = { id, secret, pair: `${id}:${secret}` };
});

interface Sent {
  body?: string;
  type?: string;
  fields?: string;
  method?: string;
}

/** With a query a request takes the standard path. */
const paths = { short: '/api/', usual: '/api/?' };

async function ask(
  path: string,
  { body = '', type = form, fields = '', method = 'POST' }: Sent,
): Promise<string> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const answer = text(socket.setEncoding('latin1'));
  const length = `Content-Length: ${String(Buffer.byteLength(body))}\r\n`;
  const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\n${fields}`;
  socket.write(`${head}${length}\r\n${body}`);
  return (await answer)
    .replace(/Date: [^\r]*/, 'Date: some time')
    .replace(/ratelimit-(remaining|reset): \d+/g, 'ratelimit-$1: some');
}

const credentials = ({ id, secret }: Key): string => `access_key=${id}&secret_key=${secret}`;
const cases: [string, (root: Key, limited: Key) => Sent, RegExp][] = [
  [
    'text',
    (key) => ({ body: `${credentials(key)}&cmd=v-list-text` }),
    /^HTTP\/1.1 200 .*text\/plain.*some text$/s,
  ],
  [
    'JSON',
    (key) => ({ body: `${credentials(key)}&cmd=v-list-json` }),
    /^HTTP\/1.1 200 .*application\/json.*1\}$/s,
  ],
  [
    'nothing',
    (key) => ({ body: `${credentials(key)}&cmd=v-list-nothing` }),
    /^HTTP\/1.1 204 (?!.*content-length)/s,
  ],
  [
    'a failure',
    (key) => ({ body: `${credentials(key)}&cmd=v-list-failure` }),
    /^HTTP\/1.1 400 .*exit-code: 3/s,
  ],
  ['a code', (key) => ({ body: `${credentials(key)}&cmd=v-list-failure&returncode=yes` }), /\r\n3$/],
  ['a limit', (_, key) => ({ body: `${credentials(key)}&cmd=v-list-text` }), /ratelimit-limit: 1000/],
  [
    'a wrong secret',
    (key) => ({ body: `hash=${key.id}:${'x'.repeat(40)}&cmd=v-list-text` }),
    /^HTTP\/1.1 401/,
  ],
  ['a wrong password', () => ({ body: 'user=admin&password=x&cmd=v-list-text' }), /API has been disabled$/],
  ['no such command', (key) => ({ body: `${credentials(key)}&cmd=v-list-other` }), /^HTTP\/1.1 4/],
  ['an odd command', (key) => ({ body: `${credentials(key)}&cmd=..` }), /^HTTP\/1.1 422/],
  ['an array', (key) => ({ body: `${credentials(key)}&cmd[]=v-list-text` }), /^HTTP\/1.1 422/],
  ['nobody', () => ({ body: 'cmd=v-list-text' }), /^HTTP\/1.1 405/],
  ['no body', () => ({}), /^HTTP\/1.1 405/],
  [
    'JSON sent',
    ({ id, secret }) => ({
      type: 'application/json',
      body: JSON.stringify({ access_key: id, secret_key: secret, cmd: 'v-list-text' }),
    }),
    /some text$/,
  ],
  ...['json', ';', 'foo/', '/bar', 'a b', 'application/json; charset', '\u00e9/x'].map(
    (type): (typeof cases)[number] => [
      `JSON under the type ${type}`,
      ({ id, secret }) => ({
        type,
        body: JSON.stringify({ access_key: id, secret_key: secret, cmd: 'v-list-text' }),
      }),
      /some text$/,
    ],
  ),
  ['no JSON sent', () => ({ type: 'application/json', body: '{' }), /^HTTP\/1.1 405/],
  ['no multipart sent', () => ({ type: 'multipart/form-data', body: 'x' }), /^HTTP\/1.1 405/],
  [
    'a proxy',
    (key) => ({ fields: 'X-Forwarded-For: 203.0.113.9\r\n', body: `${credentials(key)}&cmd=v-list-text` }),
    /^HTTP\/1.1 401/,
  ],
  ['another method', () => ({ method: 'PUT', body: 'x' }), /^HTTP\/1.1 405/],
];

it.each(cases)('answers %s alike', async (_, sent, expected) => {
  const [asked, usual] = [sent(root, limited), await ask(paths.usual, sent(root, limited))];
  expect(usual).toMatch(expected);
  expect(await ask(paths.short, asked)).toBe(usual);
});

it('answers one after the other on a connection, and is harmed by nobody who is gone', async () => {
  const body = `${credentials(root)}&cmd=v-list-text`;
  const fields = `Host: x\r\nContent-Type: ${form}\r\nContent-Length: ${String(body.length)}\r\n`;
  const asked = `POST /api/ HTTP/1.1\r\n${fields}\r\n${body}`;
  const port = Number(new URL(service.url).port);
  for (const sent of [asked, asked.slice(0, -5), asked.slice(0, 60)]) {
    const gone = connect(port, '127.0.0.1');
    await once(gone, 'connect');
    gone.write(sent, () => gone.resetAndDestroy());
    await once(gone, 'close');
  }
  const socket = connect(port, '127.0.0.1');
  const answers = text(socket);
  socket.write(`${asked.repeat(3)}POST /api/ HTTP/1.1\r\nConnection: close\r\n${fields}\r\n${body}`);
  expect((await answers).split('some text').length - 1).toBe(4);
});
