/** The connection to Redis: never in anybody's way, whatever is at the other end of it. */
import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiter } from '../../src/authorization/limits/rate-limiter.js';
import type { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { Line } from '../support/line.js';
import { atEnd } from '../support/clean-up.js';
import { describeWith } from '../support/programs.js';
import { connected, TestRedis } from '../support/redis.js';
import { isAtOnce, within } from '../support/waiting.js';

/** Something at a port that is no Redis, or a strange one. */
async function serving(
  onConnection: (socket: Socket) => void,
): Promise<{ url: string; count: () => number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It is sought again until then; a socket that nobody reads from would never notice that its client has gone.
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `redis://:hunter2@127.0.0.1:${String(port)}`, count: () => sockets.length };
}

const fast = { retryMs: 20, maxRetryMs: 40, connectMs: 300 };

/** What a Redis answers to HELLO and PING, as far as its client looks at it. */
const hello = '%1\r\n+proto\r\n:3\r\n';
const pong = '+PONG\r\n';

describe('what is no good Redis', () => {
  const strangers: Record<string, (socket: Socket) => void> = {
    'speaks HTTP': (socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\nhunter2')),
    'says nothing': () => undefined,
    'hangs up': (socket) => socket.destroy(),
    'sends back what it gets': (socket) => void socket.pipe(socket),
    'stops in the middle': (socket) => socket.on('data', () => socket.write('%1\r\n$5\r\npr')),
    'lets nobody in': (socket) => socket.on('data', () => socket.write('-WRONGPASS no\r\n')),
    'is loading': (socket) =>
      socket.once('data', () => socket.write(`${hello}-LOADING dataset in memory\r\n`)),
    'quotes a password': (socket) =>
      socket.on('data', () =>
        socket.write('-ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `hunter2`\r\n'),
      ),
    'is slow': (socket) =>
      socket.once('data', () => {
        socket.write(hello);
        socket.on('data', () => setTimeout(() => socket.write(pong), 5000).unref());
      }),
    'answers what nobody asked': (socket) => socket.once('data', () => socket.write(hello + pong + pong)),
  };

  it.each(Object.keys(strangers))(
    'and %s is not used, told once, sought again, and not shown the password',
    async (name) => {
      const stranger = await serving(strangers[name] ?? (() => undefined));
      const told: string[] = [];
      await connected(stranger, told, fast); // without waiting for ever
      const connection = await connected(stranger, told, fast);
      told.splice(0, 1); // that of the first connection
      await within(10_000, 'it is sought again', () => stranger.count() > 4);
      expect(connection.isUp).toBe(false);
      expect(await isAtOnce(connection.ask('PING'))).toBe(true);
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(/^lost: .+/);
      expect(told[0]).not.toContain('hunter2');
      connection.close();
    },
  );
});

/** One that is used already. A Redis on a machine that has much else to do may take its time, unless told. */
async function used(
  redis: Pick<TestRedis, 'url'>,
  told: string[] = [],
  answerMs = 2000,
): Promise<RedisConnection> {
  const connection = await connected(redis, told, {
    answerMs,
    connectMs: 60_000,
    retryMs: 50,
    maxRetryMs: 100,
  });
  await within(10_000, 'Redis is used', () => connection.isUp);
  told.length = 0;
  return connection;
}

describeWith('redis-server')('a Redis', () => {
  it('that has answered is not taken for lost by a process that was held up itself', async () => {
    const told: string[] = [];
    const connection = await used(await TestRedis.start(), told, 1000);
    const answer = connection.ask('PING');
    await new Promise((resolve) => setImmediate(resolve)); // it is sent
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
    expect(String(await answer)).toBe('PONG');
    expect(told).toEqual([]);
  });

  it('that goes and comes is told once each time, and used again', async () => {
    const redis = await TestRedis.start({ isPersistent: true });
    const told: string[] = [];
    const connection = await used(redis, told);
    expect(String(await connection.ask('SET', 'kept', 'so'))).toBe('OK');
    for (let round = 0; round < 3; round++) {
      await redis.kill();
      await within(10_000, 'it is missed', () => !connection.isUp);
      expect(await connection.ask('GET', 'kept')).toBeUndefined();
      await sleep(200);
      await redis.start();
      await within(10_000, 'it is back', () => connection.isUp);
      expect(String(await connection.ask('GET', 'kept'))).toBe('so');
    }
    const kinds = told.map((text) => text.split(':')[0]);
    expect(kinds).toEqual(['lost', 'back', 'lost', 'back', 'lost', 'back']);
  });

  it('that is paused makes none wait longer than the limit, however many ask', async () => {
    const redis = await TestRedis.start();
    const connection = await used(redis);
    redis.pause();
    const asked = Array.from({ length: 3000 }, () => connection.ask('GET', 'nothing'));
    expect(new Set(await Promise.all(asked))).toEqual(new Set([undefined]));
    expect(await isAtOnce(connection.ask('GET', 'nothing'))).toBe(true);
    redis.resume();
    await within(10_000, 'it answers again', async () => (await connection.ask('GET', 'nothing')) === null);
  });

  it('that refuses is asked on, and each kind of refusal is told once', async () => {
    const redis = await TestRedis.start({ more: ['--maxmemory', '1'] });
    const told: string[] = [];
    const connection = await used(redis, told);
    await redis.with((client) => client.config('SET', 'maxmemory', '0'));
    await connection.ask('HSET', 'hash', 'a', 'b');
    await redis.with((client) => client.config('SET', 'maxmemory', '1'));
    for (let round = 0; round < 5; round++) {
      expect(await connection.ask('SET', 'some', 'thing')).toBeUndefined();
      expect(await connection.ask('GET', 'hash')).toBeUndefined();
    }
    expect(told.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'refused: OOM',
      'refused: WRONGTYPE',
    ]);
    expect(connection.isUp).toBe(true);
  });

  it('that is a replica is not used, and the master is found when the name leads to it', async () => {
    const [master, replica] = [await TestRedis.start(), await TestRedis.start()];
    await replica.with((client) => client.replicaof('127.0.0.1', master.port));
    const line = await Line.to(replica.port);
    atEnd(() => line.close());
    const told: string[] = [];
    const named = { url: `redis://127.0.0.1:${String(line.port)}` };
    // A machine that has much else to do may take its time: nothing here is about that.
    const patient = { answerMs: 60_000, connectMs: 60_000, retryMs: 50, maxRetryMs: 100 };
    const connection = await connected(named, told, patient);
    expect(connection.isUp).toBe(false);
    expect(told).toEqual([expect.stringMatching(/^lost: READONLY/)]);
    line.leadTo(master.port);
    await within(10_000, 'the master is used', () => connection.isUp);
    // The master is made a replica under the link.
    await replica.with((client) => client.replicaof('NO', 'ONE'));
    await master.with((client) => client.replicaof('127.0.0.1', replica.port));
    line.leadTo(replica.port);
    await within(
      10_000,
      'a write comes through',
      async () => (await connection.ask('SET', 'some', 'thing')) !== undefined,
    );
    // Redis cuts clients off while it changes its part, so the link may be lost more than once on the way.
    const kinds = told.map((text) => text.split(' ')[0]);
    expect(kinds.length).toBeGreaterThanOrEqual(4);
    expect(kinds).toEqual(kinds.map((_, place) => (place % 2 === 0 ? 'lost:' : 'back')));
    expect(kinds.at(-1)).toBe('back');
  });

  it('is left alone by a connection that was closed', async () => {
    const redis = await TestRedis.start();
    const told: string[] = [];
    const connection = await used(redis, told);
    connection.close();
    expect(connection.isUp).toBe(false);
    expect(await connection.ask('PING')).toBeUndefined();
    const clients = () => redis.with((client) => client.client('LIST') as Promise<string>);
    await within(200, 'it has no client', async () => (await clients()).trim().split('\n').length === 1);
    expect(told).toEqual([]);
  });

  it('needs to let its user do no more than the documentation says', async () => {
    const rights = [
      '~hearthkey:*',
      '+getrange',
      '+set',
      '+ping',
      '+hello',
      '+eval',
      '+evalsha',
      '+time',
      '+pexpire',
      '+pttl',
    ];
    const redis = await TestRedis.start({ more: ['--user', 'hearthkey', 'on', '>word', ...rights] });
    const told: string[] = [];
    const limited = { url: redis.url.replace('//', '//hearthkey:word@') };
    const connection = await used(limited, told);
    expect(String(await connection.ask('SET', 'hearthkey:proof:a:b', 'x', 'EX', '60'))).toBe('OK');
    expect(String(await connection.ask('GETRANGE', 'hearthkey:proof:a:b', '0', '32'))).toBe('x');
    const nodes = [new RateLimiter({ redis: connection }), new RateLimiter({ redis: connection })];
    for (const node of nodes) await node.take('a', { count: 5, windowSeconds: 3600 });
    expect(await nodes[0]?.take('a', { count: 5, windowSeconds: 3600 })).toMatchObject({ remaining: 2 });
    await redis.with((client) => client.set('hearthkey:requests:a', 'x'));
    expect(await nodes[0]?.take('a', { count: 5, windowSeconds: 3600 })).toMatchObject({ remaining: 1 });
    expect(await nodes[1]?.precheck('a', { count: 5, windowSeconds: 3600 })).toMatchObject({ remaining: 0 });
    expect(told).toEqual([]);
    await connection.ask('GETRANGE', 'other', '0', '32');
    expect(told).toEqual([expect.stringMatching(/^refused: NOPERM/)]);
  });
});
