import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '../errors.js';
import type { Database, Transaction } from './database.js';
import {
  InOneProcess,
  type AppliedChange,
  type CommittedChange,
  type Settling,
  type Touched,
} from './cluster/settling.js';
import { SerialQueue } from '../concurrency/serial-queue.js';

/** A change numbers its events within its own range, so that they keep their order. */
const positionsPerChange = 1_000_000;
const rowsPerInsert = 1000;

/** A change that widens so much that it may have to be approved by a second person. */
export interface WideningChange {
  /** One of `approvalKinds` (approvals/approval.ts). */
  kind: string;
  /** Whose doing it is. */
  origin: object;
  /** What the change makes, as its event tells it. */
  target: Readonly<Record<string, string>>;
  /** What else it depends on, as JSON: none of it is shown, and it may hold a secret. */
  exact?: unknown;
  /** The end of what is made (null: none), where it was given as a span: it moves on while somebody approves. */
  endsAtMs?: number | null | undefined;
  /** Of what this user has already: where he does it himself, nothing is widened. */
  owner?: string;
  /** Roles that it depends on, as they stand in the database within the change: this node may have to apply them yet. */
  sharedRoles?: readonly string[];
  /** Only where a key of the root user has this role. */
  role?: string;
  /** Settings of this machine ask for it, so nobody knows who: two have to approve it. */
  isBySettings?: true;
  /** It goes on after this change: the approval stays until the same is asked for without this. */
  isNotAll?: true;
}

/** Decides which widening changes have to wait (approvals/). */
export interface ApprovalGate {
  /** Whether anything has to wait. */
  readonly isOn: boolean;
  /** Within the change; throws where it has to wait. */
  requireApproved(change: Change, widening: WideningChange): Promise<void>;
  /** After the change was taken back. Returns what is to be thrown in the place of the refusal. */
  afterRefusal(refusal: AppError): Promise<AppError>;
}

/** A change under way: what it touches and the audit events that commit together with it. */
export interface Change {
  readonly trx: Transaction;
  readonly number: number;
  touch(kind: 'access_key' | 'user' | 'settings', id: string): void;
  /** @param text - the new text of the role file, for every node's own; null: it was deleted */
  touchApi(name: string, text: string | null): void;
  record(event: object): void;
  /** Whether what widens the most has to be approved. */
  readonly needsApproval: boolean;
  /** @throws AppError 10 where another person has to approve it first */
  requireApproved(widening: WideningChange): Promise<void>;
}

interface Committed<T> {
  change: CommittedChange;
  result: T;
}

interface Refused {
  refusal: AppError;
  /** The newest change that the refusal may rest on. */
  seenNumber: number;
}

/**
 * Every change of the store goes through here. It takes the next number of the one change counter before it reads
 * what it depends on, commits together with that number and its audit events, and counts on every node before `run`
 * returns.
 */
export class Changes {
  private readonly appliers: ((change: AppliedChange) => void)[] = [];
  private readonly resetters: ((number: number) => void)[] = [];
  private readonly outsideTellers: ((table: string) => void)[] = [];
  private readonly followers: (() => Promise<void>)[] = [];
  private observeSettling: (ms: number) => void = () => undefined;
  private gate: ApprovalGate | undefined;

  constructor(
    private readonly db: Database,
    private readonly settling: Settling = new InOneProcess(),
    /** Who carries the events of these changes over into its audit record. */
    private readonly node = '',
    private readonly turns = new SerialQueue(),
  ) {
    settling.startWith({
      apply: (change) => {
        const outside = change.touched.filter(({ kind }) => kind === 'outside');
        if (outside.length > 0) for (const reset of this.resetters) reset(change.number);
        else for (const apply of this.appliers) apply(change);
        for (const { id } of outside) for (const tell of this.outsideTellers) tell(id);
      },
      reset: (number) => {
        for (const reset of this.resetters) reset(number);
      },
    });
  }

  /**
   * Called for each change, of this node or another, in the order of their numbers, before it counts as settled.
   *
   * @param reset - called in its place where it is not known what was changed
   */
  onApplied(apply: (change: AppliedChange) => void, reset: (number: number) => void = () => undefined): void {
    this.appliers.push(apply);
    this.resetters.push(reset);
  }

  /** Called, after the facts were forgotten, for each table that another program has changed. */
  onOutsideChange(tell: (table: string) => void): void {
    this.outsideTellers.push(tell);
  }

  /** Called after each commit here and awaited before `run` returns: the audit carries its events over. */
  onCommitted(follow: () => Promise<void>): void {
    this.followers.push(follow);
  }

  /** Told of each change how long it took from its commit until it counted everywhere. */
  onSettled(observe: (ms: number) => void): void {
    this.observeSettling = observe;
  }

  /** From now on widening changes may have to wait. */
  approvedBy(gate: ApprovalGate): void {
    this.gate = gate;
  }

  async run<T>(work: (change: Change) => Promise<T>): Promise<T> {
    const ended = await this.turns.take(async () => {
      const ended = await this.commit(work);
      // Begun still in its turn: one process applies its changes in the order of their numbers. Nobody waits in it.
      return 'refusal' in ended ? ended : { ...ended, settled: [this.settle(ended.change)] };
    });
    if ('refusal' in ended) {
      // "It was so already" is an answer too: the node that made it so may have died before it counted everywhere.
      await this.settling.settleUpTo(ended.seenNumber);
      throw (await this.gate?.afterRefusal(ended.refusal)) ?? ended.refusal;
    }
    await Promise.all([...ended.settled, ...this.followers.map((follow) => follow())]);
    return ended.result;
  }

  /** Lets no change of this process begin until the work is done: where it owns the data, all stands still. */
  async standStill<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(work);
  }

  private async settle(change: CommittedChange): Promise<void> {
    const startedAtMs = performance.now();
    await this.settling.settle(change);
    this.observeSettling(performance.now() - startedAtMs);
  }

  private async commit<T>(
    work: (change: Change) => Promise<T>,
    isAgain = false,
  ): Promise<Committed<T> | Refused> {
    const begun = { is: false };
    let seenNumber: number | undefined;
    try {
      return await this.db.transaction().execute(async (trx) => {
        begun.is = true;
        const { number, mark } = await takeNextNumber(trx);
        seenNumber = number - 1;
        const touched: Touched[] = [];
        const events: object[] = [];
        const change: Change = {
          trx,
          number,
          touch: (kind, id) => touched.push({ kind, id } as Touched),
          touchApi: (name, text) => touched.push({ kind: 'api', id: name, text }),
          record: (event) => events.push(event),
          needsApproval: this.gate?.isOn === true,
          requireApproved: async (widening) => this.gate?.requireApproved(change, widening),
        };
        const result = await work(change);
        await insertEvents(trx, { number, node: this.node }, events);
        await this.settling.prepare(trx, { number, mark, touched });
        return { change: { number, mark, touched }, result };
      });
    } catch (error) {
      if (error instanceof AppError && seenNumber !== undefined) return { refusal: error, seenNumber };
      // A server ends a transaction in which nothing is done for seconds, as on a machine that stands still. Nothing was.
      if (begun.is && seenNumber === undefined && !isAgain) return this.commit(work, true);
      throw error;
    }
  }
}

/** The number of the newest change that a reader of `db` can see. */
export async function readChangeNumber(db: Database | Transaction): Promise<number> {
  const row = await db.selectFrom('change_counter').select('number').where('id', '=', 1).executeTakeFirst();
  return Number(row?.number ?? 0);
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
