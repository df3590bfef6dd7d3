import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect as connectSecurely } from 'node:tls';
import { CertificateAuthority } from '../../../../test/support/certificates.js';
import { turns, within } from '../../../../test/support/waiting.js';
import type { AccessRequest, Decision } from '../../../authorization/access-request.js';
import { deny } from '../../../authorization/access-request.js';
import type { Authorizer } from '../../../authorization/authorize.js';
import { FastPath } from './fast-path.js';

let server: Server;
let fastPath: FastPath;
let isGateway: boolean;
/** Paths of requests that took the standard path. */
let usual: string[];
/** Commands that were decided about, and what has to happen first. */
let decided: string[];
let before: () => Promise<unknown>;
let authorize: (request: AccessRequest) => Promise<Decision>;
let errors: unknown[];
let counts: { requests: number; handedOver: number };

beforeEach(async () => {
  [usual, decided, errors, isGateway] = [[], [], [], true];
  before = () => Promise.resolve();
  server = createServer((request, response) => {
    usual.push(request.url ?? '');
    request.resume().on('end', () => response.end('usual'));
  });
  authorize = async ({ command }: AccessRequest): Promise<Decision> => {
    await before();
    decided.push(command);
    return deny('key_unknown');
  };
  const caller = () => ({ address: '127.0.0.1', isGateway, isTrusted: false });
  const authorizer = { authorize: (request: AccessRequest) => authorize(request) } as unknown as Authorizer;
  counts = { requests: 0, handedOver: 0 };
  const onError = (error: unknown): void => void errors.push(error);
  fastPath = new FastPath({ authorizer, callerOf: caller, counts, onError });
  fastPath.putBefore(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  fastPath.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function question(command: string): string {
  const body = JSON.stringify({ accessKeyId: 'A', secretAccessKey: 'B', command });
  const fields = `Host: x\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}`;
  return `POST /v1/authorize HTTP/1.1\r\n${fields}\r\n\r\n${body}`;
}

const other = 'GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

async function open(allowHalfOpen = false): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
  await once(socket, 'connect');
  return socket.setEncoding('latin1');
}

/** Sends the pieces so that each is read by itself, then waits until the other end has ended. */
async function converse(...pieces: string[]): Promise<string> {
  const socket = await open();
  const answers = text(socket);
  for (const piece of pieces) {
    socket.write(piece);
    await turns();
  }
  return answers;
}

const answersIn = (answers: string): number => answers.split('HTTP/1.1 200 OK').length - 1;

it('decides without the usual server, and hands over what it does not know, for good', async () => {
  const answers = await converse(question('a'), question('b'), other);
  expect(decided).toEqual(['a', 'b']);
  expect(usual).toEqual(['/other']);
  expect(answersIn(answers)).toBe(3);
  expect(answers).toMatch(/usual$/);
  expect(counts).toEqual({ requests: 2, handedOver: 1 });
});

it('hands over whole what came in pieces', async () => {
  const [whole, cut] = [question('a'), 60];
  const answers = await converse(whole.slice(0, cut), whole.slice(cut), question('b'), other);
  expect(usual).toEqual(['/v1/authorize', '/v1/authorize', '/other']);
  expect(answersIn(answers)).toBe(3);
});

it('waits for a body that comes behind its head', async () => {
  const whole = question('a');
  const cut = whole.indexOf('{');
  await converse(whole.slice(0, cut), whole.slice(cut), other);
  expect(decided).toEqual(['a']);
  expect(usual).toEqual(['/other']);
});

it('does not wait for a third piece', async () => {
  const whole = question('a');
  const cut = whole.indexOf('{');
  await converse(whole.slice(0, cut), whole.slice(cut, cut + 5), whole.slice(cut + 5), other);
  expect(usual).toEqual(['/v1/authorize', '/other']);
});

it('answers in order what comes before the answer, and loses none of it', async () => {
  before = () => turns(200);
  const answers = await converse(question('a'), question('b').slice(0, 30), question('b').slice(30), other);
  expect(decided).toEqual(['a']);
  expect(usual).toEqual(['/v1/authorize', '/other']);
  expect(answersIn(answers)).toBe(3);
});

it('takes no request of a connection that is not a gateway’s', async () => {
  isGateway = false;
  await converse(question('a'), other);
  expect(decided).toEqual([]);
  expect(usual).toEqual(['/v1/authorize', '/other']);
});

it('answers a client that has ended its side, and ends its own', async () => {
  before = () => turns();
  const socket = await open();
  const answers = text(socket);
  socket.end(question('a'));
  expect(answersIn(await answers)).toBe(1);
});

it('survives a client that is gone before the answer', async () => {
  before = () => turns(60);
  const socket = await open();
  socket.write(question('a'));
  await turns();
  socket.resetAndDestroy();
  await turns(100);
  expect(decided).toEqual(['a']);
  expect(answersIn(await converse(question('b'), other))).toBe(2);
});

it('ends a connection that is silent for too long after an answer, but none that is being answered', async () => {
  server.keepAliveTimeout = 100;
  const [asking, silent] = [await open(), await open()];
  const [answers, last] = [text(asking), text(silent)];
  let begin: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begin = resolve));
  // Its answer waits until a connection that has been silent for a shorter time is ended.
  authorize = async ({ command }) => {
    if (command === 'a') {
      begin();
      await last;
    }
    decided.push(command);
    return deny('key_unknown');
  };
  asking.write(question('a'));
  await hasBegun;
  silent.write(question('b'));
  expect([answersIn(await last), answersIn(await answers)]).toEqual([1, 1]);
  expect(decided).toEqual(['b', 'a']);
  expect(usual).toEqual([]);
});

