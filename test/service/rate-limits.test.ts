/** Rate limits over the real HTTP adapter, on one node and on several that share a Redis. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiter } from '../../src/authorization/limits/rate-limiter.js';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { HandClock } from '../support/hand-clock.js';
import { describeWith } from '../support/programs.js';
import { connected, TestRedis } from '../support/redis.js';
import { TestService } from '../support/test-service.js';

const limit = { count: 50, windowSeconds: 3600 };

interface Schedule {
  count: number;
  steps: { at: number; times: number; pauseMs: number }[];
}

interface Asked {
  sentMs: number;
  answeredMs: number;
  passed: boolean;
}
const pauseMs = fc.integer({ min: 0, max: 400 });
const size = { minLength: 5, maxLength: 25 };

async function start(settings: Record<string, string> = {}): Promise<TestService> {
  const COMMANDS_DIR = commandsDirectory({ 'v-list-mail-domains': { options: 'USER', script: 'echo ran' } });
  return TestService.startOpen(['alice'], { COMMANDS_DIR, ...settings });
}

async function limitedKey(service: TestService, rate: string): Promise<Key> {
  const pair = await service.ok(
    'v-add-access-key',
    'alice',
    'mail-accounts',
    '',
    'plain',
    '--rate-limit',
    rate,
  );
  const [id = '', secret = ''] = pair.trim().split(':');
  return { id, secret, pair };
}

const use = (service: TestService, key: Key): Promise<HttpAnswer> =>
  service.call(key, 'v-list-mail-domains', ['alice']);

describe('a key with --rate-limit', () => {
  it('is refused with 14 and 429 when it is used up, and told until when; wrong secrets use up nothing', async () => {
    const service = await start();
    const key = await limitedKey(service, '5/h');
    const wrong = { ...key, secret: (await service.makeKey('alice', 'mail-accounts')).secret };
    for (let guess = 0; guess < 20; guess++) expect((await use(service, wrong)).code).toBe(9);
    const answers = await Promise.all(Array.from({ length: 12 }, () => use(service, key)));
    expect(answers.filter(({ code }) => code === 0)).toHaveLength(5);
    const refused = answers.filter(({ code, status }) => code === 14 && status === 429);
    expect(refused).toHaveLength(7);
    for (const { headers, body } of refused) {
      expect(body).toBe(`Error: Too many requests with key ${key.id}, try again later`);
      expect(Number(headers['retry-after'])).toBeGreaterThan(3000);
      expect(headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': '0' });
    }
    const left = answers
      .filter(({ code }) => code === 0)
      .map(({ headers }) => headers['ratelimit-remaining']);
    expect(left.sort()).toEqual(['0', '1', '2', '3', '4']);
    expect((await use(service, wrong)).headers).not.toHaveProperty('ratelimit-limit');
    const [event] = await service.events('--key', key.id, '--reason', 'rate_limited');
    expect(event).toMatchObject({ code: 14, actor: { user: 'alice' } });
    // Neither another allow list nor another limit gives a second allowance; none is none.
    await service.ok('v-change-access-key', key.id, '--allow-ip', '127.0.0.1');
    expect((await use(service, key)).code).toBe(14);
    await service.ok('v-change-access-key', key.id, '--rate-limit', '1/h');
    expect([(await use(service, key)).code, (await use(service, key)).code]).toEqual([14, 14]);
    await service.ok('v-change-access-key', key.id, '--rate-limit', '6/h');
    expect([(await use(service, key)).code, (await use(service, key)).code]).toEqual([0, 14]);
    await service.ok('v-change-access-key', key.id, '--rate-limit', 'none');
    expect((await use(service, key)).headers).not.toHaveProperty('ratelimit-limit');
  });
});

describe('an address and a key with too many failures', () => {
  it('hear so with 14 and 429, and a right secret is let through all the same', async () => {
    const service = await start({ FAILURE_LIMIT: '5' });
    new HandClock().holds(service);
    const [key, other] = [
      await service.makeKey('alice', 'mail-accounts'),
      await service.makeKey('alice', 'mail-accounts'),
    ];
    const from = { from: '127.0.0.7' };
    const fail = (id: string, options = from) =>
      service.call({ ...key, id, secret: other.secret }, 'v-list-mail-domains', ['alice'], options);
    for (let round = 0; round < 5; round++)
      expect(await fail(key.id)).toMatchObject({ status: 401, code: 9 });
    const refused = await fail('A'.repeat(20));
    expect(refused).toMatchObject({
      status: 429,
      code: 14,
      body: 'Error: Too many failed attempts, try again later',
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await fail(key.id, { from: '127.0.0.8' })).toMatchObject({ code: 14 });
    expect(await fail('A'.repeat(20), { from: '127.0.0.8' })).toMatchObject({ code: 9 });
    for (const options of [from, { from: '127.0.0.8' }]) {
      for (const right of [key, other])
        expect(await service.call(right, 'v-list-mail-domains', ['alice'], options)).toMatchObject({
          code: 0,
        });
    }
    const reasons = (await service.events('--ip', '127.0.0.7', '--outcome', 'deny')).map(
      ({ reason }) => reason,
    );
    expect(new Set(reasons)).toEqual(new Set(['secret_mismatch', 'key_unknown']));
    // What docs/operations.md gives fail2ban finds each of them in auth.log, and nothing else.
    const docs = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const failregex = /^failregex = (.+)$/m.exec(docs)?.[1] ?? 'none';
    const datepattern = '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d';
    // fail2ban takes the date away first, and <HOST> is an address.
    const rule = new RegExp(failregex.replace('<HOST>', '(?<host>[0-9A-Fa-f.:]+)'));
    const hosts = service.authLog.map(
      (line) => rule.exec(line.replace(new RegExp(datepattern), ''))?.groups?.['host'],
    );
    expect(hosts.filter((host) => host !== undefined)).toEqual([
      ...Array<string>(6).fill('127.0.0.7'),
      ...Array<string>(2).fill('127.0.0.8'),
    ]);
    expect(hosts).toHaveLength(12);
  });
});

describe('legacy credentials with too many failures', () => {
  it('hear so as well, and a right one is let through all the same', async () => {
    const service = await start({ FAILURE_LIMIT: '3' });
    new HandClock().holds(service);
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    const key = (await service.ok('v-generate-api-key')).trim();
    const from = { from: '127.0.0.9' };
    const wrong = [{ hash: 'x'.repeat(32) }, { user: 'admin', password: 'wrong-horse-1' }];
    const fail = (index: number) => service.api({ ...wrong[index % 2], cmd: 'v-list-users' }, from);
    for (let index = 0; index < 3; index++) expect((await fail(index)).code).toBe(9);
    for (let index = 3; index < 5; index++) {
      const { status, code, headers } = await fail(index);
      expect([status, code]).toEqual([429, 14]);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await service.api({ hash: key, cmd: 'v-list-users' }, from)).status).toBe(200);
  });
});

describeWith('redis-server')('three nodes that share a Redis', () => {
  const open = async (redis: TestRedis, now?: () => number) => {
    const limits = { answerMs: 5_000, retryMs: 50, maxRetryMs: 100 };
    const connections = await Promise.all([1, 2, 3].map(() => connected(redis, [], limits)));
    return connections.map((redis) => new RateLimiter({ redis, ...(now && { now }) }));
  };

  it('let exactly so many through together, however they come; without it each counts alone, on from there', async () => {
    const redis = await TestRedis.start();
    const nodes = await open(redis);
    const take = (count: number) =>
      Promise.all(Array.from({ length: count }, async (_, index) => nodes[index % 3]?.take('one', limit)));
    const passed = (await take(200)).filter((state) => state?.isExceeded === false);
    expect(passed).toHaveLength(50);
    expect(passed.map((state) => state?.remaining ?? -1).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    );
    const other = await Promise.all([0, 1].map(async (at) => nodes[at]?.take('two', limit)));
    expect(other.map((state) => state?.remaining).sort()).toEqual([48, 49]);
    // A key that a key made: on both, each with its own limit, and on every node.
    const child = { keyId: 'child', limit: { ...limit, count: 1 } };
    const sibling = { keyId: 'sibling', limit: { ...limit, count: 9 } };
    const maker = { keyId: 'maker', limit: { ...limit, count: 3 } };
    const exceeded: unknown[] = [];
    for (const [at, own] of [child, child, child, sibling, sibling, sibling].entries())
      exceeded.push((await nodes[at % 3]?.takeAll([own, maker]))?.isExceeded);
    expect(exceeded).toEqual([false, true, true, false, false, true]);
    expect(await nodes[1]?.foreseeAll([sibling, maker])).toMatchObject({ limit: 3, isExceeded: true });
    await redis.kill();
    const alone = await Promise.all(Array.from({ length: 60 }, async () => nodes[2]?.take('two', limit)));
    expect(alone.filter((state) => state?.isExceeded === false)).toHaveLength(50);
    expect((await nodes[0]?.take('one', limit))?.isExceeded).toBe(true);
  });

  it('let never more through in any window than an exact count would, and refuse nothing where there is room', async () => {
    const nodes = await open(await TestRedis.start());
    const windowMs = 1000;
    const step = fc.record({ at: fc.nat({ max: 2 }), times: fc.integer({ min: 1, max: 5 }), pauseMs });
    const schedule = fc.record({ count: fc.integer({ min: 1, max: 9 }), steps: fc.array(step, size) });
    const run = async ({ count, steps }: Schedule, index: number): Promise<void> => {
      const asked: Asked[] = [];
      const take = async (at: number): Promise<void> => {
        const sentMs = performance.now();
        const state = await nodes[at]?.take(`exact-${String(index)}`, { count, windowSeconds: 1 });
        asked.push({ sentMs, answeredMs: performance.now(), passed: state?.isExceeded === false });
      };
      for (const { at, times, pauseMs } of steps) {
        await Promise.all(Array.from({ length: times }, (_, more) => take((at + more) % 3)));
        await sleep(pauseMs);
      }
      const passed = asked.filter((each) => each.passed);
      // Redis has counted each at some time between the two, in whole milliseconds.
      for (const last of passed) {
        const surely = passed.filter(
          (each) => each.answeredMs <= last.answeredMs && last.answeredMs - each.sentMs < windowMs - 2,
        );
        expect(surely.length).toBeLessThanOrEqual(count);
      }
      // A refusal is kept by the node from the time on at which it heard of it; a span is a sixtieth of the window.
      const lateMs = windowMs / 60 + Math.max(...asked.map((each) => each.answeredMs - each.sentMs));
      for (const refused of asked.filter((each) => !each.passed)) {
        const perhaps = passed.filter(
          (each) => each.answeredMs + windowMs + lateMs > refused.sentMs && each.sentMs <= refused.answeredMs,
        );
        expect(perhaps.length).toBeGreaterThanOrEqual(count);
      }
      expect(passed.length).toBeGreaterThanOrEqual(Math.min(count, asked.length));
    };
    await Promise.all(fc.sample(schedule, 40).map(run));
  });

  it('heal a counter that another program has spoilt, say so once, and count right again', async () => {
    const redis = await TestRedis.start();
    const told: string[][] = [[], []];
    const limits = { answerMs: 5_000 };
    const nodes = await Promise.all(
      told.map(
        async (lines) =>
          new RateLimiter({
            redis: await connected(redis, [], limits),
            onRepaired: (line) => lines.push(line),
          }),
      ),
    );
    const spoils: Record<string, (key: string) => [string, ...string[]]> = {
      persisted: (key) => ['PERSIST', key],
      'far end': (key) => ['PEXPIRE', key, '999999999'],
      list: (key) => ['LPUSH', key, 'x'],
      text: (key) => ['SET', key, 'x'],
      fraction: (key) => ['SET', key, '1.5'],
      negative: (key) => ['SET', key, '-1000', 'PX', '1000'],
      largest: (key) => ['SET', key, '9223372036854775807'],
      'capital letters': (key) => ['SET', key, 'AB 5 1 1 1'],
      'a long number': (key) => ['SET', key, 'ab 9999999999999999 1 1 1'],
      'a large count': (key) => ['SET', key, `ab 5 1 ${String(Date.now())} 9999999999999999999999`],
      'a long text': (key) => ['SET', key, Array(9000).fill('ab 5 1 1 1').join(';')],
    };
    const five = { count: 5, windowSeconds: 3600 };
    for (const [name, spoil] of Object.entries(spoils)) {
      const key = `hearthkey:requests:${name}`;
      const take = async (at: number) => (await nodes[at]?.take(name, five))?.remaining;
      expect([await take(0), await take(0)]).toEqual([4, 3]);
      await redis.with(async (client) => {
        if (name === 'list') await client.del(key);
        await client.call(...spoil(key));
      });
      expect([name, await take(0), await take(1), await take(0)]).toEqual([name, 2, 1, 0]);
      const [type, left] = await redis.with((client) => Promise.all([client.type(key), client.pttl(key)]));
      expect(type).toBe('string');
      expect(left).toBeGreaterThan(3_000_000);
      expect(left).toBeLessThanOrEqual(3_610_000);
      expect((await nodes[1]?.take(name, five))?.isExceeded).toBe(true);
    }
    expect(told[0]).toEqual([
      expect.stringMatching(/^hearthkey:requests:persisted in Redis had no end/),
      expect.stringMatching(/^hearthkey:requests:list in Redis held no count/),
    ]);
  });

  it('lose nothing with a flushed Redis but what a node could not have heard of, by an exact model', async () => {
    const redis = await TestRedis.start();
    let clockMs = 0;
    const nodes = await open(redis, () => clockMs);
    const step = fc.record({ at: fc.nat({ max: 2 }), isFlushedBefore: fc.boolean() });
    const steps = fc.array(step, { minLength: 20, maxLength: 60, size: 'max' });
    for (const [index, asked] of fc.sample(steps, 30).entries()) {
      const own = { count: 15, windowSeconds: 3600 };
      /** How many of each node's requests Redis and each node know of. */
      let stored = [0, 0, 0];
      const known = [0, 1, 2].map(() => [0, 0, 0]);
      const refused = [false, false, false];
      for (const [turn, { at, isFlushedBefore }] of asked.entries()) {
        // A node that was refused asks again after a sixtieth of the window.
        if (turn % 10 === 9) {
          clockMs += 60_000;
          refused.fill(false);
        }
        if (isFlushedBefore) {
          await redis.flush();
          stored = [0, 0, 0];
        }
        const state = await nodes[at]?.take(`flushed-${String(index)}`, own);
        if (refused[at] !== true) {
          stored = stored.map((count, node) => Math.max(count, known[at]?.[node] ?? 0));
          refused[at] = stored.reduce((sum, count) => sum + count) >= own.count;
          if (!refused[at]) stored[at]!++;
          known[at] = [...stored];
        }
        expect(state?.isExceeded).toBe(refused[at]);
      }
    }
  });

  it('count nothing that one has refused while Redis was slow, though Redis had counted it', async () => {
    const connection = await connected(await TestRedis.start(), [], { answerMs: 5_000 });
    let isSlow = true;
    const run: typeof connection.run = async (...args) => {
      const answer = await connection.run(...args);
      return isSlow ? undefined : answer;
    };
    const slow = new RateLimiter({ redis: { run, isUp: true }, share: () => ({ nodes: 3, rank: 0 }) });
    const own = { count: 30, windowSeconds: 3600 };
    const alone = await Promise.all(Array.from({ length: 18 }, async () => slow.take('slow', own)));
    expect(alone.filter(({ isExceeded }) => !isExceeded)).toHaveLength(10);
    isSlow = false;
    expect(await slow.take('slow', own)).toMatchObject({ remaining: 19 });
    expect(await new RateLimiter({ redis: connection }).take('slow', own)).toMatchObject({ remaining: 18 });
  });

  it('let no more than the limit through at each node, whoever writes lists of others or of itself to Redis', async () => {
    const redis = await TestRedis.start();
    const nodes = await open(redis);
    const key = 'hearthkey:requests:forged';
    const own = { count: 20, windowSeconds: 3600 };
    const passed = [0, 0, 0];
    for (let round = 0; round < 90; round++) {
      const at = round % 3;
      if ((await nodes[at]?.take('forged', own))?.isExceeded === false) passed[at]!++;
      await redis.with(async (client) => {
        const ids = ((await client.get(key)) ?? '').match(/[\da-f]{16}/g) ?? [];
        const now = String(Date.now());
        const forged = ids.map((id) => `${id} 99999999999999${String(round % 10)} ${now} ${now} 1`);
        if (forged.length > 0) await client.set(key, forged.join(';'));
      });
    }
    expect(Math.max(...passed)).toBeLessThanOrEqual(own.count);
    expect(Math.min(...passed)).toBeGreaterThan(0);
  });

  it('let no more than the limit through at one node where many ask at once and Redis forgets each', async () => {
    const connection = await connected(await TestRedis.start(), [], { answerMs: 5_000 });
    const run: typeof connection.run = (...args) => {
      // Not waited for, so that it comes right before each of the requests.
      void connection.ask('SET', 'hearthkey:requests:forgotten', '');
      return connection.run(...args);
    };
    const node = new RateLimiter({ redis: { run, isUp: true } });
    const own = { count: 20, windowSeconds: 3600 };
    const states = await Promise.all(Array.from({ length: 60 }, async () => node.take('forgotten', own)));
    expect(states.filter(({ isExceeded }) => !isExceeded)).toHaveLength(20);
  });

  it('let little more than 120 through while Redis is flushed or the counter is spoilt again and again', async () => {
    const redis = await TestRedis.start();
    const nodes = await open(redis);
    const own = { count: 120, windowSeconds: 3600 };
    const spoils: Record<string, string[]> = {
      flushed: ['FLUSHALL'],
      spoilt: ['SET', 'hearthkey:requests:spoilt', 'x'],
      'without an end': ['PERSIST', 'hearthkey:requests:without an end'],
    };
    for (const [name, [command = '', ...args]] of Object.entries(spoils)) {
      let passed = 0;
      for (let round = 0; round < 240; round++) {
        if (round % 10 === 9) await redis.with((client) => client.call(command, ...args));
        if ((await nodes[round % 3]?.take(name, own))?.isExceeded === false) passed++;
      }
      // The next node to ask had not heard of the two requests before; the others say so with their next ones.
      expect([name, passed >= 120, passed <= 120 + 2]).toEqual([name, true, true]);
    }
  });
});
