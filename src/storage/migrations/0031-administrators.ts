import { sql, type Kysely } from 'kysely';

/** Users who are administrators beside the root user: few, and read with the switches. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('role', 'text', (column) => column.notNull().defaultTo('user'))
    .execute();
  await db.schema
    .createIndex('users_administrators')
    .on('users')
    .columns(['name'])
    .where(sql<boolean>`role = 'admin'`)
    .execute();
}
