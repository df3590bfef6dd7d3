import type { Database } from '../storage/database.js';

/** How many are read at once. */
export const outboxPage = 500;

/** Events that were committed with their changes and are not yet known to be in the record; oldest first. */
export class OutboxStore {
  constructor(private readonly db: Database) {}

  async list(): Promise<{ id: string; event: string }[]> {
    return this.db
      .selectFrom('audit_outbox')
      .select(['id', 'event'])
      .orderBy('position')
      .limit(outboxPage)
      .execute();
  }

  async delete(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.db.deleteFrom('audit_outbox').where('id', 'in', ids).execute();
  }
}
