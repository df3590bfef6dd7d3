import type { Kysely } from 'kysely';

/** Sessions of people, and the links that begin one. Of what proves who somebody is there are keyed digests alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('secret_digest', 'text', (column) => column.notNull().unique())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('user_created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('client_address', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('sessions_by_user')
    .on('sessions')
    .columns(['user_name', 'created_at_ms'])
    .execute();
  await db.schema.createIndex('sessions_by_age').on('sessions').columns(['created_at_ms', 'id']).execute();
  await db.schema
    .createTable('login_links')
    .addColumn('token_digest', 'text', (column) => column.primaryKey())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('user_created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('login_links_by_user').on('login_links').column('user_name').execute();
  await db.schema
    .createTable('ended_logins')
    .addColumn('user_name', 'text', (column) => column.primaryKey())
    .addColumn('change_number', 'bigint', (column) => column.notNull())
    .execute();
}
