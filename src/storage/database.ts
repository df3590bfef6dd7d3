import { Kysely, type Dialect, type Transaction as KyselyTransaction } from 'kysely';
import { placeOf, type DatabaseServer } from '../config/database-url.js';
import { migrate } from './migrate.js';
import { checkServer } from './postgres-server.js';
import { PostgresPool } from './postgres-pool.js';
import { postgresDialect } from './postgres.js';
import type { Schema } from './schema.js';
import { sqliteDialect } from './sqlite.js';

export type Database = Kysely<Schema>;
/** What a store writes through: always part of a change (changes.ts), so that nothing is changed unnoticed. */
export type Transaction = KyselyTransaction<Schema>;

/** A migration waits for another node's, and may itself work through large tables. */
const migrationTimeoutMs = 600_000;

/**
 * Opens the store and brings its tables to the present form.
 *
 * @param store - the file of the embedded database, or a PostgreSQL database
 * @throws Error whose message says in one line why the store can't be used; nothing secret is in it
 */
export async function openDatabase(store: string | DatabaseServer): Promise<Database> {
  return typeof store === 'string' ? openEmbedded(store) : openServer(store);
}

async function openEmbedded(file: string): Promise<Database> {
  const db = new Kysely<Schema>({ dialect: openSqlite(file) });
  try {
    await migrate(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function openServer(server: DatabaseServer): Promise<Database> {
  const connect = (options?: { timeoutMs: number; connections: number }): Dialect =>
    postgresDialect(new PostgresPool(server, options));
  const db = new Kysely<Schema>({ dialect: reach(server, connect) });
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

function openSqlite(file: string): Dialect {
  try {
    return sqliteDialect(file);
  } catch (error) {
    throw new Error(`the store ${file} can't be opened: ${(error as Error).message}`, { cause: error });
  }
}
