/** A real master and its replica, with three real Sentinels that watch them. */
import type { CertificateAuthority } from './certificates.js';
import { replicasWithAllOf, type RedisGroup } from './redis-group.js';
import { TestRedis } from './redis.js';
import { within } from './waiting.js';

export interface SentinelsOptions {
  password?: string;
  sentinelPassword?: string;
  /** Serve TLS alone, with certificates of this authority. */
  tls?: CertificateAuthority;
  /** More options of the servers with data, such as `--user …`. */
  more?: readonly string[];
}

const masterName = 'hearth-1';

export class TestSentinels implements RedisGroup {
  readonly hidden: readonly string[];
  readonly sentinelPassword: string;
  readonly url: string;

  private constructor(
    readonly servers: readonly TestRedis[],
    readonly sentinels: readonly TestRedis[],
    options: SentinelsOptions,
  ) {
    const { password = '', sentinelPassword = '', tls } = options;
    this.sentinelPassword = sentinelPassword;
    this.hidden = [password, sentinelPassword].filter((text) => text !== '');
    const credential = password === '' ? '' : `:${encodeURIComponent(password)}@`;
    const hosts = sentinels.map(({ port }) => `127.0.0.1:${String(port)}`).join(',');
    this.url = `${tls === undefined ? 'redis' : 'rediss'}+sentinel://${credential}${hosts}/${masterName}`;
  }

  static async start(options: SentinelsOptions = {}): Promise<TestSentinels> {
    const { password, tls, more = [] } = options;
    const common = {
      ...(password !== undefined && { password }),
      ...(tls !== undefined && { tls: tls.issue('redis') }),
    };
    const fixed = [...more, '--repl-diskless-sync-delay', '0'].concat(
      password === undefined ? [] : ['--masterauth', password],
      tls === undefined ? [] : ['--tls-replication', 'yes', '--tls-ca-cert-file', tls.caFile],
    );
    const master = await TestRedis.start({ ...common, more: fixed });
    const place = ['127.0.0.1', String(master.port)];
    const replica = await TestRedis.start({ ...common, more: [...fixed, '--replicaof', ...place] });
    const sentinels: TestRedis[] = [];
    while (sentinels.length < 3) sentinels.push(await startSentinel(master, options));
    const group = new TestSentinels([master, replica], sentinels, options);
    await within(60_000, 'the Sentinels know each other and the replica', async () => {
      const known = await Promise.all(sentinels.map(whatItKnows));
      return known.every((words) => words['num-slaves'] === '1' && words['num-other-sentinels'] === '2');
    });
    await within(60_000, 'the replica is there', () => group.isWhole());
    return group;
  }

  async masterOf(): Promise<TestRedis> {
    const asked = await Promise.all(
      this.sentinels.map((sentinel) => whatItKnows(sentinel).then(({ port }) => Number(port))),
    );
    // They learn it one after the other; a client may ask any of them.
    const last = this.servers.find(({ port }) => asked.every((told) => told === port));
    if (last !== undefined) this.lastAgreed = last;
    return this.lastAgreed ?? this.servers[0]!;
  }

  private lastAgreed: TestRedis | undefined;

  async isWhole(): Promise<boolean> {
    return (await replicasWithAllOf(await this.masterOf())) === 1;
  }
}

async function startSentinel(master: TestRedis, options: SentinelsOptions): Promise<TestRedis> {
  const { password, sentinelPassword, tls } = options;
  return TestRedis.start({
    ...(sentinelPassword !== undefined && { password: sentinelPassword }),
    ...(tls !== undefined && {
      tls: tls.issue('redis'),
      more: ['--tls-replication', 'yes', '--tls-ca-cert-file', tls.caFile],
    }),
    sentinel: [
      `sentinel monitor ${masterName} 127.0.0.1 ${String(master.port)} 2`,
      // A machine that has much else to do is no reason for a failover.
      `sentinel down-after-milliseconds ${masterName} 2000`,
      `sentinel failover-timeout ${masterName} 3000`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${masterName} ${password}`]),
      ...(sentinelPassword === undefined ? [] : [`sentinel sentinel-pass ${sentinelPassword}`]),
    ],
  });
}

async function whatItKnows(sentinel: TestRedis): Promise<Record<string, string>> {
  return sentinel.with(async (client) => {
    const words = (await client.call('SENTINEL', 'MASTER', masterName)) as string[];
    return Object.fromEntries(
      words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])),
    );
  });
}
