import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { within } from '../../test/support/waiting.js';
import { PipelinedRequests } from './pipelined-requests.js';

let server: Server;
let sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  server.close();
});

async function serve(handler: RequestListener): Promise<void> {
  server = createServer(handler);
  new PipelinedRequests().spread(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** @returns what came back so far */
async function send(text: string): Promise<() => string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  let answers = '';
  socket.on('error', () => undefined).on('data', (chunk) => (answers += chunk.toString()));
  await once(socket, 'connect');
  socket.write(text);
  return () => answers;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (body: string): string =>
  `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('');
const bodiesOf = (answers: string): string[] =>
  [...answers.matchAll(/\r\n\r\n([^H]*)/g)].map(([, body = '']) => body);

it('a thousand pipelined requests begin a few in each turn, and are answered in their order', async () => {
  let inThisTurn = 0;
  let most = 0;
  await serve((request, response) => {
    most = Math.max(most, ++inThisTurn);
    setImmediate(() => (inThisTurn = 0));
    response.end(request.url);
  });
  const answers = await send(many(1000, (index) => get(`/${String(index)}`)));
  await within(10_000, 'all are answered', () => bodiesOf(answers()).length === 1000);
  expect(bodiesOf(answers())).toEqual(Array.from({ length: 1000 }, (_, index) => `/${String(index)}`));
  expect(most).toBeLessThanOrEqual(16);
});

it('bodies of pipelined requests are read, each as its own', async () => {
  await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk))).on('end', () => response.end(body));
  });
  const body = (index: number): string => `${String(index)}:`.padEnd(3000, 'x');
  const answers = await send(many(500, (index) => post(body(index))));
  await within(10_000, 'all are answered', () => bodiesOf(answers()).length === 500);
  expect(bodiesOf(answers())).toEqual(Array.from({ length: 500 }, (_, index) => body(index)));
});

it('another client is answered before most of them', async () => {
  const order: string[] = [];
  await serve((request, response) => {
    // Sent from here: when the test looks next depends on the machine.
    if (order.length === 0) sockets[0]?.write(get('/other'));
    order.push(request.url ?? '');
    response.end();
  });
  const answer = await send('');
  await send(many(1500, () => get('/many')));
  await within(10_000, 'it is answered', () => answer().includes('200 OK'));
  expect(order.indexOf('/other')).toBeLessThan(200);
});

it('of requests without end little more is read than has begun', async () => {
  let begun = 0;
  await serve(() => begun++); // no answer: Node.js' own limit is the size of the answers
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const request = get('/');
  await send(many(100_000, () => request));
  const [socket] = await accepted;
  let most = 0;
  await within(10_000, 'a thousand have begun', () => {
    most = Math.max(most, socket.bytesRead - begun * request.length);
    return begun > 1000;
  });
  // Two reads.
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(2 * 65_536 + 64 * request.length);
});

it('what waited of a connection that has gone does not begin', async () => {
  let begun = 0;
  await serve((request) => {
    begun++;
    request.socket.destroy();
  });
  await send(many(500, () => get('/')));
  await within(10_000, 'the first has begun', () => begun > 0);
  const answers = await send(get('/'));
  await within(10_000, 'the other one has begun', () => begun > 1);
  expect([begun, answers()]).toEqual([2, '']);
});
