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
const faultEveryMs = 300;
const answerLimitMs = 10_000;
const rateLimited = 14;

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

/** What the other nodes let through since a node had asked last: each one request, and up to four where it is late. */
const mostUnknown = (nodeCount - 1) * 4;
const withTheShareOfOne = limit + share;
const withUnknown = limit + mostUnknown;

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
    most: withTheShareOfOne,
    begin: ({ redisLines }) => redisLines[0]!.cut(),
    end: ({ redisLines }) => redisLines[0]!.mend(),
  },
  {
    name: 'Redis is killed within the window',
    // Each has heard of all but the newest requests of the others.
    most: limit + nodeCount * mostUnknown,
    within: ({ redis }) => redis!.kill(),
    end: ({ redis }) => redis!.start(),
  },
  {
    name: 'one node is cut off within the window',
    most: withTheShareOfOne,
    within: ({ redisLines }) => redisLines[0]!.cut(),
    end: ({ redisLines }) => redisLines[0]!.mend(),
  },
  {
    name: 'Redis is flushed again and again',
    most: withUnknown,
    meanwhile: ({ redis }) => redis!.flush(),
  },
  ...(['SET', 'PERSIST', 'DEL', 'LPUSH'] as const).map((command) => ({
    name: `the counter is spoilt again and again (${command})`,
    most: withUnknown,
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
    const tries: Try[] = [];
    for (let round = 0; round < count; round++) {
      const key = cluster.keys[index * count + round]!;
      await operator!.client.ok('v-change-access-key', key.id, '--rate-limit', `${String(limit)}/min`);
      tries.push(await usedUp(cluster, key, fault, findings));
    }
    const texts = tries.map(({ passed }) => String(passed)).join(', ');
    print(`${fault.name}: of ${String(limit)} passed ${texts} (at most ${String(fault.most)} may)`);
    for (const one of tries) judge(fault, one, findings);
  }
  for (const node of cluster.nodes) await node.kill('SIGTERM');
  return findings;
}

interface Try {
  answered: number;
  passed: number;
}

function judge({ name, most }: LimitFault, { answered, passed }: Try, findings: Findings): void {
  if (passed > most) findings.wrong.push(`${name}: ${String(passed)} passed, at most ${String(most)} may`);
  if (passed >= share) return;
  const text = `${name}: only ${String(passed)} of ${String(answered)} were allowed`;
  (answered > limit ? findings.wrong : findings.slow).push(text);
}

/** Asks at all nodes for as long as the try takes. */
async function usedUp(
  cluster: ServedCluster,
  key: SeededKey,
  fault: LimitFault,
  findings: Findings,
): Promise<Try> {
  await fault.begin?.(cluster);
  const request = requestFor(`${key.id}:${key.secret}`);
  const untilMs = performance.now() + trySeconds * 1000;
  const one: Try = { answered: 0, passed: 0 };
  let isBroken = fault.within === undefined;
  const meanwhile = again(async () => fault.meanwhile?.(cluster, key), untilMs);
  await Promise.all(
    cluster.nodes.map(async ({ port }) => {
      const connections = new Connections(port, answerLimitMs);
      while (performance.now() < untilMs) {
        const { code } = await connections.ask(request);
        findings.judged();
        if (code === 0 || code === rateLimited) one.answered++;
        if (code === 0) one.passed++;
        if (!isBroken && one.passed >= share) {
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
  return one;
}

async function again(step: () => Promise<unknown>, untilMs: number): Promise<void> {
  while (performance.now() + faultEveryMs < untilMs) {
    await sleep(faultEveryMs);
    await step();
  }
}

function spoil(redis: NonNullable<ServedCluster['redis']>, command: string, id: string): Promise<unknown> {
  return redis.with(async (client) => {
    const key = `hearthkey:requests:${id}`;
    if (command === 'SET') await client.call('SET', key, 'no count');
    else if (command === 'LPUSH') {
      // At once: between two calls a node may have counted anew.
      await client.multi().del(key).lpush(key, 'of another type').exec();
    } else await client.call(command, key);
  });
}
