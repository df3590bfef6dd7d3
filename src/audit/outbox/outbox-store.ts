import type { Database } from '../../storage/database.js';

/** How many are read at once. */
export const outboxPage = 500;

/** Events that were committed with their changes and are not yet known to be in the record; oldest first. */
export class OutboxStore {
  /** @param node - whose events; those of other nodes are theirs to carry over */
  constructor(
    private readonly db: Database,
    private readonly node = '',
  ) {}

  async list(): Promise<{ id: string; event: string }[]> {
    return this.db
      .selectFrom('audit_outbox')
      .select(['id', 'event'])
      .where('node', '=', this.node)
      .orderBy('position')
      .limit(outboxPage)
      .execute();
  }

  async listIds(): Promise<string[]> {
    const rows = await this.db
      .selectFrom('audit_outbox')
      .select('id')
      .where('node', '=', this.node)
      .execute();
    return rows.map(({ id }) => id);
  }

  async count(): Promise<number> {
    const { count } = await this.db
      .selectFrom('audit_outbox')
      .select((select) => select.fn.countAll().as('count'))
      .where('node', '=', this.node)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async delete(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += outboxPage) {
      const page = ids.slice(from, from + outboxPage);
      await this.db.deleteFrom('audit_outbox').where('id', 'in', page).execute();
    }
  }
}
