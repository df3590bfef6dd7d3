import type { Selectable } from 'kysely';
import type { Database, Transaction } from '../storage/database.js';
import type { SessionRow } from '../storage/schema.js';
import { idleMs, longestMs, type Session } from './session.js';

/** The place of a session in the list, which has the newest first. */
export interface SessionPlace {
  createdAtMs: number;
  id: string;
}

export class SessionStore {
  constructor(private readonly db: Database) {}

  async findBySecret(digest: string, db: Database | Transaction = this.db): Promise<Session | undefined> {
    const row = await db
      .selectFrom('sessions')
      .selectAll()
      .where('secret_digest', '=', digest)
      .executeTakeFirst();
    return row && fromRow(row);
  }

  async find(id: string, db: Database | Transaction = this.db): Promise<Session | undefined> {
    const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  /** The newest first: of a user, or of all. */
  async list(
    user: string | undefined,
    limit?: number,
    after?: SessionPlace,
    db: Database | Transaction = this.db,
  ): Promise<Session[]> {
    let query = db.selectFrom('sessions').selectAll().orderBy('created_at_ms', 'desc').orderBy('id', 'desc');
    if (user !== undefined) query = query.where('user_name', '=', user);
    if (limit !== undefined) query = query.limit(limit);
    if (after !== undefined) {
      const { createdAtMs, id } = after;
      query = query.where((row) =>
        row.or([
          row('created_at_ms', '<', createdAtMs),
          row.and([row('created_at_ms', '=', createdAtMs), row('id', '<', id)]),
        ]),
      );
    }
    return (await query.execute()).map(fromRow);
  }

  async insert(trx: Transaction, session: Session, digest: string): Promise<void> {
    await trx
      .insertInto('sessions')
      .values({
        id: session.id,
        secret_digest: digest,
        user_name: session.user,
        user_created_at_ms: session.userCreatedAtMs,
        method: session.method,
        client_address: session.clientAddress,
        created_at_ms: session.createdAtMs,
        last_seen_at_ms: session.lastSeenAtMs,
      })
      .execute();
  }

  async delete(trx: Transaction, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await trx.deleteFrom('sessions').where('id', 'in', ids).execute();
  }

  /** Outside of any change: it decides nothing but when an idle session ends. */
  async keepSeen(seen: ReadonlyMap<string, number>): Promise<void> {
    for (const [id, seenAtMs] of seen) {
      await this.db
        .updateTable('sessions')
        .set({ last_seen_at_ms: seenAtMs })
        .where('id', '=', id)
        .where('last_seen_at_ms', '<', seenAtMs)
        .execute();
    }
  }

  /**
   * @param lateMs - how late a use of a session may be written
   * @returns the IDs of some that have ended
   */
  async listOver(
    nowMs: number,
    lateMs: number,
    limit: number,
    db: Database | Transaction = this.db,
  ): Promise<string[]> {
    const rows = await db
      .selectFrom('sessions')
      .select('id')
      .where((row) =>
        row.or([
          row('created_at_ms', '<=', nowMs - longestMs),
          row('last_seen_at_ms', '<=', nowMs - idleMs - lateMs),
        ]),
      )
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }
}

function fromRow(row: Selectable<SessionRow>): Session {
  return {
    id: row.id,
    user: row.user_name,
    userCreatedAtMs: Number(row.user_created_at_ms),
    method: row.method,
    clientAddress: row.client_address,
    createdAtMs: Number(row.created_at_ms),
    lastSeenAtMs: Number(row.last_seen_at_ms),
  };
}
