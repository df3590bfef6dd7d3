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

  async listIds(): Promise<string[]> {
    return (await this.db.selectFrom('audit_outbox').select('id').execute()).map(({ id }) => id);
  }

  async delete(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += outboxPage) {
      const page = ids.slice(from, from + outboxPage);
      await this.db.deleteFrom('audit_outbox').where('id', 'in', page).execute();
    }
  }
}