it('ends a connection that is silent for too long before its first question, as the server does', async () => {
  server.headersTimeout = 100;
  const socket = await open(true);
  // Not with text(): that destroys the socket when it has read all.
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  await once(socket, 'end');
  expect(answer).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  // A client that never ends its side is not waited for.
  // Asked at the server: a client whose reading has ended doesn't notice.
  const isGone = () =>
    new Promise<boolean>((resolve) => server.getConnections((_, count) => resolve(count === 0)));
  await within(1000, 'the connection is gone', isGone);
  socket.on('error', () => undefined).write(question('a'));
  await turns();
  expect(decided).toEqual([]);
});

it('leaves a connection that is silent within a question to the server and its limits', async () => {
  const socket = await open();
  const answers = text(socket);
  const [head, rest] = [question('a').slice(0, question('a').indexOf('{')), other];
  socket.write(question('b'));
  await turns();
  socket.write(head);
  await within(10_000, 'the server has it', () => counts.handedOver === 1);
  socket.end(`${question('a').slice(head.length)}${rest}`);
  expect(answersIn(await answers)).toBe(3);
  expect(decided).toEqual(['b']);
  expect(usual).toEqual(['/v1/authorize', '/other']);
});

it('refuses a question whose end never comes, as the server does', async () => {
  const socket = await open();
  const answers = text(socket);
  socket.end(question('a').slice(0, -5));
  expect(await answers).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
});

it('stops reading from a client until the answer has drained', async () => {
  let hasRead: () => void = () => undefined;
  const write = (_chunk: unknown, _encoding: string, done: () => void): void => void (hasRead = done);
  const slow = new Duplex({ read: () => undefined, write, writableHighWaterMark: 1 });
  const socket = Object.assign(slow, { setNoDelay: () => slow, setTimeout: () => slow });
  server.emit('connection', socket);
  for (const command of ['a', 'b']) {
    socket.push(question(command));
    await turns();
  }
  expect(decided).toEqual(['a']);
  hasRead();
  await turns();
  expect(decided).toEqual(['a', 'b']);
  socket.destroy();
});

it('at a stop ends what is silent, answers what is being decided, and takes nothing more', async () => {
  before = () => turns(100);
  const silent = await open();
  const busy = await open();
  const answers = text(busy);
  busy.write(question('a'));
  await turns();
  fastPath.close();
  await once(silent.resume(), 'close');
  expect(answersIn(await answers)).toBe(1);
  expect(await answers).toMatch(/\r\nConnection: close\r\n\r\n/);
  await converse(question('b'), other);
  expect(usual).toEqual(['/v1/authorize', '/other']);
});

it('at a stop leaves a question that has begun to come to the server', async () => {
  const socket = await open();
  const answers = text(socket);
  socket.write(question('a').slice(0, -5));
  await turns();
  fastPath.close();
  await turns();
  socket.write(question('a').slice(-5));
  await turns();
  socket.end(other);
  expect(answersIn(await answers)).toBe(2);
  expect(usual).toEqual(['/v1/authorize', '/other']);
});

it('at a stop decides nothing that it will not answer', async () => {
  before = () => turns(100);
  const busy = await open();
  const answers = text(busy);
  busy.write(question('a'));
  await turns();
  fastPath.close();
  busy.once('data', () => busy.write(question('b')));
  expect(answersIn(await answers)).toBe(1);
  await turns();
  expect(decided).toEqual(['a']);
});

it.each([
  ['breaks', () => Promise.reject(new Error('broken'))],
  [
    'can not even be begun',
    () => {
      throw new Error('broken');
    },
  ],
])('ends the connection of an answer that %s, and tells why', async (_, breaking) => {
  authorize = breaking;
  const socket = await open();
  const closed = once(socket, 'close');
  socket.resume().on('error', () => undefined);
  socket.write(question('a'));
  await closed;
  expect(errors).toEqual([new Error('broken')]);
});

it('stands before a server with TLS as well', async () => {
  const authority = new CertificateAuthority();
  const { certFile, keyFile } = authority.issue('gate');
  const options = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  const secure = createSecureServer(options, server.listeners('request')[0] as RequestListener);
  fastPath.putBefore(secure);
  await once(secure.listen(0, '127.0.0.1'), 'listening');
  const { port } = secure.address() as AddressInfo;
  const socket = connectSecurely({ port, host: '127.0.0.1', ca: authority.ca }).setEncoding('latin1');
  await once(socket, 'secureConnect');
  const answers = text(socket);
  for (const piece of [question('a'), question('b'), other]) {
    socket.write(piece);
    await turns();
  }
  expect(answersIn(await answers)).toBe(3);
  expect(decided).toEqual(['a', 'b']);
  expect(usual).toEqual(['/other']);
  secure.close();
});
