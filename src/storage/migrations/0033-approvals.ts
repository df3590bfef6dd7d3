import type { Kysely } from 'kysely';

/**
 * Changes that wait for a second person, or were approved and are not made yet; and how much of its record each node
 * has kept, since less of it may have to wait too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('approvals')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('change_hash', 'text', (column) => column.notNull().unique())
    .addColumn('command', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('made_ends', 'text', (column) => column.notNull())
    .addColumn('requested_by', 'text', (column) => column.notNull())
    .addColumn('requester', 'text', (column) => column.notNull())
    .addColumn('requested_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('approved_by', 'text')
    .addColumn('approver', 'text')
    .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('kept_records')
    .addColumn('node', 'text', (column) => column.primaryKey())
    .addColumn('keep_ms', 'bigint')
    .addColumn('keep_bytes', 'bigint')
    .execute();
}
