import type { Expression } from 'kysely';
import type { Database, Transaction } from '../storage/database.js';

/**
 * Deletes access keys with what is kept of them elsewhere: attempts on them (weak-key-store.ts), former secrets, their
 * last use. That they were here is remembered, so that none is taken over from elsewhere again unseen.
 */
export async function deleteAccessKeys(
  trx: Transaction,
  of: { id: string } | { user: string },
  isRemembered = true,
): Promise<void> {
  const all = trx.selectFrom('access_keys').select('id');
  const ids = 'id' in of ? all.where('id', '=', of.id) : all.where('user_name', '=', of.user);
  if (isRemembered) await remember(trx, ids);
  await trx.deleteFrom('weak_key_attempts').where('guarded_id', 'in', ids).execute();
  await trx.deleteFrom('weak_key_addresses').where('guarded_id', 'in', ids).execute();
  await trx.deleteFrom('former_secrets').where('key_id', 'in', ids).execute();
  await trx.deleteFrom('access_key_uses').where('key_id', 'in', ids).execute();
  await trx.deleteFrom('canary_uses').where('key_id', 'in', ids).execute();
  await trx.deleteFrom('access_keys').where('id', 'in', ids).execute();
}

/** The same of a legacy key; one whose keyed digest was lost with a pepper can't be remembered. */
export async function deleteLegacyKey(trx: Transaction, id: string): Promise<boolean> {
  const indexes = trx
    .selectFrom('legacy_keys')
    .select((row) => row.ref('lookup_index').$castTo<string>().as('id'))
    .where('id', '=', id)
    .where('lookup_index', 'is not', null);
  await remember(trx, indexes);
  const result = await trx.deleteFrom('legacy_keys').where('id', '=', id).executeTakeFirst();
  return Number(result.numDeletedRows) === 1;
}

/** @param id - of an access key, or the keyed digest of a legacy key */
export async function wasDeleted(db: Database | Transaction, id: string): Promise<boolean> {
  const row = await db.selectFrom('deleted_keys').select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}

async function remember(trx: Transaction, ids: Expression<{ id: string }>): Promise<void> {
  await trx
    .insertInto('deleted_keys')
    .columns(['id'])
    .expression(ids)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
