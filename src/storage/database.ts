import { Kysely, type Dialect, type Logger, type Transaction as KyselyTransaction } from 'kysely';
import type { DatabaseServer } from '../config/database-url.js';
import { isOfOlderForm, migrate } from './migrate.js';
import type { Schema } from './schema.js';
import { sqliteDialect } from './sqlite/sqlite.js';
import { copyBeforeUpgrade } from './sqlite/upgrade-copy.js';
import { firstRelease, leaveVersion, requireReadable, writerOf } from './store-version.js';

export type Database = Kysely<Schema>;
/** What a store writes through: always part of a change (changes.ts), so that nothing is changed unnoticed. */
export type Transaction = KyselyTransaction<Schema>;

/**
 * Opens the store and brings its tables to the present form.
 *
 * @param store - the file of the embedded database, or a PostgreSQL database
 * @param onStatement - told of each statement that the store answered, and how long that took
 * @throws Error whose message says in one line why the store can't be used; nothing secret is in it
 */
export async function openDatabase(
  store: string | DatabaseServer,
  onStatement: (ms: number) => void = () => undefined,
): Promise<Database> {
  const log: Logger = ({ level, queryDurationMillis }) => {
    if (level === 'query') onStatement(queryDurationMillis);
  };
  if (typeof store === 'string') return openEmbedded(store, log);
  // Loaded where it is needed: the embedded service starts without it.
  const { openServer } = await import('./postgres/postgres-database.js');
  return openServer(store, log);
}

async function openEmbedded(file: string, log: Logger): Promise<Database> {
  const db = new Kysely<Schema>({ dialect: openSqlite(file), log });
  try {
    await requireReadable(db, file);
    if (await isOfOlderForm(db)) await copyBeforeUpgrade(db, file, (await writerOf(db)) ?? firstRelease);
    await migrate(db);
    await leaveVersion(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function openSqlite(file: string): Dialect {
  try {
    return sqliteDialect(file);
  } catch (error) {
    throw new Error(`the store ${file} can't be opened: ${(error as Error).message}`, { cause: error });
  }
}
