import type pg from 'pg';
import type { DatabaseServer } from '../../config/database-url.js';
import { HostPool, type PoolOptions } from './host-pool.js';
import { endsConnection, isOfServer, isReadOnly, UnusableServer, withoutRows } from './postgres-errors.js';

/** What Kysely wants of a connection. */
interface Connection {
  query<R>(sql: string, parameters: readonly unknown[]): Promise<Result<R>>;
  release(): void;
}

interface Result<R> {
  command: 'UPDATE' | 'DELETE' | 'INSERT' | 'SELECT' | 'MERGE';
  rowCount: number;
  rows: R[];
}

interface Problem {
  place: string;
  error: unknown;
}

/**
 * Connections to PostgreSQL. A server that restarts, hangs or goes away costs the statements that were under way and
 * nothing more: a connection that failed is never used again. Of several hosts the one that takes changes is used, until
 * it takes none any more or is silent; then the others are tried in their order.
 */
export class PostgresPool {
  private readonly hosts: readonly HostPool[];
  private used = 0;

  constructor(server: DatabaseServer, options: PoolOptions = {}) {
    this.hosts = server.hosts.map((host) => new HostPool(server, host, options));
  }

  async connect(): Promise<Connection> {
    const problems: Problem[] = [];
    const first = this.used;
    for (let tried = 0; tried < this.hosts.length; tried++) {
      const index = (first + tried) % this.hosts.length;
      const host = this.hosts[index] as HostPool;
      try {
        const client = await host.connect();
        this.used = index;
        return new PooledConnection(client, () => host.turnAway());
      } catch (error) {
        problems.push({ place: host.place, error });
        if (isBusy(error)) break;
      }
    }
    throw asOne(problems);
  }

  async end(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.end()));
  }
}

/** All connections of this process are in use: that tells nothing of the host. */
function isBusy(error: unknown): boolean {
  return (error as Error).message === 'timeout exceeded when trying to connect';
}

/** Of several hosts each has its own problem. */
function asOne(problems: readonly Problem[]): Error {
  const [only, ...more] = problems;
  if (more.length === 0) return withoutRows(only?.error);
  const isUnusable = problems.some(({ error }) => error instanceof UnusableServer);
  const texts = problems.map(({ place, error }) => `${place}: ${withoutRows(error).message}`);
  const text = `none of its hosts takes changes (${texts.join('; ')})`;
  if (!isUnusable) return new Error(text);
  return new UnusableServer(text, { isStandby: problems.some(({ error }) => isReadOnly(error)) });
}

class PooledConnection implements Connection {
  private isBroken = false;

  /** @param onUseless - the server takes no changes, or says nothing: other connections to it are no better */
  constructor(
    private readonly client: pg.PoolClient,
    private readonly onUseless: () => void,
  ) {}

  async query<R>(sql: string, parameters: readonly unknown[]): Promise<Result<R>> {
    if (this.isBroken) {
      // The server undoes what a closed connection had begun.
      if (sql === 'rollback') return { command: 'SELECT', rowCount: 0, rows: [] };
      throw new Error('the connection to the store was lost');
    }
    const { command, rowCount, rows } = await this.send<R>(sql, parameters);
    // So the server answers when a statement failed before and nobody said so.
    if (sql === 'commit' && command === 'ROLLBACK') throw new Error('the transaction had failed before');
    return { command: command as Result<R>['command'], rowCount: rowCount ?? 0, rows };
  }

  private async send<R>(
    sql: string,
    parameters: readonly unknown[],
  ): Promise<pg.QueryResult<R & pg.QueryResultRow>> {
    try {
      return await this.client.query<R & pg.QueryResultRow>(sql, [...parameters]);
    } catch (error) {
      this.isBroken = endsConnection(error);
      if (isReadOnly(error) || !isOfServer(error)) this.onUseless();
      throw withoutRows(error);
    }
  }

  release(): void {
    this.client.release(this.isBroken);
  }
}
