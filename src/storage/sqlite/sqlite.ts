import { DatabaseSync, type StatementSyncInstance } from '@photostructure/sqlite';
import { SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { makePrivate } from './data-dir.js';

/**
 * Opens the embedded database: WAL, every commit on the disk before it returns, and the file owned by this process
 * alone for as long as it runs (a second one gets "database is locked").
 */
export function sqliteDialect(file: string): SqliteDialect {
  makePrivate(file);
  const database = new DatabaseSync(file, { timeout: 0 });
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  return new SqliteDialect({ database: new PreparedDatabase(database) });
}

/** Kysely's idea of a SQLite database over the `node:sqlite` interface; keeps prepared statements by their text. */
class PreparedDatabase implements SqliteDatabase {
  private readonly prepared = new Map<string, SqliteStatement>();
  private static readonly limit = 200;

  constructor(private readonly database: InstanceType<typeof DatabaseSync>) {}

  prepare(sql: string): SqliteStatement {
    let statement = this.prepared.get(sql);
    if (statement === undefined) {
      statement = adaptStatement(this.database.prepare(sql));
      // A schema change makes what was prepared before unsafe to run; migrations are the only ones there are.
      if (/^\s*(create|alter|drop)\b/i.test(sql)) return statement;
      if (this.prepared.size >= PreparedDatabase.limit) this.prepared.clear();
      this.prepared.set(sql, statement);
    }
    return statement;
  }

  /**
   * Gives the file back. The driver finalises statements only when they are collected, and until then an exclusive
   * lock would stay; it can be let go only outside WAL, so the log is written back into the file first.
   */
  close(): void {
    this.prepared.clear();
    try {
      this.database.exec(
        'PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT 1 FROM sqlite_schema',
      );
    } finally {
      this.database.close();
    }
  }
}

function adaptStatement(statement: StatementSyncInstance): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters) as unknown[],
    run: (parameters) => statement.run(...parameters),
    iterate: (parameters) => statement.iterate(...parameters) as IterableIterator<unknown>,
  };
}
