import type { Database, Transaction } from '../../storage/database.js';

/**
 * What is kept of attempts on secrets that can be guessed: how many failed, and from which addresses one succeeded.
 * It outlives the process, so that ending the service gives nobody new guesses.
 */
export class WeakKeyStore {
  constructor(private readonly db: Database) {}

  /**
   * Counts an attempt as failed, in one step with the look at the limit.
   *
   * @returns false when the limit was reached before
   */
  async countAttempt(guardedId: string, limit: number): Promise<boolean> {
    const row = await this.db
      .insertInto('weak_key_attempts')
      .values({ guarded_id: guardedId, failed: 1 })
      .onConflict((conflict) =>
        conflict
          .column('guarded_id')
          .doUpdateSet((update) => ({ failed: update('weak_key_attempts.failed', '+', 1) }))
          .where('weak_key_attempts.failed', '<', limit),
      )
      .returning('failed')
      .executeTakeFirst();
    return row !== undefined;
  }

  /** The attempt that was counted has succeeded: it isn't one, and its address is accepted from now on. */
  async keepSuccess(guardedId: string, address: string): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await trx
        .updateTable('weak_key_attempts')
        .set((update) => ({ failed: update('failed', '-', 1) }))
        .where('guarded_id', '=', guardedId)
        .execute();
      if (address === '') return;
      await trx
        .insertInto('weak_key_addresses')
        .values({ guarded_id: guardedId, address })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }

  async hasSucceeded(guardedId: string, address: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('weak_key_addresses')
      .select('address')
      .where('guarded_id', '=', guardedId)
      .where('address', '=', address)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** How many attempts on a secret failed. */
  async failedAttempts(guardedId: string): Promise<number> {
    const row = await this.db
      .selectFrom('weak_key_attempts')
      .select('failed')
      .where('guarded_id', '=', guardedId)
      .executeTakeFirst();
    return row?.failed ?? 0;
  }
}

/** What is kept of attempts on a secret that can be guessed. */
export async function forgetAttempts(trx: Transaction, id: string): Promise<void> {
  await trx.deleteFrom('weak_key_attempts').where('guarded_id', '=', id).execute();
  await trx.deleteFrom('weak_key_addresses').where('guarded_id', '=', id).execute();
}
