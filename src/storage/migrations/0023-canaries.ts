import type { Kysely } from 'kysely';

/**
 * Canaries: keys that allow nothing, and whose use is an alert. `secret_hash` of such a key is that of a secret that
 * nobody has, so a version that does not know this column denies the key too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('access_keys')
    .addColumn('canary_hash', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema
    .createTable('canary_uses')
    .addColumn('key_id', 'text', (column) => column.primaryKey())
    .addColumn('used_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('client_address', 'text', (column) => column.notNull())
    .addColumn('command', 'text', (column) => column.notNull())
    .execute();
}
