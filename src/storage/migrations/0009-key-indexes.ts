import { sql, type Kysely } from 'kysely';

/** What is looked for among all access keys at regular times: few have it, and a million rows take seconds to walk. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('access_keys_expires_at')
    .on('access_keys')
    .column('expires_at_ms')
    .where(sql<boolean>`expires_at_ms is not null`)
    .execute();
  await db.schema
    .createIndex('access_keys_weak')
    .on('access_keys')
    .column('id')
    .where(sql<boolean>`is_weak = 1`)
    .execute();
}
