import type { Database, Transaction } from '../storage/database.js';
import type { AccessKeyRow } from '../storage/schema.js';
import type { AccessKey, StoredSecret } from './access-key.js';

export class AccessKeyStore {
  constructor(private readonly db: Database) {}

  async find(id: string, db: Database | Transaction = this.db): Promise<AccessKey | undefined> {
    const row = await db.selectFrom('access_keys').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  async findWithSecret(
    id: string,
    db: Database | Transaction,
  ): Promise<(AccessKey & StoredSecret) | undefined> {
    const row = await db.selectFrom('access_keys').selectAll().where('id', '=', id).executeTakeFirst();
    return row && { ...fromRow(row), ...secretFromRow(row) };
  }

  /** In the order of their IDs; of one user, or of all. */
  async list(user: string | undefined, db: Database | Transaction = this.db): Promise<AccessKey[]> {
    let query = db.selectFrom('access_keys').selectAll().orderBy('id');
    if (user !== undefined) query = query.where('user_name', '=', user);
    return (await query.execute()).map(fromRow);
  }

  /** Users who own a key that isn't suspended. */
  async ownersOfActiveKeys(): Promise<string[]> {
    const rows = await this.db
      .selectFrom('access_keys')
      .select('user_name')
      .distinct()
      .where('is_suspended', '=', 0)
      .execute();
    return rows.map((row) => row.user_name);
  }

  async count(): Promise<number> {
    const { count } = await this.db
      .selectFrom('access_keys')
      .select((select) => select.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Those whose secrets came from a source that can be guessed. */
  async listWeak(): Promise<AccessKey[]> {
    const rows = await this.db
      .selectFrom('access_keys')
      .selectAll()
      .where('is_weak', '=', 1)
      .orderBy('id')
      .execute();
    return rows.map(fromRow);
  }

  async insert(trx: Transaction, key: AccessKey, secret: StoredSecret): Promise<void> {
    await trx
      .insertInto('access_keys')
      .values({
        id: key.id,
        user_name: key.user,
        permissions: key.permissions.join(','),
        comment: key.comment,
        is_suspended: key.isSuspended ? 1 : 0,
        created_at_ms: key.createdAtMs,
        ...secretToRow(secret),
      })
      .execute();
  }

  async update(
    trx: Transaction,
    id: string,
    changes: Partial<Pick<AccessKey, 'permissions' | 'comment' | 'isSuspended'>>,
  ): Promise<void> {
    const row: Partial<AccessKeyRow> = {};
    if (changes.permissions !== undefined) row.permissions = changes.permissions.join(',');
    if (changes.comment !== undefined) row.comment = changes.comment;
    if (changes.isSuspended !== undefined) row.is_suspended = changes.isSuspended ? 1 : 0;
    await trx.updateTable('access_keys').set(row).where('id', '=', id).execute();
  }

  /** Puts another secret in the place of the key's, and forgets the attempts on the old one. */
  async replaceSecret(trx: Transaction, id: string, secret: StoredSecret): Promise<void> {
    await forgetAttempts(trx, id);
    await trx.updateTable('access_keys').set(secretToRow(secret)).where('id', '=', id).execute();
  }

  /** What is kept of attempts on it (weak-key-store.ts) goes with it. */
  async delete(trx: Transaction, id: string): Promise<void> {
    await forgetAttempts(trx, id);
    await trx.deleteFrom('access_keys').where('id', '=', id).execute();
  }

  async deleteOf(trx: Transaction, user: string): Promise<void> {
    const ids = trx.selectFrom('access_keys').select('id').where('user_name', '=', user);
    await trx.deleteFrom('weak_key_attempts').where('guarded_id', 'in', ids).execute();
    await trx.deleteFrom('weak_key_addresses').where('guarded_id', 'in', ids).execute();
    await trx.deleteFrom('access_keys').where('user_name', '=', user).execute();
  }

  /** Renews what is derived from a secret that was just proved right; only while it is still that secret. */
  async renewSecret(id: string, version: string, renewed: { tag?: string; hash?: string }): Promise<void> {
    const row: Partial<AccessKeyRow> = {};
    if (renewed.tag !== undefined) row.secret_tag = renewed.tag;
    if (renewed.hash !== undefined) row.secret_hash = renewed.hash;
    await this.db
      .updateTable('access_keys')
      .set(row)
      .where('id', '=', id)
      .where('secret_version', '=', version)
      .execute();
  }
}

/** What is kept of attempts on a secret that can be guessed (weak-key-store.ts). */
async function forgetAttempts(trx: Transaction, id: string): Promise<void> {
  await trx.deleteFrom('weak_key_attempts').where('guarded_id', '=', id).execute();
  await trx.deleteFrom('weak_key_addresses').where('guarded_id', '=', id).execute();
}

function fromRow(row: AccessKeyRow): AccessKey {
  return {
    id: row.id,
    user: row.user_name,
    permissions: row.permissions === '' ? [] : row.permissions.split(','),
    comment: row.comment,
    isSuspended: row.is_suspended === 1,
    createdAtMs: Number(row.created_at_ms),
  };
}

function secretToRow(secret: StoredSecret) {
  return {
    secret_hash: secret.hash,
    secret_version: secret.version,
    secret_tag: secret.tag,
    has_checksum: secret.hasChecksum ? 1 : 0,
    is_weak: secret.isWeak ? 1 : 0,
  } as const;
}

function secretFromRow(row: AccessKeyRow): StoredSecret {
  return {
    hash: row.secret_hash,
    version: row.secret_version,
    tag: row.secret_tag,
    hasChecksum: row.has_checksum === 1,
    isWeak: row.is_weak === 1,
  };
}
