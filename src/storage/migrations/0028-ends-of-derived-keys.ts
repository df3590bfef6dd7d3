import { sql, type Kysely } from 'kysely';

/** Derived keys that have ended are looked for twice a minute, among all keys that ever had an end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('access_keys_derived_end')
    .on('access_keys')
    .columns(['is_derived', 'expires_at_ms'])
    .where(sql<boolean>`is_derived = 1`)
    .execute();
}
