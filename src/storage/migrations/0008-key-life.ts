import type { Kysely } from 'kysely';

/** The life of an access key: its end, addresses and limit of its own, secrets before the present one, its last use. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const added = [
    ['expires_at_ms', 'bigint'],
    ['announced_end_ms', 'bigint'],
  ] as const;
  for (const [name, type] of added) await db.schema.alterTable('access_keys').addColumn(name, type).execute();
  for (const name of ['allowed_addresses', 'rate_limit']) {
    await db.schema
      .alterTable('access_keys')
      .addColumn(name, 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  }
  await db.schema
    .createTable('former_secrets')
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('tag', 'text')
    .addColumn('has_checksum', 'integer', (column) => column.notNull())
    .addColumn('is_weak', 'integer', (column) => column.notNull())
    .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('former_secrets_key', ['key_id', 'version'])
    .execute();
  await db.schema
    .createTable('access_key_uses')
    .addColumn('key_id', 'text', (column) => column.primaryKey())
    .addColumn('used_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('client_address', 'text', (column) => column.notNull())
    .addColumn('command', 'text', (column) => column.notNull())
    .execute();
}
