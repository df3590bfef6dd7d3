import { sql, type Kysely } from 'kysely';

/** Keys that were derived from another one for a while: few, and looked for below the key that they come from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('access_keys')
    .addColumn('is_derived', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('access_keys_derived')
    .on('access_keys')
    .columns(['maker_id', 'expires_at_ms'])
    .where(sql<boolean>`is_derived = 1`)
    .execute();
}
