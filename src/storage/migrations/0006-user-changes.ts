import type { Kysely } from 'kysely';

/** Which change was a user's last, so that what was asked of a panel before it is not taken for news. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('changed_number', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
}
