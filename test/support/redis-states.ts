/** What may become of a Redis while a service uses it. In each of these, every answer has to stay right. */
import { randomBytes } from 'node:crypto';
import type { TestRedis } from './redis.js';

/** What somebody who can write to Redis, and doesn't have the pepper, puts in the place of every proof. */
const forgeries = {
  'random bytes': () => randomBytes(32),
  zeros: () => Buffer.alloc(32),
  nothing: () => Buffer.alloc(0),
  'one byte too few': () => randomBytes(31),
  'one byte too many': () => randomBytes(33),
  'a huge value': () => Buffer.alloc(64 * 1024 * 1024, 1),
} as const;

export interface RedisState {
  name: string;
  begin: (redis: TestRedis) => Promise<void> | void;
  /** What ends it, so that Redis can be used again. */
  end: (redis: TestRedis) => Promise<void> | void;
}

const nothing = (): void => undefined;

export const redisStates: readonly RedisState[] = [
  { name: 'up', begin: nothing, end: nothing },
  { name: 'stopped', begin: (redis) => redis.stop(), end: (redis) => redis.start() },
  { name: 'killed', begin: (redis) => redis.kill(), end: (redis) => redis.start() },
  { name: 'paused', begin: (redis) => redis.pause(), end: (redis) => redis.resume() },
  { name: 'flushed', begin: (redis) => redis.flush(), end: nothing },
  {
    name: 'replaced by an empty one',
    begin: async (redis) => {
      await redis.kill();
      await redis.start();
    },
    end: nothing,
  },
  {
    name: 'out of memory',
    begin: (redis) => configure(redis, 'maxmemory', '1'),
    end: (redis) => configure(redis, 'maxmemory', '0'),
  },
  ...Object.entries(forgeries).map(([name, forgery]) => ({
    name: `full of forged entries: ${name}`,
    begin: (redis: TestRedis) => overwrite(redis, forgery),
    end: (redis: TestRedis) => redis.flush(),
  })),
  {
    name: 'full of proofs of other keys',
    begin: (redis) =>
      redis.with(async (client) => {
        const keys = await client.keys('*');
        for (const [index, key] of keys.entries()) await client.copy(key, `moved:${String(index)}`);
        for (const [index, key] of keys.entries())
          await client.rename(`moved:${String((index + 1) % keys.length)}`, key);
      }),
    end: (redis) => redis.flush(),
  },
  {
    name: 'full of entries of another type',
    begin: (redis) =>
      redis.with(async (client) => {
        for (const key of await client.keys('*')) {
          await client.del(key);
          await client.hset(key, 'proof', 'forged');
        }
      }),
    end: (redis) => redis.flush(),
  },
];

async function overwrite(redis: TestRedis, forgery: () => Buffer): Promise<void> {
  await redis.with(async (client) => {
    for (const key of await client.keys('*')) await client.set(key, forgery());
  });
}

async function configure(redis: TestRedis, name: string, value: string): Promise<void> {
  await redis.with((client) => client.config('SET', name, value));
}
