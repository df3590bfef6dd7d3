import {
  Kysely,
  Migrator,
  type Migration,
  type SqliteDialect,
  type Transaction as KyselyTransaction,
} from 'kysely';
import * as firstTables from './migrations/0001-first-tables.js';
import * as weakKeys from './migrations/0002-weak-keys.js';
import * as auditCheckpoints from './migrations/0003-audit-checkpoints.js';
import type { Schema } from './schema.js';
import { sqliteDialect } from './sqlite.js';

export type Database = Kysely<Schema>;
/** What a store writes through: always part of a change (changes.ts), so that nothing is changed unnoticed. */
export type Transaction = KyselyTransaction<Schema>;

const migrations: Record<string, Migration> = {
  '0001-first-tables': firstTables,
  '0002-weak-keys': weakKeys,
  '0003-audit-checkpoints': auditCheckpoints,
};

/** Opens the store and brings its tables to the present form. */
export async function openDatabase(file: string): Promise<Database> {
  const db = new Kysely<Schema>({ dialect: openSqlite(file) });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return db;
  await db.destroy();
  throw new Error('the tables of the store could not be brought up to date', { cause: error });
}

function openSqlite(file: string): SqliteDialect {
  try {
    return sqliteDialect(file);
  } catch (error) {
    throw new Error(`the store ${file} can't be opened: ${(error as Error).message}`, { cause: error });
  }
}
