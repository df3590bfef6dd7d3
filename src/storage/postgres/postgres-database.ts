import { Kysely, type Dialect, type Logger } from 'kysely';
import { placeOf, type DatabaseServer } from '../../config/database-url.js';
import { migrate } from '../migrate.js';
import { checkServer } from './postgres-server.js';
import { PostgresPool } from './postgres-pool.js';
import { postgresDialect } from './postgres.js';
import type { Schema } from '../schema.js';

/** A migration waits for another node's, and may itself work through large tables. */
const migrationTimeoutMs = 600_000;

/** Opens the store on a server; throws an error whose message says in one line why it can't be used. */
export async function openServer(server: DatabaseServer, log: Logger): Promise<Kysely<Schema>> {
  const connect = (options?: { timeoutMs: number; connections: number }): Dialect =>
    postgresDialect(new PostgresPool(server, options));
  const db = new Kysely<Schema>({ dialect: reach(server, connect), log });
  try {
    await checkServer(db, placeOf(server));
    const forMigrations = new Kysely<Schema>({
      dialect: connect({ timeoutMs: migrationTimeoutMs, connections: 1 }),
    });
    await migrate(forMigrations).finally(() => forMigrations.destroy());
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function reach(server: DatabaseServer, connect: () => Dialect): Dialect {
  try {
    return connect();
  } catch (error) {
    throw new Error(`the store at ${placeOf(server)} can't be reached: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
