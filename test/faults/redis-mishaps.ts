/** What may become of Redis while a harness runs on it: each state of test/support/redis-states.ts, for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { redisStates, type RedisState } from '../support/redis-states.js';
import type { TestRedis } from '../support/redis.js';
import type { Random } from './random.js';

/** One value of 64 MiB for each key is for a test with few keys. */
const tooHeavy = 'full of forged entries: a huge value';

export interface RedisMishap {
  name: string;
  happen: (redis: TestRedis, random: Random) => Promise<void>;
}

/** @param longestMs - how long a state lasts at most */
export function redisMishaps(longestMs: number): readonly RedisMishap[] {
  const states = redisStates.filter(({ name }) => name !== 'up' && name !== tooHeavy);
  return states.map((state) => ({
    name: `Redis is ${state.name}`,
    happen: (redis, random) => forAWhile(state, redis, random.below(longestMs)),
  }));
}

async function forAWhile(state: RedisState, redis: TestRedis, ms: number): Promise<void> {
  await state.begin(redis);
  await sleep(ms);
  await state.end(redis);
}
