import type { Cluster, Redis } from 'ioredis';
import { inTime } from './in-time.js';
import type { RedisClient } from './redis-client.js';
import { isRefusal, takesNoWrites } from './redis-errors.js';

/** The servers that take writes: one, or those of a Cluster. */
export function mastersOf(client: RedisClient): Redis[] {
  return client.isCluster ? (client as Cluster).nodes('master') : [client as Redis];
}

/** @throws Error when one of them doesn't answer in time, or takes no writes */
export async function tryOut(
  masters: readonly Redis[],
  limits: { connectMs: number; answerMs: number },
): Promise<void> {
  if (masters.length === 0) throw new Error('the Cluster has no masters');
  await Promise.all(masters.map((master) => tryOutOne(master, limits)));
}

async function tryOutOne(
  master: Redis,
  { connectMs, answerMs }: { connectMs: number; answerMs: number },
): Promise<void> {
  // A Cluster connects to a node when a command needs it, and the command would wait for that.
  if (master.status === 'wait') await inTime(master.connect(), connectMs);
  const greeted: unknown = await inTime(master.ping(), answerMs);
  if (greeted !== 'PONG') throw new Error('it is no Redis');
  try {
    // A write that changes nothing: a replica answers PING, and refuses this. Another master may have its slot.
    await inTime(master.pexpire('hearthkey:link', 1), answerMs);
  } catch (error) {
    if (!isRefusal(error) || takesNoWrites(error)) throw error;
  }
}
