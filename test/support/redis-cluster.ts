/** A real Redis Cluster: three masters, each with a replica. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CertificateAuthority } from './certificates.js';
import { freePort } from './free-port.js';
import { replicasWithAllOf, type RedisGroup } from './redis-group.js';
import { TestRedis } from './redis.js';
import { within } from './waiting.js';

export interface ClusterOptions {
  password?: string;
  /** Serve TLS alone, with certificates of this authority. */
  tls?: CertificateAuthority;
  /** More options of the servers, such as `--user …`. */
  more?: readonly string[];
}

interface Slots {
  from: number;
  to: number;
  ports: number[];
}

export class TestCluster implements RedisGroup {
  readonly hidden: readonly string[];
  readonly url: string;

  private constructor(
    readonly servers: readonly TestRedis[],
    { password = '', tls }: ClusterOptions,
  ) {
    this.hidden = password === '' ? [] : [password];
    const credential = password === '' ? '' : `:${encodeURIComponent(password)}@`;
    const hosts = servers.map(({ port }) => `127.0.0.1:${String(port)}`).join(',');
    this.url = `${tls === undefined ? 'redis' : 'rediss'}+cluster://${credential}${hosts}`;
  }

  static async start(options: ClusterOptions = {}): Promise<TestCluster> {
    const servers: TestRedis[] = [];
    while (servers.length < 6) servers.push(await startServer(options));
    const { password, tls } = options;
    await promisify(execFile)('redis-cli', [
      ...(password === undefined ? [] : ['--no-auth-warning', '-a', password]),
      ...(tls === undefined ? [] : ['--tls', '--insecure']),
      ...['--cluster', 'create', ...servers.map(({ port }) => `127.0.0.1:${String(port)}`)],
      ...['--cluster-replicas', '1', '--cluster-yes'],
    ]);
    const cluster = new TestCluster(servers, options);
    await within(60_000, 'the Cluster is there', () => cluster.isWhole());
    return cluster;
  }

  async masterOf(key: string): Promise<TestRedis> {
    const [master] = await this.serversOf(key);
    return this.serverAt(master);
  }

  async replicaOf(key: string): Promise<TestRedis> {
    const [, replica] = await this.serversOf(key);
    return this.serverAt(replica);
  }

  /** Their ports, that of the master first. */
  private async serversOf(key: string): Promise<readonly number[]> {
    const slot = await this.anyServer((client) => client.cluster('KEYSLOT', key));
    return (await this.slots()).find(({ from, to }) => from <= slot && slot <= to)?.ports ?? [];
  }

  private serverAt(wanted: number | undefined): TestRedis {
    const server = this.servers.find(({ port }) => port === wanted);
    if (server === undefined) throw new Error('the Cluster names no server of its own');
    return server;
  }

  async isWhole(): Promise<boolean> {
    const states = await Promise.all(this.servers.map((server) => this.stateOf(server)));
    const slots = await this.slots();
    const masters = slots.map(({ ports }) => ports[0]);
    if (slots.some(({ ports }) => ports.length !== 2)) return false;
    if (states.some((state) => state !== 'ok') || new Set(masters).size < 3) return false;
    const known = this.servers.filter(({ port }) => masters.includes(port));
    const replicas = await Promise.all(known.map(replicasWithAllOf));
    return replicas.every((count) => count === 1);
  }

  private async stateOf(server: TestRedis): Promise<string | undefined> {
    const info = await server.with((client) => client.cluster('INFO')).catch(() => '');
    return /cluster_state:(\w+)/.exec(info)?.[1];
  }

  /** As one that is there says, in the opinion of the majority. */
  private async slots(): Promise<Slots[]> {
    const told = await this.anyServer((client) => client.cluster('SLOTS'));
    return told.map(([from, to, ...nodes]) => ({
      ...{ from, to, ports: nodes.map(([, port]) => port) },
    }));
  }

  private async anyServer<T>(ask: Parameters<typeof TestRedis.prototype.with<T>>[0]): Promise<T> {
    for (const server of this.servers) {
      if (!server.isRunning) continue;
      return server.with(ask);
    }
    throw new Error('no server of the Cluster runs');
  }
}

async function startServer({ password, tls, more = [] }: ClusterOptions): Promise<TestRedis> {
  return TestRedis.start({
    ...(password !== undefined && { password }),
    ...(tls !== undefined && { tls: tls.issue('redis') }),
    more: [
      ...['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())],
      // A machine that has much else to do is no reason for a failover.
      ...['--cluster-node-timeout', '3000', '--repl-diskless-sync-delay', '0'],
      ...(password === undefined ? [] : ['--masterauth', password]),
      ...(tls === undefined
        ? []
        : ['--tls-replication', 'yes', '--tls-cluster', 'yes', '--tls-ca-cert-file', tls.caFile]),
      ...more,
    ],
  });
}
