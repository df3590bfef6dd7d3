/** Redis servers of which one takes over from another: behind Sentinels, or as a Cluster. */
import type { ReachableRedis, TestRedis } from './redis.js';
import { within } from './waiting.js';

export interface RedisGroup extends ReachableRedis {
  /** Those with data. */
  servers: readonly TestRedis[];
  /** What must be in no log. */
  hidden: readonly string[];
  /** The one that takes writes to this key, as the group itself sees it. */
  masterOf(key: string): Promise<TestRedis>;
  /** Every master has a replica that has all of its data. */
  isWhole(): Promise<boolean>;
}

/** Waits until another server has taken over from this one, which is away. */
export async function takenOver(group: RedisGroup, key: string, from: TestRedis): Promise<void> {
  await within(60_000, 'a replica takes over', async () => (await group.masterOf(key)) !== from);
}

/** Every master has a replica that has all of its data, so that a failover loses nothing. */
export async function isWhole(group: RedisGroup): Promise<void> {
  await within(60_000, 'the replicas are there', () => group.isWhole());
}

/** Kills a master, waits until it is replaced, and starts it again as a replica. */
export async function failOver(group: RedisGroup, key: string): Promise<void> {
  const master = await group.masterOf(key);
  await master.kill();
  await takenOver(group, key, master);
  await master.start();
}

/** What a master says of its replicas: how many have all that it had when it was asked first. */
export async function replicasWithAllOf(master: TestRedis): Promise<number> {
  return master.with(async (client) => {
    const wanted = Number(/master_repl_offset:(\d+)/.exec(await client.info('replication'))?.[1]);
    const told = (await client.info('replication')).matchAll(/slave\d+:.*state=online,offset=(\d+)/g);
    return [...told].filter(([, offset]) => Number(offset) >= wanted).length;
  });
}
