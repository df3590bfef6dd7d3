import { sql, type Kysely } from 'kysely';

/** The panel's tree that a key was taken over from, so that a key whose file is removed there ends here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('access_keys')
    .addColumn('source_tree', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema
    .createIndex('access_keys_source_tree')
    .on('access_keys')
    .column('source_tree')
    .where(sql<boolean>`source_tree <> ''`)
    .execute();
}
