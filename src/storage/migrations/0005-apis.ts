import type { Kysely } from 'kysely';

/** API role files that several nodes agree on; and whose an event in the outbox is to carry over. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('apis')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .alterTable('audit_outbox')
    .addColumn('node', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
}
