/** The faults of nodes, database and Redis while the revocation harness runs. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { TestRedis } from '../support/redis.js';
import { Line } from '../support/line.js';
import { chosen } from './fault.js';
import { Node } from './nodes.js';
import type { Random } from './random.js';
import { redisFaults } from './redis-faults.js';

export interface ClusterFault {
  name: string;
  /** Under which the times of changes meanwhile are told. */
  kind: 'one node stopped' | 'one node cut off' | 'the database away' | 'Redis away or spoiled';
  happen: (run: Run) => Promise<void>;
}

/** What the harness has started. */
export interface Run {
  nodes: readonly Node[];
  /** The one that the nodes use; another one after each failover. */
  database: PostgresServer;
  redis: TestRedis;
  random: Random;
  /** The node that a fault hits: the times of its own commands tell nothing of settling. */
  target: Node | undefined;
  /** Of nodes that were started again under load. */
  starts: Start[];
}

/** From the start of the process until it was ready. */
export interface Start {
  fromMs: number;
  tookMs: number;
  /** Of its own. */
  processorMs: number;
}

export const leaseMs = 600;

const clusterFaults: readonly ClusterFault[] = [
  {
    name: 'a node is paused (SIGSTOP) and goes on',
    kind: 'one node stopped',
    async happen(run) {
      const node = pickTarget(run);
      node.pause();
      await sleep(200 + run.random.below(2 * leaseMs));
      node.resume();
    },
  },
  {
    name: 'a node is killed (SIGKILL) and started again',
    kind: 'one node stopped',
    async happen(run) {
      const node = pickTarget(run);
      await node.kill();
      await sleep(run.random.below(leaseMs));
      await startAgain(run, node);
    },
  },
  {
    name: 'a node is stopped in order and started again',
    kind: 'one node stopped',
    async happen(run) {
      const node = pickTarget(run);
      await node.kill('SIGTERM');
      await startAgain(run, node);
    },
  },
  {
    name: 'a node is cut off from the database',
    kind: 'one node cut off',
    async happen(run) {
      const { line } = pickTarget(run);
      line.cut();
      await sleep(200 + run.random.below(2 * leaseMs));
      line.mend();
    },
  },
  {
    name: 'the database is restarted',
    kind: 'the database away',
    async happen({ database, random }) {
      await database.stop(random.next() < 0.5 ? 'SIGINT' : 'SIGQUIT');
      await sleep(random.below(leaseMs));
      await database.start();
    },
  },
  {
    name: 'the database is paused (SIGSTOP) and goes on',
    kind: 'the database away',
    async happen({ database, random }) {
      database.pause();
      await sleep(100 + random.below(leaseMs));
      database.resume();
    },
  },
  {
    name: 'the database fails over to a synchronous standby',
    kind: 'the database away',
    async happen(run) {
      const standby = await run.database.synchronousStandby();
      await run.database.kill();
      await standby.promote();
      for (const { line } of run.nodes) line.leadTo(standby.port);
      run.database = standby;
    },
  },
];

const ofRedis: readonly ClusterFault[] = redisFaults(2 * leaseMs).map(({ name, happen }) => ({
  name,
  kind: 'Redis away or spoiled',
  happen: ({ redis, random }) => happen(redis, random),
}));

function pickTarget(run: Run): Node {
  run.target = run.random.pick(run.nodes);
  return run.target;
}

async function startAgain({ starts }: Run, node: Node): Promise<void> {
  const fromMs = performance.now();
  starts.push({ fromMs, ...(await node.startUntilReady()) });
}

export function anyFault(random: Random, only?: string): ClusterFault {
  if (only !== undefined) return random.pick(chosen([...clusterFaults, ...ofRedis], only));
  return random.pick(random.next() < 0.3 ? ofRedis : clusterFaults);
}

/** Three nodes, each with a line of its own to their database. */
export async function startRun(random: Random, without: string | undefined): Promise<Run> {
  const database = await PostgresServer.start('fsync=on');
  const redis = await TestRedis.start();
  const url = await database.newDatabase();
  const pepperFile = join(temporaryFolder(), 'pepper');
  const nodes: Node[] = [];
  for (let count = 0; count < 3; count++) {
    nodes.push(
      await Node.start({
        settings: { PEPPER_FILE: pepperFile, LEASE: `${String(leaseMs)}ms`, REDIS_URL: redis.url },
        databaseUrl: (port) => url.replace(/:\d+\//, `:${String(port)}/`),
        line: await Line.to(database.port),
        leaveOut: without,
        isBundled: without === undefined,
      }),
    );
  }
  return { nodes, database, redis, random, target: undefined, starts: [] };
}
