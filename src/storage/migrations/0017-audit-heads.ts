import type { Kysely } from 'kysely';

/** Signed heads of each node's audit record, what witnesses signed of them, and the public keys of the nodes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_heads')
    .addColumn('origin', 'text', (column) => column.primaryKey())
    .addColumn('node', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('proofs', 'text', (column) => column.notNull().defaultTo('{}'))
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit_nodes')
    .addColumn('node', 'text', (column) => column.primaryKey())
    .addColumn('verifier_key', 'text', (column) => column.notNull())
    .addColumn('changed_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit_cosignatures')
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('witness', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_cosignatures_key', ['origin', 'witness'])
    .execute();
}
