import { sql, type SqlBool } from 'kysely';
import type { Database, Transaction } from '../../storage/database.js';
import type { AccessKey } from '../access-key.js';

const dayMs = 86_400_000;
/** A key lives so many times as long as the time that is left when its end is told of, at least. */
const leastLife = 2;

export type EndingKey = Pick<AccessKey, 'id' | 'user'> & { expiresAtMs: number };

/** Which ends of keys were announced so many days before. */
export class EndNoticeStore {
  constructor(private readonly db: Database) {}

  /**
   * Keys that end within so many days, for whose end there is no notice of that kind; at most so many. One that was made
   * for a short time, or derived, is known to end.
   */
  async listDue(nowMs: number, days: number, limit: number): Promise<EndingKey[]> {
    const rows = await this.db
      .selectFrom('access_keys')
      .select(['id', 'user_name', 'expires_at_ms'])
      .where('expires_at_ms', '>', nowMs)
      .where('expires_at_ms', '<=', nowMs + days * dayMs)
      .where('is_derived', '=', 0)
      .where(sql<SqlBool>`expires_at_ms - created_at_ms >= ${leastLife * days * dayMs}`)
      .where((row) =>
        row.not(
          row.exists(
            row
              .selectFrom('key_end_notices')
              .select('key_id')
              .whereRef('key_id', '=', 'access_keys.id')
              .whereRef('end_ms', '=', 'access_keys.expires_at_ms')
              .where('days', '=', days),
          ),
        ),
      )
      .orderBy('expires_at_ms')
      .limit(limit)
      .execute();
    return rows.map(({ id, user_name: user, expires_at_ms: end }) => ({
      id,
      user,
      expiresAtMs: Number(end),
    }));
  }

  /** @returns false where another node was first, or the end is another one by now */
  async mark(trx: Transaction, { id, expiresAtMs }: EndingKey, days: number): Promise<boolean> {
    const key = await trx
      .selectFrom('access_keys')
      .select('id')
      .where('id', '=', id)
      .where('expires_at_ms', '=', expiresAtMs)
      .executeTakeFirst();
    if (key === undefined) return false;
    const { numInsertedOrUpdatedRows = 0n } = await trx
      .insertInto('key_end_notices')
      .values({ key_id: id, end_ms: expiresAtMs, days })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows > 0n;
  }

  /** Those of ends that have passed. */
  async sweep(nowMs: number): Promise<void> {
    await this.db.deleteFrom('key_end_notices').where('end_ms', '<', nowMs).execute();
  }
}
