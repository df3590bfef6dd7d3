import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import type { DatabaseServer } from '../../config/database-url.js';

/** One node's connections; three nodes and a person at `psql` are well below a server's usual hundred. */
const maxConnections = 10;
const connectTimeoutMs = 5_000;
const idleTimeoutMs = 60_000;
/** After this the server itself gives a statement up. */
const statementTimeoutMs = 10_000;
/** And after this a transaction that nobody goes on with: a node that stands still must not hold up the others. */
const abandonedMs = 3_000;
/** A server that says nothing at all, not even that it gave up, is given up in turn. */
const silenceMs = 2_000;

/**
 * Numbers are numbers, as from SQLite: none of ours comes near 2^53. For these connections only; pg's own table of
 * types is everybody's.
 */
const types: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    type === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(type, format) as unknown),
};

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

/**
 * Connections to PostgreSQL, opened as they are needed. A server that restarts, hangs or goes away costs the
 * statements that were under way and nothing more: a connection that failed is never used again.
 */
export class PostgresPool {
  private readonly pool: pg.Pool;
  /** Connections made before a server said that it takes no changes are not used again: they may lead to it, too. */
  private generation = 0;
  private readonly generations = new WeakMap<pg.PoolClient, number>();

  /** @param options - `timeoutMs` of a statement; migrations have more time */
  constructor(server: DatabaseServer, { timeoutMs = statementTimeoutMs, connections = maxConnections } = {}) {
    this.pool = new pg.Pool({
      ...connectionOptions(server),
      max: connections,
      idleTimeoutMillis: idleTimeoutMs,
      statement_timeout: timeoutMs,
      idle_in_transaction_session_timeout: abandonedMs,
      query_timeout: timeoutMs + silenceMs,
      // What a server's own defaults say must not change what a transaction means.
      options: '-c default_transaction_isolation=read\\ committed -c default_transaction_read_only=off',
      types,
      verify: (client, done) => {
        this.generations.set(client, this.generation);
        introduce(client).then(() => done(), done);
      },
    });
    // A connection that breaks tells it here, besides to the statement under way; unheard, it would end the process.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async connect(): Promise<Connection> {
    try {
      for (;;) {
        const client = await this.pool.connect();
        if (this.generations.get(client) === this.generation)
          return new PooledConnection(client, () => this.generation++);
        client.release(true);
      }
    } catch (error) {
      throw withoutRows(error);
    }
  }

  async end(): Promise<void> {
    await this.pool.end();
  }
}

class PooledConnection implements Connection {
  private isBroken = false;

  /** @param onReadOnly - the server takes no changes */
  constructor(
    private readonly client: pg.PoolClient,
    private readonly onReadOnly: () => void,
  ) {}

  async query<R>(sql: string, parameters: readonly unknown[]): Promise<Result<R>> {
    if (this.isBroken) {
      // The server undoes what a closed connection had begun.
      if (sql === 'rollback') return { command: 'SELECT', rowCount: 0, rows: [] };
      throw new Error('the connection to the store was lost');
    }
    try {
      const { command, rowCount, rows } = await this.client.query<R & pg.QueryResultRow>(sql, [
        ...parameters,
      ]);
      // So the server answers when a statement failed before and nobody said so.
      if (sql === 'commit' && command === 'ROLLBACK') throw new Error('the transaction had failed before');
      return { command: command as Result<R>['command'], rowCount: rowCount ?? 0, rows };
    } catch (error) {
      // An answer of the server has a code of five characters; anything else leaves open what the server is doing.
      this.isBroken = !(error instanceof pg.DatabaseError) || isFarewell(error.code);
      if (this.isBroken && isReadOnly(error)) this.onReadOnly();
      throw withoutRows(error);
    }
  }

  release(): void {
    this.client.release(this.isBroken);
  }
}

/** Classes 08 and 57P: the server ends the connection, or is about to. A server that takes no changes is no use. */
function isFarewell(code: string | undefined): boolean {
  if (code === undefined || code.startsWith('08') || code.startsWith('57P')) return true;
  return code === '25P03' || code === readOnlyCode;
}

/** SQLSTATE read_only_sql_transaction: a standby says so to every statement that would change something. */
const readOnlyCode = '25006';

/** Whether the server is one that takes no changes. */
export function isReadOnly(error: unknown): boolean {
  return (error as { code?: unknown }).code === readOnlyCode;
}

/** Changes of this session are the service's own: the triggers that notice those of others leave them alone. */
const introduction = `select pg_is_in_recovery() as is_standby, set_config('hearthkey.changes', 'own', false)`;

/**
 * A standby answers what is asked, from data that may be old, and refuses each change. It is found out once for each
 * connection: the name of a database may lead to a standby for a while, and a connection stays where it was made to.
 */
async function introduce(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ is_standby: boolean }>(introduction);
  if (rows[0]?.is_standby !== true) return;
  throw Object.assign(new Error('the server is a standby, which takes no changes'), { code: readOnlyCode });
}

/** A server's error can quote rows, hashes among them, in properties that a log prints. Its message and code do not. */
function withoutRows(error: unknown): Error {
  const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
  const text = message || (errors?.map((each) => each.message).join('; ') ?? '') || (code ?? 'unknown error');
  return Object.assign(new Error(text), code === undefined ? {} : { code });
}

/** How a connection is made. */
export function connectionOptions(server: DatabaseServer): pg.ClientConfig {
  const { host, port, database, user, password } = server;
  return {
    ...{ host, port, database, user, password },
    ssl: tlsOptions(server),
    application_name: 'hearthkey',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
}

/** As libpq understands `sslmode`: `require` encrypts and, without a root certificate, looks at no certificate. */
function tlsOptions({ sslMode, rootCertFile }: DatabaseServer): ConnectionOptions | false {
  if (sslMode === 'disable') return false;
  const trusted = rootCertFile === undefined ? {} : { ca: readFileSync(rootCertFile) };
  if (sslMode === 'verify-full') return { ...trusted, rejectUnauthorized: true };
  if (sslMode === 'require' && rootCertFile === undefined) return { rejectUnauthorized: false };
  return { ...trusted, rejectUnauthorized: true, checkServerIdentity: () => undefined };
}
