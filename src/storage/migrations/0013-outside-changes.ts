import { PostgresAdapter, sql, type Kysely } from 'kysely';

/** What decisions depend on. The service's own writes to these are part of a change, or change no decision. */
const watched = [
  'access_keys',
  'former_secrets',
  'users',
  'settings',
  'allowed_addresses',
  'apis',
  'legacy_keys',
] as const;

/**
 * A statement of another program on one of these tables is a change like any other: it takes the next number, is in the
 * log, and wakes the nodes (docs/adr/0006). One number for a transaction, taken before the first statement touches a
 * row, as the service's own changes do: so neither waits for the other in a circle.
 *
 * The embedded database needs none of this: the process that owns it keeps others out.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return;
  const { rows } = await sql<{ schema: string }>`select quote_ident(current_schema()) as schema`.execute(db);
  await createFunction(db, rows[0]?.schema ?? 'public');
  for (const table of watched) {
    await sql`
      create trigger hearthkey_outside_change
      before insert or update or delete or truncate on ${sql.table(table)} for each statement
      when (coalesce(current_setting('hearthkey.changes', true), '') not in ('own', 'told'))
      execute function hearthkey_outside_change()`.execute(db);
  }
}

/** It runs with the rights of its maker: who may change a table need not be allowed to write the log. */
async function createFunction(db: Kysely<unknown>, schema: string): Promise<void> {
  await sql
    .raw(
      `create function hearthkey_outside_change() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
      declare
        new_mark text := left(replace(gen_random_uuid()::text, '-', ''), 16);
        new_number bigint;
      begin
        insert into ${schema}.change_counter as counter (id, number, mark) values (1, 1, new_mark)
          on conflict (id) do update set number = counter.number + 1, mark = excluded.mark
          returning counter.number into new_number;
        insert into ${schema}.change_log (number, mark, touched) values (new_number, new_mark,
          jsonb_build_array(jsonb_build_object('kind', 'outside', 'id', tg_table_name))::text);
        perform pg_notify('hearthkey_changes', '');
        perform set_config('hearthkey.changes', 'told', true);
        return null;
      end
      $function$`,
    )
    .execute(db);
}
