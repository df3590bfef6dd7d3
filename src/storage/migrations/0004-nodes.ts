import type { Kysely } from 'kysely';

/** What several nodes on one database need to know of each other and of changes (docs/adr/0004). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('nodes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('lease_ms', 'bigint', (column) => column.notNull())
    .addColumn('applied_number', 'bigint', (column) => column.notNull())
    .addColumn('applied_mark', 'text', (column) => column.notNull())
    .addColumn('renewals', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('change_log')
    .addColumn('number', 'bigint', (column) => column.primaryKey())
    .addColumn('mark', 'text', (column) => column.notNull())
    .addColumn('touched', 'text', (column) => column.notNull())
    .execute();
}
