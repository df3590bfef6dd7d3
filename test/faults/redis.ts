/** `npm run faults -- redis`: what callers see while Redis is away, spoiled or full. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startServedCluster } from './cluster.js';
import type { Fault, FaultOptions } from './fault.js';
import { Judge } from './judge.js';
import { Random } from './random.js';
import { redisMishaps } from './redis-mishaps.js';
import { Seconds } from './seconds.js';
import { Traffic } from './traffic.js';

const perSecond = { 'in use': 90, 'first use': 6, wrong: 60 };

export const redis: Fault = {
  promise:
    'Promise 4: without Redis, or with one that lies, slower at the first use of a key, otherwise the same and never wrong.',
  count: 26,
  countInCi: 13,
  run: runRedis,
};

async function runRedis({ count, seed, without, print }: FaultOptions): Promise<string[]> {
  if (without !== undefined) print(`without ${without}: something wrong has to be found`);
  const random = new Random(seed);
  const [stateMs, pauseMs] = process.env['CI'] ? [700, 300] : [4000, 1500];
  const mishaps = redisMishaps(stateMs);
  const firstUses = ((count + 2) * (stateMs + pauseMs) * perSecond['first use']) / 1000;
  const {
    nodes,
    keys,
    redis: server,
  } = await startServedCluster({
    ...{ keys: Math.ceil(firstUses / 3) + 20, leaveOut: without },
  });
  let state = 'Redis is up';
  const seconds = new Seconds(print, () => state);
  const judge = new Judge(() => state);
  const traffic = new Traffic({
    ...{ nodes, keys, random, perSecond, limitMs: 20_000 },
    onAnswer(asked) {
      seconds.add(asked.kind, asked.answer.code, asked.answer.tookMs);
      judge.take(asked);
    },
  });
  await sleep(stateMs);
  for (let round = 0; round < count; round++) {
    const mishap = mishaps[(round + seed) % mishaps.length]!;
    state = mishap.name;
    await mishap.happen(server, random);
    state = 'Redis is up';
    await sleep(pauseMs);
  }
  await traffic.stop();
  seconds.stop();
  for (const node of nodes) await node.kill('SIGTERM');
  judge.judgeWaits();
  print(judge.summary());
  return judge.problems;
}
