import { sql, type Kysely } from 'kysely';

/** What a key could be instead, tried first. Few keys have a trial, and they are listed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('access_keys')
    .addColumn('trial', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema
    .createIndex('access_keys_trials')
    .on('access_keys')
    .column('id')
    .where(sql<boolean>`trial <> ''`)
    .execute();
}
