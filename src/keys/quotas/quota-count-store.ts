import type { Database, Transaction } from '../../storage/database.js';
import { pagesOf } from '../../storage/pages.js';
import type { Period } from '../limits/quota-period.js';

/** A key, and the period of its quota. */
export interface CountedPeriod {
  keyId: string;
  period: Period;
}

/** How many requests of a key were counted in a period. */
export type UsedIn = (keyId: string, period: Period) => number;

/** The requests of keys with a quota that were allowed, by day. All nodes count in these rows. */
export class QuotaCountStore {
  constructor(private readonly db: Database) {}

  async read(counted: readonly CountedPeriod[]): Promise<UsedIn> {
    return readUsed(this.db, counted);
  }

  /**
   * Counts requests of several keys in one transaction. No two nodes do so for the same key and period at a time: each
   * takes the row of the period's first day before it reads, in one order.
   *
   * @param decide - by what was counted before: how many more are counted of each key
   */
  async count(
    counted: readonly CountedPeriod[],
    day: string,
    decide: (used: UsedIn) => ReadonlyMap<string, number>,
  ): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      const firstDays = new Map(
        counted.map(({ keyId, period }) => [
          `${keyId} ${period.firstDay}`,
          { key_id: keyId, day: period.firstDay, used: 0 },
        ]),
      );
      await add(
        trx,
        [...firstDays.entries()].sort(byText).map(([, row]) => row),
      );
      // A statement of its own: it sees what was committed while the one before waited.
      const more = decide(await readUsed(trx, counted));
      const rows = [...more].sort(byText).map(([key_id, used]) => ({ key_id, day, used }));
      await add(
        trx,
        rows.filter(({ used }) => used > 0),
      );
    });
  }

  /** Takes back what was counted for a request that was denied all the same. */
  async giveBack(keyIds: readonly string[], day: string): Promise<void> {
    // One at a time, so that no row is held while another one is waited for.
    for (const keyId of keyIds)
      await this.db
        .updateTable('quota_counts')
        .set((row) => ({ used: row('used', '-', 1) }))
        .where('key_id', '=', keyId)
        .where('day', '=', day)
        .where('used', '>', 0)
        .execute();
  }

  async sweep(before: string): Promise<void> {
    await this.db.deleteFrom('quota_counts').where('day', '<', before).execute();
  }
}

function byText([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

async function add(
  trx: Transaction,
  rows: readonly { key_id: string; day: string; used: number }[],
): Promise<void> {
  for (const page of pagesOf(rows))
    await trx
      .insertInto('quota_counts')
      .values(page)
      .onConflict((conflict) =>
        conflict
          .columns(['key_id', 'day'])
          .doUpdateSet((row) => ({ used: row('quota_counts.used', '+', row.ref('excluded.used')) })),
      )
      .execute();
}

async function readUsed(db: Database | Transaction, counted: readonly CountedPeriod[]): Promise<UsedIn> {
  const days = new Map<string, { day: string; used: number }[]>();
  const from = counted.reduce(
    (first, { period }) => (period.firstDay < first ? period.firstDay : first),
    '~',
  );
  const keyIds = [...new Set(counted.map(({ keyId }) => keyId))];
  for (const page of pagesOf(keyIds)) {
    const rows = await db
      .selectFrom('quota_counts')
      .selectAll()
      .where('key_id', 'in', page)
      .where('day', '>=', from)
      .execute();
    for (const { key_id, day, used } of rows) {
      const ofKey = days.get(key_id);
      if (ofKey === undefined) days.set(key_id, [{ day, used }]);
      else ofKey.push({ day, used });
    }
  }
  return (keyId, { firstDay, lastDay }) =>
    (days.get(keyId) ?? [])
      .filter(({ day }) => day >= firstDay && day <= lastDay)
      .reduce((sum, { used }) => sum + used, 0);
}
