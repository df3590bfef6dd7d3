import type { Database, Transaction } from '../storage/database.js';

/** Said once, by the first node that puts its role files into the database. */
const sharedName = 'apis_shared';

/** API role files in a database that several nodes share, as texts: what all nodes agree on. */
export class ApiStore {
  constructor(private readonly db: Database) {}

  async text(name: string, db: Database | Transaction = this.db): Promise<string | undefined> {
    const row = await db.selectFrom('apis').select('text').where('name', '=', name).executeTakeFirst();
    return row?.text;
  }

  /** All of them, by name. */
  async all(db: Database | Transaction = this.db): Promise<Map<string, string>> {
    const rows = await db.selectFrom('apis').selectAll().orderBy('name').execute();
    return new Map(rows.map(({ name, text }) => [name, text]));
  }

  async put(trx: Transaction, name: string, text: string): Promise<void> {
    await trx
      .insertInto('apis')
      .values({ name, text })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ text }))
      .execute();
  }

  async delete(trx: Transaction, name: string): Promise<void> {
    await trx.deleteFrom('apis').where('name', '=', name).execute();
  }

  /** Whether a node has put its role files here before. */
  async isShared(db: Database | Transaction = this.db): Promise<boolean> {
    const row = await db.selectFrom('meta').select('name').where('name', '=', sharedName).executeTakeFirst();
    return row !== undefined;
  }

  async setShared(trx: Transaction): Promise<void> {
    await trx.insertInto('meta').values({ name: sharedName, value: 'yes' }).execute();
  }

  /** @param text - null: it is deleted */
  async set(trx: Transaction, name: string, text: string | null): Promise<void> {
    if (text === null) await this.delete(trx, name);
    else await this.put(trx, name, text);
  }
}
