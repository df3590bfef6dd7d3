/** `npm run faults -- limits`: how many requests of a key pass its rate limit while Redis fails in every way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startServedCluster, type ServedCluster } from './cluster.js';
import { Connections } from './connections.js';
import { chosen, type Fault, type FaultOptions } from './fault.js';
import { Findings } from './findings.js';
import { requestFor } from './load.js';
import type { SeededKey } from './seeded-keys.js';

const limit = 120;
const nodeCount = 3;
const share = limit / nodeCount;
/** Well within the minute of the limit, so that all that pass are in one window. */
const trySeconds = 15;
/** Between two requests of a client; several times as many as may pass. */
const pauseMs = 60;
const faultEveryMs = 2_000;
const answerLimitMs = 10_000;

interface LimitFault {
  name: string;
  /** At most so many of 120 may pass, by docs/operations.md. */
  most: number;
  begin?: (cluster: ServedCluster) => Promise<void> | void;
  /** Again and again, while the key is used. */
  meanwhile?: (cluster: ServedCluster, key: SeededKey) => Promise<unknown>;
  /** Once, when a third of the limit has been used. */
  within?: (cluster: ServedCluster) => Promise<void> | void;
  end?: (cluster: ServedCluster) => Promise<void> | void;
}

const flushes = Math.floor((trySeconds * 1000) / faultEveryMs);
/** With each, what two nodes let through since the third had asked last. */
const mostWithFlushes = limit + flushes * 2 * 2;

const limitFaults: readonly LimitFault[] = [
  { name: 'nothing fails', most: limit },
  {
    name: 'Redis is away from the start',
    most: limit,
    begin: ({ redis }) => redis!.kill(),
    end: ({ redis }) => redis!.start(),
  },
  {
    name: 'one node is cut off from Redis from the start',
    most: limit + share,
    begin: ({ redisLines }) => redisLines[0]!.cut(),
    end: ({ redisLines }) => redisLines[0]!.mend(),
  },
  {
    name: 'Redis is killed within the window',
    most: limit + nodeCount * share,
    within: ({ redis }) => redis!.kill(),
    end: ({ redis }) => redis!.start(),
  },
  {
    name: 'one node is cut off within the window',
    most: limit + share,
    within: ({ redisLines }) => redisLines[0]!.cut(),
    end: ({ redisLines }) => redisLines[0]!.mend(),
  },
  {
    name: 'Redis is flushed again and again',
    most: mostWithFlushes,
    meanwhile: ({ redis }) => redis!.flush(),
  },
  ...(['SET', 'PERSIST', 'DEL', 'LPUSH'] as const).map((command) => ({
    name: `the counter is spoilt again and again (${command})`,
    most: mostWithFlushes,
    meanwhile: ({ redis }: ServedCluster, { id }: SeededKey) => spoil(redis!, command, id),
  })),
];

export const limits: Fault = {
  promise:
    'A rate limit of 120 a minute lets no more through than docs/operations.md says, whatever Redis does.',
  count: 3,
  countInCi: 1,
  run: runLimits,
};

async function runLimits({ count, only, without, print }: FaultOptions): Promise<Findings> {
  const faults = chosen(limitFaults, only);
  const cluster = await startServedCluster({
    keys: count * faults.length,
    hasRedisLines: true,
    leaveOut: without,
  });
  const findings = new Findings();
  const [operator] = cluster.nodes;
  for (const [index, fault] of faults.entries()) {
    const passed: number[] = [];
    for (let round = 0; round < count; round++) {
      const key = cluster.keys[index * count + round]!;
      await operator!.client.ok('v-change-access-key', key.id, '--rate-limit', `${String(limit)}/min`);
      passed.push(await usedUp(cluster, key, fault, findings));
    }
    const most = Math.max(...passed);
    print(
      `${fault.name}: ${passed.join(', ')} of ${String(limit)} passed; at most ${String(fault.most)} may`,
    );
    if (most > fault.most)
      findings.wrong.push(`${fault.name}: ${String(most)} passed, at most ${String(fault.most)} may`);
  }
  for (const node of cluster.nodes) await node.kill('SIGTERM');
  return findings;
}

/** Asks at all nodes for as long as the try takes; how many were allowed. */
async function usedUp(
  cluster: ServedCluster,
  key: SeededKey,
  fault: LimitFault,
  findings: Findings,
): Promise<number> {
  await fault.begin?.(cluster);
  const request = requestFor(`${key.id}:${key.secret}`);
  const untilMs = performance.now() + trySeconds * 1000;
  let passed = 0;
  let isBroken = fault.within === undefined;
  const meanwhile = again(() => fault.meanwhile?.(cluster, key), untilMs);
  await Promise.all(
    cluster.nodes.map(async ({ port }) => {
      const connections = new Connections(port, answerLimitMs);
      while (performance.now() < untilMs) {
        const { code } = await connections.ask(request);
        findings.judged();
        if (code === 0) passed++;
        if (!isBroken && passed >= share) {
          isBroken = true;
          await fault.within?.(cluster);
        }
        await sleep(pauseMs);
      }
      connections.close();
    }),
  );
  await meanwhile;
  await fault.end?.(cluster);
  if (passed < share) findings.slow.push(`${fault.name}: only ${String(passed)} were allowed`);
  return passed;
}

async function again(step: () => Promise<unknown> | undefined, untilMs: number): Promise<void> {
  while (performance.now() + faultEveryMs < untilMs) {
    await sleep(faultEveryMs);
    await step();
  }
}

function spoil(redis: NonNullable<ServedCluster['redis']>, command: string, id: string): Promise<unknown> {
  return redis.with(async (client) => {
    const key = `hearthkey:rate:${id}`;
    if (command === 'SET') await client.call('SET', key, 'no count');
    else if (command === 'LPUSH') {
      await client.call('DEL', key);
      await client.call('LPUSH', key, 'of another type');
    } else await client.call(command, key);
  });
}
