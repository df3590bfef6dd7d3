import type { Kysely } from 'kysely';

/** Keys that were deleted here, so that moving in from a tree that still has them does not bring them back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deleted_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .execute();
}
