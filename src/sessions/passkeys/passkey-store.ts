import type { Selectable } from 'kysely';
import type { Change } from '../../storage/changes.js';
import type { Database, Transaction } from '../../storage/database.js';
import type { PasskeyRow } from '../../storage/schema.js';
import type { Passkey } from './passkey.js';

export class PasskeyStore {
  constructor(private readonly db: Database) {}

  async find(id: string, db: Database | Transaction = this.db): Promise<Passkey | undefined> {
    const row = await db.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  async findByCredential(
    credentialId: string,
    db: Database | Transaction = this.db,
  ): Promise<Passkey | undefined> {
    const row = await db
      .selectFrom('passkeys')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .executeTakeFirst();
    return row && fromRow(row);
  }

  /** The oldest first: of a user, or of all. */
  async list(user: string | undefined, db: Database | Transaction = this.db): Promise<Passkey[]> {
    let query = db
      .selectFrom('passkeys')
      .selectAll()
      .orderBy('user_name')
      .orderBy('created_at_ms')
      .orderBy('id');
    if (user !== undefined) query = query.where('user_name', '=', user);
    return (await query.execute()).map(fromRow);
  }

  /** @returns false where the authenticator's key is here already */
  async insert(trx: Transaction, passkey: Passkey): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('passkeys')
      .values({
        id: passkey.id,
        credential_id: passkey.credentialId,
        user_name: passkey.user,
        user_created_at_ms: passkey.userCreatedAtMs,
        public_key: passkey.publicKey,
        counter: passkey.counter,
        transports: passkey.transports.join(','),
        name: passkey.name,
        created_at_ms: passkey.createdAtMs,
        last_used_at_ms: null,
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .executeTakeFirstOrThrow();
    return Number(numInsertedOrUpdatedRows ?? 0) === 1;
  }

  async keepUse(trx: Transaction, id: string, counter: number, usedAtMs: number): Promise<void> {
    const use = { counter, last_used_at_ms: usedAtMs };
    await trx.updateTable('passkeys').set(use).where('id', '=', id).execute();
  }

  async delete(trx: Transaction, id: string): Promise<void> {
    await trx.deleteFrom('passkeys').where('id', '=', id).execute();
  }

  /** @returns false where it was answered before */
  async keepAnswered(trx: Transaction, digest: string, endsAtMs: number): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('answered_challenges')
      .values({ digest, ends_at_ms: endsAtMs })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .executeTakeFirstOrThrow();
    return Number(numInsertedOrUpdatedRows ?? 0) === 1;
  }

  async forgetAnswered(nowMs: number): Promise<void> {
    await this.db.deleteFrom('answered_challenges').where('ends_at_ms', '<=', nowMs).execute();
  }
}

/** With their user, as part of a change. */
export async function deletePasskeysOf({ trx }: Change, user: string): Promise<void> {
  await trx.deleteFrom('passkeys').where('user_name', '=', user).execute();
}

function fromRow(row: Selectable<PasskeyRow>): Passkey {
  return {
    id: row.id,
    credentialId: row.credential_id,
    user: row.user_name,
    userCreatedAtMs: Number(row.user_created_at_ms),
    publicKey: row.public_key,
    counter: Number(row.counter),
    transports: row.transports === '' ? [] : row.transports.split(','),
    name: row.name,
    createdAtMs: Number(row.created_at_ms),
    lastUsedAtMs: row.last_used_at_ms === null ? undefined : Number(row.last_used_at_ms),
  };
}
