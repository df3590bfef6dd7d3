import type { Change } from '../storage/changes.js';
import type { Database, Transaction } from '../storage/database.js';

/**
 * Ends everything that a user is logged in with, as part of a change: sessions, links, and logins under way, whose
 * proof is older than this change.
 *
 * @returns the IDs of his sessions
 */
export async function endLoginsOf({ trx, number }: Change, user: string): Promise<string[]> {
  const ended = await trx.deleteFrom('sessions').where('user_name', '=', user).returning('id').execute();
  await trx.deleteFrom('login_links').where('user_name', '=', user).execute();
  await trx
    .insertInto('ended_logins')
    .values({ user_name: user, change_number: number })
    .onConflict((conflict) => conflict.column('user_name').doUpdateSet({ change_number: number }))
    .execute();
  return ended.map(({ id }) => id);
}

/** The number of the last change that ended them; 0: none did. */
export async function lastEndOf(user: string, db: Database | Transaction): Promise<number> {
  const row = await db
    .selectFrom('ended_logins')
    .select('change_number')
    .where('user_name', '=', user)
    .executeTakeFirst();
  return Number(row?.change_number ?? 0);
}
