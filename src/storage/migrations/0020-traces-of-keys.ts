import { PostgresAdapter, sql, type Kysely } from 'kysely';

/**
 * What has to be kept, or has to end, when a key gets another secret or is deleted. The service does so itself; these
 * triggers do it for other writers: a version that knows less than the tables have, and SQL by hand.
 *
 * - Of the secrets before the present one at most the last counts. One before that ends with the next rotation.
 * - A key that was deleted is remembered, so that no import brings it back unseen, and leaves no secret behind. This is
 *   done at the end of the transaction: a restore takes a key out and puts it in anew.
 *
 * The embedded database needs none of this: the process that owns it keeps others out.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return;
  const { rows } = await sql<{ schema: string }>`select quote_ident(current_schema()) as schema`.execute(db);
  const schema = rows[0]?.schema ?? 'public';
  await createFunction(
    db,
    'hearthkey_secret_replaced',
    `delete from ${schema}.former_secrets
      where key_id = new.id and version <> old.secret_version and hash <> '';`,
  );
  await sql`
    create trigger hearthkey_secret_replaced after update of secret_version on access_keys for each row
    when (old.secret_version <> new.secret_version and ${byOthers})
    execute function hearthkey_secret_replaced()`.execute(db);
  await createFunction(
    db,
    'hearthkey_key_deleted',
    `if not exists (select from ${schema}.access_keys where id = old.id) then
      insert into ${schema}.deleted_keys (id) values (old.id) on conflict do nothing;
      delete from ${schema}.former_secrets where key_id = old.id;
    end if;`,
  );
  await createFunction(
    db,
    'hearthkey_legacy_key_deleted',
    `if old.lookup_index is not null and not exists (select from ${schema}.legacy_keys where id = old.id) then
      insert into ${schema}.deleted_keys (id) values (old.lookup_index) on conflict do nothing;
    end if;`,
  );
  for (const [table, name] of [
    ['access_keys', 'hearthkey_key_deleted'],
    ['legacy_keys', 'hearthkey_legacy_key_deleted'],
  ] as const) {
    await sql`
      create constraint trigger ${sql.ref(name)} after delete on ${sql.table(table)}
      deferrable initially deferred for each row when (${byOthers})
      execute function ${sql.ref(name)}()`.execute(db);
  }
}

/** Sessions that do all this themselves say so (postgres/session.ts): a user may have very many keys. */
const byOthers = sql`coalesce(current_setting('hearthkey.traces', true), '') <> 'kept'`;

/** It runs with the rights of its maker: who may delete a key need not be allowed to write the other tables. */
async function createFunction(db: Kysely<unknown>, name: string, body: string): Promise<void> {
  await sql
    .raw(
      `create function ${name}() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
      begin
        ${body}
        return null;
      end
      $function$`,
    )
    .execute(db);
}
