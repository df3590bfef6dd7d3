import { sql, type Kysely } from 'kysely';

/** Which access key made a key over the API; the children of one are looked for when it is deleted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('access_keys').addColumn('maker_id', 'text').execute();
  await db.schema
    .createIndex('access_keys_maker')
    .on('access_keys')
    .column('maker_id')
    .where(sql<boolean>`maker_id is not null`)
    .execute();
}
