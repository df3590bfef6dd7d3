import pg from 'pg';
import { placeOfHost, type DatabaseHost, type DatabaseServer } from '../../config/database-url.js';
import { connectionOptions } from './connection-options.js';
import { lookAtHost } from './look-at-host.js';
import { beginSession, type SessionLimits } from './session.js';

/** One node's connections; three nodes and a person at `psql` are well below a server's usual hundred. */
const maxConnections = 10;
const idleTimeoutMs = 60_000;
const statementTimeoutMs = 10_000;
const abandonedMs = 3_000;
/** A server that says nothing at all, not even that it gave up, is given up in turn. */
const silenceMs = 2_000;

/** `timeoutMs` of a statement; migrations have more time. */
export interface PoolOptions {
  timeoutMs?: number;
  connections?: number;
}

/**
 * Numbers are numbers, as from SQLite: none of ours comes near 2^53. For these connections only; pg's own table of
 * types is everybody's.
 */
const types: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    type === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(type, format) as unknown),
};

/** Connections to one host, opened as they are needed. Each one's session is set up before it is used. */
export class HostPool {
  readonly place: string;
  private readonly pool: pg.Pool;
  private readonly options: pg.ClientConfig;
  private looked: Promise<void> | undefined;
  /** Connections made before one failed are not used again: they may lead to the same server. */
  private generation = 0;
  private readonly generations = new WeakMap<pg.PoolClient, number>();
  private readonly introduced = new WeakSet<pg.PoolClient>();
  private readonly limits: SessionLimits;

  constructor(
    server: DatabaseServer,
    host: DatabaseHost,
    { timeoutMs = statementTimeoutMs, connections = maxConnections }: PoolOptions,
  ) {
    this.place = placeOfHost(host);
    this.options = connectionOptions(server, host);
    this.limits = { statementMs: timeoutMs, abandonedMs, isOneOfSeveral: server.hosts.length > 1 };
    this.pool = new pg.Pool({
      ...this.options,
      max: connections,
      idleTimeoutMillis: idleTimeoutMs,
      query_timeout: timeoutMs + silenceMs,
      types,
    });
    // A connection that breaks tells it here, besides to the statement under way; unheard, it would end the process.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => {
      this.generations.set(client, this.generation);
      client.on('error', () => undefined);
    });
  }

  async connect(): Promise<pg.PoolClient> {
    await this.look();
    for (;;) {
      const client = await this.pool.connect();
      if (!this.introduced.has(client)) await this.introduce(client);
      if (this.generations.get(client) === this.generation) return client;
      client.release(true);
    }
  }

  /** Not as the pool's `verify`: that loses a connection whose caller gave up waiting while it ran. */
  private async introduce(client: pg.PoolClient): Promise<void> {
    try {
      await beginSession(client, this.limits);
      this.introduced.add(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** The host takes no changes, or may be gone: none of the connections there are is used again. */
  turnAway(): void {
    this.generation++;
  }

  async end(): Promise<void> {
    await this.pool.end();
  }

  /** Once; after a failure again. */
  private async look(): Promise<void> {
    this.looked ??= lookAtHost(this.options);
    try {
      await this.looked;
    } catch (error) {
      this.looked = undefined;
      throw error;
    }
  }
}
