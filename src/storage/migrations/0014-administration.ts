import type { Kysely } from 'kysely';

/** For REST v1: lists of keys by other columns than the ID, in pages; and creations that a client may repeat. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['created_at_ms', 'user_name']) {
    await db.schema
      .createIndex(`access_keys_by_${column}`)
      .on('access_keys')
      .columns([column, 'id'])
      .execute();
  }
  await db.schema
    .createTable('creations')
    .addColumn('caller', 'text', (column) => column.notNull())
    .addColumn('key_digest', 'text', (column) => column.notNull())
    .addColumn('resource_id', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('creations_pk', ['caller', 'key_digest'])
    .execute();
  await db.schema
    .alterTable('nodes')
    .addColumn('version', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema.createIndex('creations_age').on('creations').column('created_at_ms').execute();
}
