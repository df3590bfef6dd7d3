import type { Kysely } from 'kysely';

/** Keys that came from a weak random source, and how often their secrets were guessed at. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['access_keys', 'legacy_keys']) {
    await db.schema
      .alterTable(table)
      .addColumn('is_weak', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  }
  await db.schema
    .createTable('weak_key_attempts')
    .addColumn('guarded_id', 'text', (column) => column.primaryKey())
    .addColumn('failed', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('weak_key_addresses')
    .addColumn('guarded_id', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('weak_key_addresses_key', ['guarded_id', 'address'])
    .execute();
}
