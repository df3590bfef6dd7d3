import type { Kysely } from 'kysely';

/** What the arguments of a key's commands are held to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('access_keys')
    .addColumn('held_arguments', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
}
