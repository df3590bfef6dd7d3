import type { Database, Transaction } from '../storage/database.js';

/** A link that begins a session once. */
export interface LoginLink {
  user: string;
  userCreatedAtMs: number;
  endsAtMs: number;
}

export class LoginLinkStore {
  constructor(private readonly db: Database) {}

  async find(digest: string, db: Database | Transaction = this.db): Promise<LoginLink | undefined> {
    const row = await db
      .selectFrom('login_links')
      .selectAll()
      .where('token_digest', '=', digest)
      .executeTakeFirst();
    return (
      row && {
        user: row.user_name,
        userCreatedAtMs: Number(row.user_created_at_ms),
        endsAtMs: Number(row.ends_at_ms),
      }
    );
  }

  async insert(trx: Transaction, digest: string, link: LoginLink): Promise<void> {
    const { user, userCreatedAtMs, endsAtMs } = link;
    const row = { user_name: user, user_created_at_ms: userCreatedAtMs, ends_at_ms: endsAtMs };
    await trx
      .insertInto('login_links')
      .values({ token_digest: digest, ...row })
      .execute();
  }

  async delete(trx: Transaction, digest: string): Promise<void> {
    await trx.deleteFrom('login_links').where('token_digest', '=', digest).execute();
  }

  async deleteEnded(nowMs: number): Promise<void> {
    await this.db.deleteFrom('login_links').where('ends_at_ms', '<=', nowMs).execute();
  }
}
