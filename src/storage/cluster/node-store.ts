import { sql } from 'kysely';
import { version } from '../../config/version.js';
import type { Database, Transaction } from '../database.js';
import type { CommittedChange, Touched } from './settling.js';

/** How far somebody has come with the changes. */
export interface Position {
  number: number;
  mark: string;
}

export interface NodeRow {
  id: string;
  leaseMs: number;
  appliedNumber: number;
  /** Grows with each renewal; of a node that is dead or cut off it stands still. */
  renewals: number;
}

export interface Renewal {
  newest: Position;
  /** The mark that the database has for the number that this node has applied. */
  knownMark: string | undefined;
  /** How often the row has been renewed. */
  renewals: number;
}

/** So many log entries are kept for nodes that are behind; one that is further behind loads everything anew. */
const logLength = 10_000;

/** The tables `nodes` and `change_log`, on a database that several nodes share. */
export class NodeStore {
  constructor(private readonly db: Database) {}

  /** Adds the node's row, and says which change was the newest then. */
  async register(id: string, leaseMs: number): Promise<Position> {
    return this.db.transaction().execute(async (trx) => {
      const counter = await trx
        .selectFrom('change_counter')
        .selectAll()
        .where('id', '=', 1)
        .executeTakeFirst();
      const newest = { number: Number(counter?.number ?? 0), mark: counter?.mark ?? '' };
      await trx
        .insertInto('nodes')
        .values({
          id,
          lease_ms: leaseMs,
          applied_number: newest.number,
          applied_mark: newest.mark,
          renewals: 0,
          version,
        })
        .execute();
      return newest;
    });
  }

  /**
   * Writes how far the node is, and reads what is the newest, in one statement. It is a plain update: a row that
   * somebody has removed stays removed.
   *
   * @returns undefined when the node has no row
   */
  async renew(id: string, applied: Position): Promise<Renewal | undefined> {
    const { rows } = await sql<{
      number: unknown;
      mark: string | null;
      known: string | null;
      renewals: unknown;
    }>`
      WITH mine AS (
        UPDATE nodes
        SET applied_number = ${applied.number}, applied_mark = ${applied.mark}, renewals = renewals + 1
        WHERE id = ${id}
        RETURNING id, renewals
      )
      SELECT change_counter.number AS number, change_counter.mark AS mark, mine.renewals AS renewals,
        (SELECT mark FROM change_log WHERE change_log.number = ${applied.number}) AS known
      FROM mine LEFT JOIN change_counter ON change_counter.id = 1`.execute(this.db);
    const [row] = rows;
    if (row === undefined) return undefined;
    const newest = { number: Number(row.number ?? 0), mark: row.mark ?? '' };
    const isNewest = applied.number === newest.number;
    const knownMark = isNewest ? newest.mark : applied.number === 0 ? '' : (row.known ?? undefined);
    return { newest, knownMark, renewals: Number(row.renewals) };
  }

  /** The changes after one number up to another, in order; some may be gone from the log. */
  async changesBetween(after: number, upTo: number): Promise<CommittedChange[]> {
    const rows = await this.db
      .selectFrom('change_log')
      .selectAll()
      .where('number', '>', after)
      .where('number', '<=', upTo)
      .orderBy('number')
      .execute();
    return rows.map(({ number, mark, touched }) => ({
      number: Number(number),
      mark,
      touched: JSON.parse(touched) as Touched[],
    }));
  }

  async log(trx: Transaction, change: CommittedChange): Promise<void> {
    await trx
      .insertInto('change_log')
      .values({ number: change.number, mark: change.mark, touched: JSON.stringify(change.touched) })
      .execute();
    await trx
      .deleteFrom('change_log')
      .where('number', '<=', change.number - logLength)
      .execute();
  }

  /** Wakes the other nodes when the transaction commits. */
  async notify(trx: Transaction): Promise<void> {
    await sql`SELECT pg_notify('hearthkey_changes', '')`.execute(trx);
  }

  async list(): Promise<NodeRow[]> {
    const rows = await this.db.selectFrom('nodes').selectAll().execute();
    return rows.map((row) => ({
      id: row.id,
      leaseMs: Number(row.lease_ms),
      appliedNumber: Number(row.applied_number),
      renewals: Number(row.renewals),
    }));
  }

  /** Removes a row, unless the node has renewed since it was seen. */
  async removeIfStill(node: NodeRow): Promise<void> {
    await this.db
      .deleteFrom('nodes')
      .where('id', '=', node.id)
      .where('renewals', '=', node.renewals)
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.db.deleteFrom('nodes').where('id', '=', id).execute();
  }
}
