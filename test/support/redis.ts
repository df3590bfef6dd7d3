/** A real redis-server on a port of its own, with its files in a folder of its own; gone when the test file ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { parseRedisUrl } from '../../src/config/redis-url.js';
import { RedisConnection, redisLimits } from '../../src/storage/redis/redis-connection.js';
import { atEnd } from './clean-up.js';
import type { Certificate } from './certificates.js';
import { temporaryFolder } from './folders.js';
import { freePort } from './free-port.js';
import { within } from './waiting.js';

/** Valkey's can take its place: `TEST_REDIS_SERVER=/usr/bin/valkey-server`. */
const serverProgram = process.env['TEST_REDIS_SERVER'] ?? 'redis-server';

export interface RedisOptions {
  /** Every write is on the disk before it is answered, and there again after a start. */
  isPersistent?: boolean;
  password?: string;
  /** Serve TLS alone. */
  tls?: Certificate;
  /** More options of redis-server, such as `--maxmemory 1mb`. */
  more?: readonly string[];
  /** It is a Sentinel, with these lines of configuration. */
  sentinel?: readonly string[];
}

export class TestRedis {
  private child: ChildProcess | undefined;
  private isPaused = false;
  private readonly folder = temporaryFolder();

  private constructor(
    readonly port: number,
    private readonly options: RedisOptions,
  ) {
    atEnd(() => this.kill());
  }

  /** One that runs. */
  static async start(options: RedisOptions = {}): Promise<TestRedis> {
    const redis = await TestRedis.absent(options);
    await redis.start();
    return redis;
  }

  /** One that has a port and doesn't run yet. */
  static async absent(options: RedisOptions = {}): Promise<TestRedis> {
    return new TestRedis(await freePort(), options);
  }

  get url(): string {
    const { password, tls } = this.options;
    const credential = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
    return `${tls === undefined ? 'redis' : 'rediss'}://${credential}127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    const { isPersistent = false, password, tls, more = [], sentinel } = this.options;
    const port = String(this.port);
    const listen =
      tls === undefined
        ? ['--port', port]
        : ['--port', '0', '--tls-port', port, '--tls-auth-clients', 'no']
            .concat(['--tls-cert-file', tls.certFile, '--tls-key-file', tls.keyFile])
            .concat(['--tls-ca-cert-file', tls.certFile]);
    const args = [...listen, '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''].concat(
      isPersistent ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [],
      password === undefined ? [] : ['--requirepass', password],
      more,
    );
    const child = spawn(serverProgram, [...this.sentinelFile(sentinel), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let words = '';
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text: string) => (words += text));
    await within(10_000, 'redis-server listens', () => {
      if (child.exitCode !== null) throw new Error(`redis-server did not start: ${words}`);
      return isOpen(this.port);
    });
  }

  /** In order: what is to be kept is on the disk. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** It takes connections and commands, and answers nothing. */
  pause(): void {
    this.isPaused = true;
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.isPaused = false;
    this.child?.kill('SIGCONT');
  }

  /** It is there and not paused. */
  get isRunning(): boolean {
    return this.child !== undefined && !this.isPaused;
  }

  async flush(): Promise<void> {
    await this.with((client) => client.flushall());
  }

  /** Does something with a client that every command of Redis can be asked of. */
  async with<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const { password, tls } = this.options;
    const client = new Redis({
      ...{ host: '127.0.0.1', port: this.port, lazyConnect: true, retryStrategy: null },
      ...(password !== undefined && { password }),
      ...(tls !== undefined && { tls: { rejectUnauthorized: false } }),
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  /** Every text in it, by its key, in hexadecimal. */
  async dump(): Promise<Record<string, string>> {
    return this.with(async (client) => {
      const found: Record<string, string> = {};
      for (const key of await client.keys('*')) {
        const value = await client.getBuffer(key);
        found[key] = value?.toString('hex') ?? '';
      }
      return found;
    });
  }

  /** A Sentinel needs a file that it can write its configuration to. */
  private sentinelFile(lines: readonly string[] | undefined): string[] {
    if (lines === undefined) return [];
    const file = join(this.folder, 'sentinel.conf');
    writeFileSync(file, lines.join('\n'));
    return [file, '--sentinel'];
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = undefined;
    this.isPaused = false;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    if (signal !== 'SIGKILL') child.kill('SIGCONT'); // a paused one takes no other signal
    await once(child, 'close');
  }
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const connections: RedisConnection[] = [];

export interface ReachableRedis {
  url: string;
  /** Certificates to trust, in PEM. */
  trusted?: readonly string[];
  sentinelPassword?: string;
}

/** A connection of the service's own kind, with what it tells; the first attempt has ended. */
export async function connected(
  redis: ReachableRedis,
  told: string[] = [],
  limits: Partial<typeof redisLimits> = {},
): Promise<RedisConnection> {
  const parsed = parseRedisUrl(redis.url);
  if (!('address' in parsed)) throw new Error(parsed.problem);
  const connection = new RedisConnection(
    {
      ...{ ...parsed.address, caFile: undefined, trusted: redis.trusted ?? [] },
      ...(redis.sentinelPassword !== undefined && { sentinelPassword: redis.sentinelPassword }),
    },
    {
      onLost: (reason) => told.push(`lost: ${reason}`),
      onBack: () => told.push('back'),
      onRefused: (reason) => told.push(`refused: ${reason}`),
    },
    { ...redisLimits, ...limits },
  );
  connections.push(connection);
  await connection.open();
  return connection;
}

atEnd(() => {
  for (const connection of connections) connection.close();
});
