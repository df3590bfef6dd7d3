import { randomBytes, randomUUID } from 'node:crypto';
import type { Database, Transaction } from './database.js';
import { Turns } from './turns.js';

/** What a change touched: whoever keeps a copy of it reads it anew. `settings` has one ID, the empty text. */
export type Touched = { kind: 'access_key' | 'user'; id: string } | { kind: 'settings'; id: '' };

/** A change numbers its events within its own range, so that they keep their order. */
const positionsPerChange = 1_000_000;
const rowsPerInsert = 1000;

/** A change under way: what it touches and the audit events that commit together with it. */
export interface Change {
  readonly trx: Transaction;
  readonly number: number;
  touch(kind: Touched['kind'], id: string): void;
  record(event: object): void;
}

export interface AppliedChange {
  number: number;
  touched: readonly Touched[];
}

/**
 * Every change of the store goes through here. It takes the next number of the one change counter before it reads
 * what it depends on, commits together with that number and its audit events, and has reached everybody in this
 * process who keeps facts in memory before `run` returns.
 */
export class Changes {
  private readonly appliers: ((change: AppliedChange) => void)[] = [];
  private readonly followers: (() => Promise<void>)[] = [];
  private readonly turns = new Turns();

  constructor(private readonly db: Database) {}

  /** Called at once after each commit, before anybody is told that the change was made. */
  onApplied(apply: (change: AppliedChange) => void): void {
    this.appliers.push(apply);
  }

  /** Called after each commit and awaited before `run` returns: the audit carries its events over. */
  onCommitted(follow: () => Promise<void>): void {
    this.followers.push(follow);
  }

  async run<T>(work: (change: Change) => Promise<T>): Promise<T> {
    const touched: Touched[] = [];
    const result = await this.turns.take(async () => {
      const made = await this.db.transaction().execute(async (trx) => {
        const number = await takeNextNumber(trx);
        const events: object[] = [];
        const result = await work({
          trx,
          number,
          touch: (kind, id) => touched.push({ kind, id } as Touched),
          record: (event) => events.push(event),
        });
        await insertEvents(trx, number, events);
        return { number, result };
      });
      // Still in its turn: changes are applied in the order of their numbers.
      for (const apply of this.appliers) apply({ number: made.number, touched });
      return made.result;
    });
    for (const follow of this.followers) await follow();
    return result;
  }
}

/** The number of the newest change that a reader of `db` can see. */
export async function readChangeNumber(db: Database | Transaction): Promise<number> {
  const row = await db.selectFrom('change_counter').select('number').where('id', '=', 1).executeTakeFirst();
  return Number(row?.number ?? 0);
}

async function takeNextNumber(trx: Transaction): Promise<number> {
  const mark = randomBytes(8).toString('hex');
  const row = await trx
    .insertInto('change_counter')
    .values({ id: 1, number: 1, mark })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((update) => ({ number: update('change_counter.number', '+', 1), mark })),
    )
    .returning('number')
    .executeTakeFirstOrThrow();
  return Number(row.number);
}

async function insertEvents(trx: Transaction, number: number, events: object[]): Promise<void> {
  const time = new Date().toISOString();
  const rows = events.map((event, index) => ({
    id: randomUUID(),
    position: number * positionsPerChange + index,
    event: JSON.stringify({ time, ...event }),
  }));
  // A user with thousands of keys is deleted in one change; a statement takes only so many values.
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    await trx
      .insertInto('audit_outbox')
      .values(rows.slice(start, start + rowsPerInsert))
      .execute();
  }
}
