import type { Database, Transaction } from './database.js';

/**
 * Reads several things as they were at one moment of the store: no change that commits meanwhile is seen, not even in
 * part. The moment is that of the first reading in `work`. On SQLite every transaction is like that.
 */
export async function readAtOneMoment<T>(db: Database, work: (trx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
}
