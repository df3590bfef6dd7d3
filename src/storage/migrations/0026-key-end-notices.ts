import type { Kysely } from 'kysely';

/** Which ends of keys were announced, and how many days before: each once, whichever node sees it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('key_end_notices')
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('end_ms', 'bigint', (column) => column.notNull())
    .addColumn('days', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('key_end_notices_key', ['key_id', 'end_ms', 'days'])
    .execute();
}
