/** What is answered from the head of a request, what is recorded of it, and how it is worded for those who read a number. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { countOf, type Event, type Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const form = 'application/x-www-form-urlencoded';
const allowed = '127.0.0.1';
const stranger = '127.0.0.9';
const COMMANDS_DIR = commandsDirectory({
  'v-list-something': { script: 'echo something' },
  'v-list-slowly': { script: 'while [ ! -e "$1" ]; do sleep 0.1; done; echo slowly', options: 'FILE' },
});
let service: TestService;
let key: Key;

beforeAll(async () => {
  service = await TestService.start({ COMMANDS_DIR, FAILURE_LIMIT: '1000' });
  await service.ok('v-add-sys-api-ip', allowed);
  await service.ok('v-add-sys-api-ip', '127.0.1.0/24');
  key = await service.makeKey('admin', '');
});

interface Raw {
  socket: Socket;
  /** All that has come. */
  answer: () => string;
  hasEnded: () => boolean;
}

async function open(from: string, sent: string | Buffer, at = service): Promise<Raw> {
  const { hostname, port } = new URL(at.url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  let answer = '';
  let hasEnded = false;
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('end', () => (hasEnded = true)).on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(sent);
  return { socket, answer: () => answer, hasEnded: () => hasEnded };
}

/** The whole answer, once the service has closed the connection. */
async function ask(
  from: string,
  sent: string | Buffer,
  at?: TestService,
): Promise<{ head: string; body: string }> {
  const { answer, hasEnded, socket } = await open(from, sent, at);
  await within(20_000, 'the connection is closed', () => hasEnded());
  socket.destroy();
  const [head = '', body = ''] = answer().split('\r\n\r\n');
  return { head, body };
}

function head(length: number, { method = 'POST', path = '/api/', more = '' } = {}): string {
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\nContent-Length: ${String(length)}\r\n${more}\r\n`;
}

const million = 2_000_000;

/** What is recorded of an address, with the sums: what other tests did a second ago may still come into the record. */
const eventsFrom = async (address: string): Promise<Event[]> =>
  (await service.eventsAndSums()).filter(({ clientAddress }) => clientAddress === address);
const countFrom = async (address: string): Promise<number> => countOf(await eventsFrom(address));

describe('an address that is not let in', () => {
  it.each([
    ['none of its body', ''],
    ['a part of its body', 'a&'.repeat(1000)],
  ])('is refused by its head, having sent %s', async (_what, part) => {
    const { head: answered, body } = await ask(stranger, `${head(million)}${part}`);
    expect(answered).toMatch(/^HTTP\/1\.1 401 /);
    expect(answered).toMatch(/^hestia-exit-code: 10\r$/im);
    expect(answered).toMatch(/^connection: close\r?$/im);
    expect(body).toBe('10 Error: IP is not allowed to connect with API');
  });

  it('gets its answer although it goes on sending', async () => {
    const { head: answered } = await ask(stranger, `${head(million)}${'a&'.repeat(million / 2)}`);
    expect(answered).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('gets the code alone where the part that has come asks for it', async () => {
    const { body } = await ask(stranger, `${head(million)}hash=x&returncode=yes&cmd=v-list-something&arg1=x`);
    expect(body).toBe('10');
  });

  it('is told the same as ever where a short request has come whole, and is recorded by name', async () => {
    const answer = await service.call(key, 'v-list-something', [], { from: stranger });
    expect(answer).toMatchObject({
      status: 401,
      code: 10,
      body: 'Error: IP is not allowed to connect with API',
    });
    const events = await service.events('--key', key.id, '--reason', 'address_not_allowed');
    expect(events.at(-1)).toMatchObject({ clientAddress: stranger, command: 'v-list-something', code: 10 });
  });

  it('is asked to send no body', async () => {
    const { head: answered } = await ask(stranger, head(million, { more: 'Expect: 100-continue\r\n' }));
    expect(answered).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('is refused by its head in the REST dialect, and recorded with its key', async () => {
    const other = await service.makeKey('admin', '');
    const sent = `POST /api/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${other.pair}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n[[[`;
    const { head: answered, body } = await ask(stranger, sent);
    expect(answered).toMatch(/^HTTP\/1\.1 403 /);
    expect(JSON.parse(body)).toMatchObject({ error: 'forbidden', code: 10 });
    const events = await service.events('--key', other.id, '--reason', 'address_not_allowed');
    expect(events).toMatchObject([{ clientAddress: stranger, command: 'v-add-user' }]);
  });

  it('sees its failures counted, and a flood of them summed', async () => {
    const flooding = '127.0.0.10';
    await Promise.all(Array.from({ length: 40 }, () => ask(flooding, head(million))));
    await within(20_000, 'all are in the record', async () => (await countFrom(flooding)) === 40);
    expect((await eventsFrom(flooding)).some(({ count = 1 }) => count > 1)).toBe(true);
  });
});

describe('a request that is not read', () => {
  let lastAddress = 0;

  it.each<[string, string, () => string, RegExp]>([
    [
      'names nobody',
      'request_malformed',
      () => `${head(3, { more: 'Connection: close\r\n' })}a=b`,
      /^HTTP\/1\.1 405 /,
    ],
    [
      'comes by another method',
      'request_malformed',
      () => head(0, { method: 'GET', more: 'Connection: close\r\n' }),
      /^HTTP\/1\.1 405 /,
    ],
    ['is too long', 'request_too_large', () => head(3_000_000), /^HTTP\/1\.1 413 /],
    [
      'is too long for the REST dialect',
      'request_too_large',
      () => head(70_000, { path: '/api/accounts' }),
      /^HTTP\/1\.1 413 /,
    ],
    ['names no route', 'request_malformed', () => head(70_000, { path: '/api/nothing' }), /^HTTP\/1\.1 404 /],
    [
      'has too many fields',
      'request_malformed',
      () => `${head(200, { more: 'Connection: close\r\n' })}${'a&'.repeat(100)}`,
      /^HTTP\/1\.1 422 /,
    ],
  ])('because it %s is in the record, and no login', async (_what, reason, sent, status) => {
    const address = `127.0.1.${String(++lastAddress)}`;
    const logins = service.authLog.length;
    expect((await ask(address, sent())).head).toMatch(status);
    await within(20_000, 'it is recorded', async () => (await countFrom(address)) > 0);
    expect(await eventsFrom(address)).toMatchObject([{ reason, code: 2 }]);
    expect(service.authLog).toHaveLength(logins);
  });
});

describe('the code alone, where it is asked for', () => {
  const yes = 'returncode=yes&hash=x';
  const close = { more: 'Connection: close\r\n' };
  it.each<[string, string, string]>([
    ['405 by GET with a query', head(0, { ...close, method: 'GET', path: '/api/?returncode=yes' }), '405'],
    ['405 by PUT with a body', `${head(yes.length, { ...close, method: 'PUT' })}${yes}`, '405'],
    ['405 for a form that names nobody', `${head(14, close)}returncode=yes`, '405'],
    ['405 for JSON that names nobody', `${head(22, close)}{"returncode" : "yes"}`, '405'],
    ['413 by its length', `${head(3_000_000)}${yes}`, '2'],
    ['413 by its length, with no body yet', head(3_000_000, { path: '/api/?returncode=yes' }), '2'],
    ['422 for too many fields', `${head(yes.length + 200, close)}${yes}${'&a'.repeat(100)}`, '2'],
  ])('is the answer: %s', async (_what, sent, code) => {
    expect((await ask(allowed, sent)).body).toBe(code);
  });

  it('is the answer to a multipart body, too', async () => {
    const body = '--x\r\nContent-Disposition: form-data; name="returncode"\r\n\r\nyes\r\n--x--\r\n';
    expect(await service.post(body, 'multipart/form-data; boundary=x')).toMatchObject({
      status: 405,
      body: '405',
    });
  });

  it('is not given to those that do not ask', async () => {
    for (const text of ['returncode=no&cmd=x', 'xreturncode=yesterday', 'arg1=returncode'])
      expect((await service.post(text, form)).body).toMatch(
        /^Error: data received is null or invalid, check https:/,
      );
  });

  it('is never taken for 0 where nobody knows: PHP 7 reads the number that a text begins with', async () => {
    const { body } = await ask(allowed, `${head(3_000_000)}hash=x&cmd=v-make-tmp-file&arg1=xxxx`);
    expect(Number.parseInt(body, 10)).toBe(2);
  });

  it('is the answer to too many failures', async () => {
    const limited = await TestService.startOpen([], { FAILURE_LIMIT: '1' });
    const fields = { hash: `${'x'.repeat(20)}:${'y'.repeat(40)}`, cmd: 'v-list-users', returncode: 'yes' };
    await limited.api(fields);
    expect(await limited.api(fields)).toMatchObject({ status: 429, body: '14' });
    await limited.close();
  });

  it('is the answer of a service that stops', async () => {
    const stopping = await TestService.startOpen([], { COMMANDS_DIR });
    const root = await stopping.makeKey('admin', '');
    const file = `${stopping.dataDir}/go-on`;
    const body = new URLSearchParams({ hash: root.pair, cmd: 'v-list-slowly', arg1: file }).toString();
    const { socket, answer, hasEnded } = await open(allowed, `${head(body.length)}${body}`, stopping);
    await within(20_000, 'it runs', async () => (await stopping.events('--outcome', 'allow')).length > 0);
    const hasClosed = stopping.close();
    const next = `returncode=yes&hash=${root.pair}&cmd=v-list-something`;
    socket.write(`${head(next.length)}${next}`);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(file, '');
    await within(20_000, 'both are answered', () => hasEnded());
    expect(answer()).toMatch(/slowly[\s\S]*HTTP\/1\.1 503 [\s\S]*\r\n\r\n14$/);
    socket.destroy();
    await hasClosed;
  });
});

it('where a body may be read a client that waits is told to go on', async () => {
  const body = new URLSearchParams({ hash: key.pair, cmd: 'v-list-something' }).toString();
  const more = 'Expect: 100-continue\r\nConnection: close\r\n';
  for (const path of ['/api/', '/api/?x']) {
    const { socket, answer, hasEnded } = await open(allowed, head(body.length, { path, more }));
    await within(20_000, 'it may go on', () => answer().startsWith('HTTP/1.1 100 '));
    socket.write(body);
    await within(20_000, 'it is answered', () => hasEnded());
    expect(answer()).toContain('something');
  }
});
