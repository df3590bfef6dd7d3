import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { sql } from 'kysely';
import { AppError } from '../errors.js';
import type { CommittedChange, Settling, Touched } from './cluster/settling.js';
import type { Database, Transaction } from './database.js';

/** A change numbers its events within its own range, so that they keep their order. */
const positionsPerChange = 1_000_000;
const rowsPerInsert = 1000;

/** Where a change is under way: its work adds what it touches and its audit events. */
export interface OpenChange {
  readonly trx: Transaction;
  readonly number: number;
  readonly touched: Touched[];
  readonly events: object[];
}

export type Work = (open: OpenChange) => Promise<unknown>;

export interface Committed {
  change: CommittedChange;
  result: unknown;
}

export interface Refused {
  refusal: AppError;
  /** The newest change that the refusal may rest on. */
  seenNumber: number;
}

/** Its work broke off; nothing of it was made. */
export interface Failed {
  error: unknown;
}

/** How a work ended; in the order in which the works were given. */
export type Ended = Committed | Refused | Failed;

export interface CommitParts {
  db: Database;
  settling: Settling;
  /** Who carries the events over into its audit record. */
  node: string;
}

/**
 * Makes one change of several works, which are done one after the other: they share a transaction, a number and a mark.
 * Of a work that throws nothing is made, and the others go on. What an answer of theirs rests on has been committed.
 *
 * @throws where the transaction can't be begun or its commit is not confirmed: that holds for each of them
 */
export async function commitTogether(
  parts: CommitParts,
  works: readonly Work[],
  isAgain = false,
): Promise<Ended[]> {
  const begun = { is: false };
  let seenNumber: number | undefined;
  try {
    return await parts.db.transaction().execute(async (trx) => {
      begun.is = true;
      const { number, mark } = await takeNextNumber(trx);
      seenNumber = number - 1;
      const attempts: Attempt[] = [];
      for (const work of works) attempts.push(await attempt(trx, number, work, works.length > 1));
      const made = attempts.flatMap((each) => ('open' in each ? [each.open] : []));
      const failures = attempts.filter((each): each is Failed => 'error' in each);
      if (made.length === 0) throw new NothingMade(failures.map((each) => endedOf(each, number - 1)));
      const change = { number, mark, touched: made.flatMap(({ touched }) => touched) };
      await insertEvents(
        trx,
        { number, node: parts.node },
        made.flatMap(({ events }) => events),
      );
      await parts.settling.prepare(trx, change);
      // A refusal may rest on what another work of these has made.
      return attempts.map((each) =>
        'open' in each ? { change, result: each.result } : endedOf(each, number),
      );
    });
  } catch (error) {
    if (error instanceof NothingMade) return error.ended;
    // A server ends a transaction in which nothing is done for seconds, as on a machine that stands still. Nothing was.
    if (begun.is && seenNumber === undefined && !isAgain) return commitTogether(parts, works, true);
    throw error;
  }
}

type Attempt = { open: OpenChange; result: unknown } | Failed;

/** Rolls the transaction back, and so gives the number back. */
class NothingMade extends Error {
  constructor(readonly ended: Ended[]) {
    super('nothing was made');
  }
}

async function attempt(
  trx: Transaction,
  number: number,
  work: Work,
  isOneOfSeveral: boolean,
): Promise<Attempt> {
  const open: OpenChange = { trx, number, touched: [], events: [] };
  // One of the same name hides the one before, and all end with the transaction: none has to be released.
  if (isOneOfSeveral) await sql`SAVEPOINT work`.execute(trx);
  try {
    return { open, result: await work(open) };
  } catch (error) {
    if (isOneOfSeveral) await rollBack(trx, error);
    return { error };
  }
}

/** @throws what made the work break off, where that was the end of the whole transaction */
async function rollBack(trx: Transaction, why: unknown): Promise<void> {
  try {
    await sql`ROLLBACK TO SAVEPOINT work`.execute(trx);
  } catch (error) {
    throw why instanceof AppError ? error : why;
  }
}

function endedOf({ error }: Failed, seenNumber: number): Refused | Failed {
  return error instanceof AppError ? { refusal: error, seenNumber } : { error };
}

async function takeNextNumber(trx: Transaction): Promise<{ number: number; mark: string }> {
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
  return { number: Number(row.number), mark };
}

async function insertEvents(
  trx: Transaction,
  { number, node }: { number: number; node: string },
  events: object[],
): Promise<void> {
  const time = new Date().toISOString();
  const rows = events.map((event, index) => ({
    id: randomUUID(),
    position: number * positionsPerChange + index,
    event: JSON.stringify({ time, ...event }),
    node,
  }));
  // A user with thousands of keys is deleted in one change; a statement takes only so many values.
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    await trx
      .insertInto('audit_outbox')
      .values(rows.slice(start, start + rowsPerInsert))
      .execute();
    // The embedded store answers without waiting: requests are served in between.
    if (start + rowsPerInsert < rows.length) await breathe();
  }
}
