/** Nodes on PostgreSQL and Redis, or one with its own SQLite file, with keys that nobody has used yet. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { createPepper } from '../../src/secrets/pepper.js';
import { temporaryFolder } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { TestRedis } from '../support/redis.js';
import { Line } from '../support/line.js';
import type { Form } from './fault.js';
import { Node } from './nodes.js';
import { seedKeys, type SeededKey } from './seeded-keys.js';

export interface ClusterOptions {
  on: Form;
  keys: number;
  leaseMs?: number;
  /** Of a Redis that runs already; otherwise one is started. */
  redisUrl?: string;
  /** Each node gets a line of its own to Redis, which can be cut. */
  hasRedisLines?: boolean;
  leaveOut: string | undefined;
  /** More of them, of all nodes. */
  settings?: Readonly<Record<string, string>>;
  /** How many files a node may have open. */
  descriptorLimit?: number;
}

export interface Cluster {
  nodes: readonly Node[];
  keys: SeededKey[];
}

export interface ServedCluster extends Cluster {
  database: PostgresServer;
  /** The one that was started for it. */
  redis: TestRedis | undefined;
  /** In the order of the nodes. */
  redisLines: readonly Line[];
}

const nodeCount = 3;

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  return options.on === 'nodes' ? startServedCluster(options) : startAlone(options);
}

export async function startServedCluster({
  keys: keyCount,
  leaseMs = 5000,
  redisUrl,
  hasRedisLines = false,
  leaveOut,
  settings: more = {},
  descriptorLimit,
}: Omit<ClusterOptions, 'on'>): Promise<ServedCluster> {
  const database = await PostgresServer.start('fsync=on');
  const redis = redisUrl === undefined ? await TestRedis.start() : undefined;
  const url = await database.newDatabase();
  const pepperFile = join(temporaryFolder(), 'pepper');
  const parsed = parseDatabaseUrl(url);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const keys = await seedKeys(parsed.server, createPepper(pepperFile), keyCount);
  const nodes: Node[] = [];
  const redisLines: Line[] = [];
  while (nodes.length < nodeCount) {
    let ownRedisUrl = redisUrl ?? redis!.url;
    if (hasRedisLines) {
      const line = await Line.to(Number(new URL(ownRedisUrl).port));
      redisLines.push(line);
      ownRedisUrl = `redis://127.0.0.1:${String(line.port)}`;
    }
    const settings = {
      PEPPER_FILE: pepperFile,
      LEASE: `${String(leaseMs)}ms`,
      REDIS_URL: ownRedisUrl,
      ...more,
    };
    const databaseUrl = (port: number): string => url.replace(/:\d+\//, `:${String(port)}/`);
    const line = await Line.to(database.port);
    nodes.push(await Node.start({ settings, databaseUrl, line, leaveOut, descriptorLimit }));
  }
  await open(nodes[0]!);
  return { nodes, keys, database, redis, redisLines };
}

async function startAlone({
  keys: keyCount,
  leaveOut,
  settings = {},
  descriptorLimit,
}: ClusterOptions): Promise<Cluster> {
  const dataDir = join(temporaryFolder(), 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const pepper = createPepper(join(dataDir, 'pepper'));
  const keys = await seedKeys(join(dataDir, 'hearthkey.db'), pepper, keyCount);
  const node = await Node.start({ settings, dataDir, leaveOut, descriptorLimit });
  await open(node);
  return { nodes: [node], keys };
}

/** Lets this machine in; `load` grants the one command that is asked for. */
async function open({ client }: Node): Promise<void> {
  await client.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await client.ok('v-add-sys-api-ip', '127.0.0.1');
  await client.ok('v-add-api', 'load', 'user', 'v-list-api', 'v-list-api');
}
