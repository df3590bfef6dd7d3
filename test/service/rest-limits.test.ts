/** 120 requests a minute for each key on the REST dialect, unless set otherwise: on one node, and over three. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { RedisConnection, redisLimits } from '../../src/storage/redis/redis-connection.js';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { HandClock } from '../support/hand-clock.js';
import { PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/programs.js';
import { TestRedis } from '../support/redis.js';
import { TestService } from '../support/test-service.js';
import { patienceMs } from '../support/waiting.js';

const perMinute = 120;
/** Has to be there for the list of accounts, and is run for each account; there is none. */
const COMMANDS_DIR = commandsDirectory({ 'v-list-web-domains': { options: 'USER', script: 'exit 1' } });

/** Hundreds of these requests start no process, which would cost more than all else of them. */
function listAccounts(node: TestService, key: Key): Promise<HttpAnswer> {
  return node.request('GET', '/api/accounts', undefined, {
    headers: { Authorization: `Bearer ${key.pair}` },
  });
}

/** What is left of a minute after so many requests, one after the other, that all have to pass. */
async function use(count: number, at: (index: number) => TestService, key: Key): Promise<number[]> {
  const left: number[] = [];
  for (let index = 0; index < count; index++) {
    const { status, headers } = await listAccounts(at(index), key);
    expect(status).toBe(200);
    expect(headers['ratelimit-limit']).toBe(String(perMinute));
    left.push(Number(headers['ratelimit-remaining']));
  }
  return left;
}

/** @returns for how long, in seconds */
async function expectRefused(node: TestService, key: Key): Promise<number> {
  const { status, headers, body } = await listAccounts(node, key);
  expect(status).toBe(429);
  expect(JSON.parse(body)).toMatchObject({ error: 'too_many_requests', code: 14 });
  expect(headers).toMatchObject({ 'ratelimit-limit': String(perMinute), 'ratelimit-remaining': '0' });
  const seconds = Number(headers['retry-after']);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  return seconds;
}

const downToZero = Array.from({ length: perMinute }, (_, index) => perMinute - 1 - index);

const describeNodes = describeWith('postgres', 'initdb', 'redis-server');
let redis: TestRedis;
let nodes: TestService[];
const clock = new HandClock();
/** Used up over all nodes. */
let usedUp: Key;

const node = (index: number): TestService => nodes[index % nodes.length]!;

describeNodes('three nodes', () => {
  beforeAll(async () => {
    const database = await PostgresServer.start();
    redis = await TestRedis.start();
    const settings = {
      COMMANDS_DIR,
      DATABASE_URL: await database.newDatabase(),
      REDIS_URL: redis.url,
      PEPPER_FILE: join(temporaryFolder(), 'pepper'),
    };
    const first = await TestService.startOpen([], settings);
    nodes = [first, await TestService.start(settings), await TestService.start(settings)];
    for (const at of nodes) {
      clock.holds(at);
      // A node that waits no longer for Redis counts alone; here only a dead one is not waited for.
      Object.assign(at.part(RedisConnection), { limits: { ...redisLimits, answerMs: patienceMs } });
    }
  });

  it('let 120 through together, and each refuses the 121st', async () => {
    const key = await node(0).makeKey('admin', '');
    expect(await use(perMinute, node, key)).toEqual(downToZero);
    for (const at of nodes) await expectRefused(at, key);
    usedUp = key;
  });
});

describe('one node', () => {
  it('lets 120 through and refuses the 121st, which passes when it is asked again as it was told', async () => {
    const service = await TestService.startOpen([], { COMMANDS_DIR });
    clock.holds(service);
    const [key, other] = [await service.makeKey('admin', ''), await service.makeKey('admin', '')];
    expect(await use(perMinute, () => service, key)).toEqual(downToZero);
    const seconds = await expectRefused(service, key);
    expect((await listAccounts(service, other)).status).toBe(200);
    clock.advance(seconds * 1000 - 1);
    await expectRefused(service, key);
    clock.advance(1);
    expect(await use(1, () => service, key)).toEqual([perMinute - 1]);
  });
});

describeNodes('three nodes, a minute later', () => {
  it('let the key through again, and still count together', async () => {
    clock.advance(60_000);
    await redis.flush(); // Redis goes by its own clock
    expect(await use(3, node, usedUp)).toEqual([119, 118, 117]);
  });

  it('let 120 through together without Redis: each its share', async () => {
    const key = await node(0).makeKey('admin', '');
    await redis.kill();
    const share = perMinute / nodes.length;
    for (const at of nodes) {
      expect(await use(share, () => at, key)).toEqual(downToZero.slice(-share));
      await expectRefused(at, key);
    }
  });
});
