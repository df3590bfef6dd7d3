/** Following the record over connections that break. The real service: test/integrations/client-package.test.ts. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { createClient, type Client, type Followed } from './client.js';

const key = { accessKeyId: 'InNqgp01kO3v0W22eg6Z', secretAccessKey: 'S'.repeat(40) };
const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

type Connection = (response: ServerResponse) => unknown;

/** The list of the newest event is answered by itself; the first stream gets the first connection, and so on. */
async function serve(newest: number | undefined, ...connections: Connection[]) {
  const streams: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    if (request.headers.accept !== 'text/event-stream') {
      const items = newest === undefined ? [] : [{ number: newest }];
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ items }));
      return;
    }
    streams.push(request);
    connections[Math.min(streams.length, connections.length) - 1]?.(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const client: Client = createClient({ url, ...key, retries: 0 });
  return { client, ids: () => streams.map(({ headers }) => headers['last-event-id']), streams };
}

const sends =
  (...pieces: string[]): Connection =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('retry: 1\n\n');
    for (const piece of pieces) response.write(piece);
  };
const thenEnds =
  (connection: Connection): Connection =>
  (response) => {
    connection(response);
    response.end();
  };
const event = (number: number): string => `id: ${String(number)}\ndata: {"number":${String(number)}}\n\n`;
const refuses =
  (status: number, reason: string): Connection =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/problem+json' });
    response.end(JSON.stringify({ reason, detail: 'no' }));
  };

async function take(followed: AsyncIterable<Followed>, count: number): Promise<(number | 'gap')[]> {
  const taken: (number | 'gap')[] = [];
  for await (const next of followed) {
    taken.push(next.kind === 'gap' ? 'gap' : next.event.number);
    if (taken.length === count) break;
  }
  return taken;
}

it('reads events in whatever pieces they come, and passes over signs of life', async () => {
  const text = `:\n\n${event(8)}${event(9).replaceAll('\n', '\r\n')}event: gap\ndata: {}\n\n${event(12)}`;
  const served = await serve(7, sends(...text));
  expect(await take(served.client.auditEvents.follow({ outcome: 'deny' }), 4)).toEqual([8, 9, 'gap', 12]);
  expect(served.ids()).toEqual(['7']);
  expect(served.streams[0]?.url).toBe('/v1/audit-events?outcome=deny');
  expect(served.streams[0]?.headers.authorization).toBe(`Bearer ${key.accessKeyId}:${key.secretAccessKey}`);
});

it('goes on behind the newest event that it has, whichever way the connection ended', async () => {
  const cutOff: Connection = (response) => {
    sends(event(9), 'id: 10\ndata: {"num')(response);
    setImmediate(() => response.destroy());
  };
  const busy = refuses(503, 'overloaded');
  const served = await serve(7, thenEnds(sends(event(8))), cutOff, sends(event(10)));
  expect(await take(served.client.auditEvents.follow(), 3)).toEqual([8, 9, 10]);
  expect(served.ids()).toEqual(['7', '8', '9']);
  const other = await serve(7, busy, sends(event(8)));
  expect(await take(other.client.auditEvents.follow(), 1)).toEqual([8]);
  expect(other.ids()).toEqual(['7', '7']);
}, 20_000);

it('begins where the program says, and asks for nothing before', async () => {
  const served = await serve(99, sends(event(6)));
  expect(await take(served.client.auditEvents.follow({ after: 5 }), 1)).toEqual([6]);
  expect(served.ids()).toEqual(['5']);
});

it('says that events may be missing where it has no number to go on behind', async () => {
  const served = await serve(undefined, thenEnds(sends()), sends(event(3)));
  expect(await take(served.client.auditEvents.follow(), 2)).toEqual(['gap', 3]);
  expect(served.ids()).toEqual([undefined, undefined]);
});

it('ends with the refusal once the service no longer lets it read', async () => {
  const served = await serve(7, thenEnds(sends(event(8))), refuses(401, 'key_suspended'));
  await expect(take(served.client.auditEvents.follow(), 2)).rejects.toMatchObject({
    name: 'HearthkeyError',
    status: 401,
    reason: 'key_suspended',
  });
});

it('ends when the program says so: while it reads, and while it waits to connect again', async () => {
  const reading = new AbortController();
  const served = await serve(7, sends(event(8)));
  const { signal } = reading;
  const followed = served.client.auditEvents.follow({}, { signal });
  expect((await followed.next()).value).toMatchObject({ kind: 'event' });
  const next = followed.next();
  reading.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');

  const waiting = new AbortController();
  const slow = await serve(undefined, (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.end('retry: 3600000\n\n');
  });
  const reconnecting = slow.client.auditEvents.follow({}, { signal: waiting.signal });
  // The gap is told when the connection has ended. The next step waits, for an hour, to connect again.
  expect((await reconnecting.next()).value).toEqual({ kind: 'gap' });
  const call = reconnecting.next();
  waiting.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  expect(slow.streams).toHaveLength(1);
});
