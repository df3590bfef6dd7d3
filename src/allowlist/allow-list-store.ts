import type { Database, Transaction } from '../storage/database.js';
import { pagesOf } from '../storage/pages.js';

/** A change that sets the whole list numbers its entries within its own range. */
const positionsPerChange = 100_000;
const takenOverName = 'allow_list_taken_over';
const emptiedName = 'allow_list_emptied';

/** The entries of API_ALLOWED_IP, each once, in the order in which they were added. */
export class AllowListStore {
  constructor(private readonly db: Database) {}

  async list(db: Database | Transaction = this.db): Promise<string[]> {
    const rows = await db.selectFrom('allowed_addresses').select('entry').orderBy('position').execute();
    return rows.map((row) => row.entry);
  }

  /** @param changeNumber - of the change that adds it, so that entries keep their order */
  async add(trx: Transaction, entry: string, changeNumber: number): Promise<boolean> {
    const result = await trx
      .insertInto('allowed_addresses')
      .values({ entry, position: changeNumber * positionsPerChange })
      .onConflict((conflict) => conflict.column('entry').doNothing())
      .executeTakeFirstOrThrow();
    return Number(result.numInsertedOrUpdatedRows ?? 0) === 1;
  }

  /** Entries have come with a move-in, once and for all. */
  async setTakenOver(trx: Transaction): Promise<void> {
    await trx
      .insertInto('meta')
      .values({ name: takenOverName, value: 'yes' })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
  }

  async isTakenOver(): Promise<boolean> {
    const row = await this.db
      .selectFrom('meta')
      .select('name')
      .where('name', '=', takenOverName)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Keeps what a switch has emptied, until it empties another list. */
  async noteEmptied(trx: Transaction, entries: readonly string[]): Promise<void> {
    const value = entries.join(',');
    await trx
      .insertInto('meta')
      .values({ name: emptiedName, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }

  async emptied(): Promise<string> {
    const row = await this.db
      .selectFrom('meta')
      .select('value')
      .where('name', '=', emptiedName)
      .executeTakeFirst();
    return row?.value ?? '';
  }

  async delete(trx: Transaction, entry: string): Promise<boolean> {
    const result = await trx.deleteFrom('allowed_addresses').where('entry', '=', entry).executeTakeFirst();
    return Number(result.numDeletedRows) === 1;
  }

  async replaceAll(trx: Transaction, entries: readonly string[], changeNumber: number): Promise<void> {
    await trx.deleteFrom('allowed_addresses').execute();
    const rows = entries.map((entry, index) => ({
      entry,
      position: changeNumber * positionsPerChange + index,
    }));
    for (const page of pagesOf(rows)) await trx.insertInto('allowed_addresses').values(page).execute();
  }
}
