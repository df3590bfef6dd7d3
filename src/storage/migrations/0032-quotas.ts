import type { Kysely } from 'kysely';

/** How many requests a key may make in a day, a week or a month, and how many it has made on each day. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('access_keys')
    .addColumn('quota', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema
    .createTable('quota_counts')
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('used', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('quota_counts_key', ['key_id', 'day'])
    .execute();
  await db.schema.createIndex('quota_counts_by_day').on('quota_counts').column('day').execute();
}
