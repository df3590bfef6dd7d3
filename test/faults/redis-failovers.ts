/** `npm run faults -- redis --kind sentinel | cluster`: what callers see while one Redis server takes over from another. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TestCluster } from '../support/redis-cluster.js';
import { isWhole, takenOver, type RedisGroup } from '../support/redis-group.js';
import { TestSentinels } from '../support/redis-sentinels.js';
import { within } from '../support/waiting.js';
import type { FaultOptions, RedisKind } from './fault.js';
import type { Findings } from './findings.js';
import { Judge } from './judge.js';
import { LoadedCluster, type LoadOptions } from './loaded-cluster.js';
import type { Node } from './nodes.js';

const groups: Readonly<Record<Exclude<RedisKind, 'single'>, () => Promise<RedisGroup>>> = {
  sentinel: () => TestSentinels.start(),
  cluster: () => TestCluster.start(),
};

/** How long a failover takes at most where the machine has nothing else to do: only for the number of keys. */
const failoverMs = 30_000;
const pauseMs = 1500;

export async function runFailovers(
  options: FaultOptions & { kind: Exclude<RedisKind, 'single'> },
  load: Pick<LoadOptions, 'perSecond' | 'limitMs' | 'quietState'>,
): Promise<Findings> {
  const { count, kind, machine, print } = options;
  const group = await groups[kind]();
  const lastsMs = count * (failoverMs + pauseMs);
  const loaded = await LoadedCluster.start(options, { ...load, lastsMs, redisUrl: group.url });
  const judge = new Judge(() => loaded.state, machine);
  await allUseRedis(loaded.cluster.nodes);
  loaded.load((asked) => judge.take(asked));
  for (let round = 0; round < count; round++) {
    await isWhole(group);
    await sleep(pauseMs);
    await failOnce(group, loaded, judge, round % 2 === 0 ? 'killed' : 'paused');
  }
  await loaded.stopLoad();
  for (const node of loaded.cluster.nodes) await node.kill('SIGTERM');
  print(`failovers: ${String(count)}; ${judge.summary()}`);
  return judge.findings();
}

async function failOnce(
  group: RedisGroup,
  loaded: LoadedCluster,
  judge: Judge,
  how: 'killed' | 'paused',
): Promise<void> {
  // The keys of a Cluster are spread over its masters.
  const key = String(loaded.random.below(1000));
  const master = await group.masterOf(key);
  loaded.state = `a master is ${how}`;
  const fromMs = performance.now();
  if (how === 'killed') await master.kill();
  else master.pause();
  await takenOver(group, key, master);
  judge.lasted(loaded.state, fromMs, performance.now());
  await allUseRedis(loaded.cluster.nodes);
  if (how === 'killed') await master.start();
  else master.resume();
  loaded.quiesce();
}

async function allUseRedis(nodes: readonly Node[]): Promise<void> {
  for (const { port } of nodes)
    await within(30_000, 'every node uses Redis', async () => {
      const metrics = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
      return /^hearthkey_redis_up 1$/m.test(await metrics.text());
    });
}
