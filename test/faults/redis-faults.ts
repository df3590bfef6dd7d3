/** What may become of Redis while a harness runs on it: each state of test/support/redis-states.ts, for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { redisStates, type RedisState } from '../support/redis-states.js';
import type { TestRedis } from '../support/redis.js';
import type { Random } from './random.js';

/** One value of 64 MiB for each key is for a test with few keys. */
const tooHeavy = 'full of forged entries: a huge value';

export interface RedisFault {
  name: string;
  /** @param isOver - called before the state is ended */
  happen: (redis: TestRedis, random: Random, isOver?: () => void) => Promise<void>;
}

/** @param longestMs - a state lasts for half of it or more */
export function redisFaults(longestMs: number): readonly RedisFault[] {
  const states = redisStates.filter(({ name }) => name !== 'up' && name !== tooHeavy);
  return states.map((state) => ({
    name: `Redis is ${state.name}`,
    happen: (redis, random, isOver) => forAWhile(state, redis, (0.5 + random.next() / 2) * longestMs, isOver),
  }));
}

async function forAWhile(
  state: RedisState,
  redis: TestRedis,
  ms: number,
  isOver?: () => void,
): Promise<void> {
  await state.begin(redis);
  await sleep(ms);
  isOver?.();
  await state.end(redis);
}
