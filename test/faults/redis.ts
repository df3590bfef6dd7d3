/** `npm run faults -- redis`: what callers see while Redis is away, spoiled or full. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chosen, type Fault, type FaultOptions } from './fault.js';
import type { Findings } from './findings.js';
import { Judge } from './judge.js';
import { LoadedCluster } from './loaded-cluster.js';
import { runFailovers } from './redis-failovers.js';
import { redisFaults } from './redis-faults.js';

const load = {
  perSecond: { 'in use': 90, 'first use': 6, wrong: 60 },
  limitMs: 20_000,
  quietState: 'Redis is up',
};

export const redis: Fault = {
  promise:
    'Promise 4: without Redis, or with one that lies, slower at the first use of a key, otherwise the same and never wrong.',
  count: 26,
  countInCi: 13,
  run: runRedis,
};

async function runRedis(options: FaultOptions): Promise<Findings> {
  const { count, seed, without, only, machine, print, kind = 'single' } = options;
  if (kind !== 'single') return runFailovers({ ...options, kind }, load);
  const [usualMs, pauseMs] = process.env['CI'] ? [700, 300] : [4000, 1500];
  // Long enough to tell who waits for Redis from who waits for the machine.
  const stateMs = without === undefined ? usualMs : 6000 * machine.slowness;
  const faults = chosen(redisFaults(stateMs), only);
  const lastsMs = (count + 2) * (stateMs + pauseMs);
  const loaded = await LoadedCluster.start(options, { ...load, lastsMs });
  const { redis: server } = loaded.cluster;
  if (server === undefined) throw new Error('there is no Redis');
  const judge = new Judge(() => loaded.state, machine);
  loaded.load((asked) => judge.take(asked));
  await sleep(Math.min(stateMs, 4000));
  for (let round = 0; round < count; round++) {
    const fault = faults[(round + seed) % faults.length]!;
    loaded.state = fault.name;
    const fromMs = performance.now();
    await fault.happen(server, loaded.random, () => {
      judge.lasted(fault.name, fromMs, performance.now());
    });
    loaded.quiesce();
    await sleep(pauseMs);
  }
  await loaded.stopLoad();
  for (const node of loaded.cluster.nodes) await node.kill('SIGTERM');
  print(judge.summary());
  return judge.findings();
}
