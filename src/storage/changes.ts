import type { AppError } from '../errors.js';
import { commitTogether, type Ended, type OpenChange, type Work } from './commit-together.js';
import type { Database, Transaction } from './database.js';
import {
  InOneProcess,
  type AppliedChange,
  type CommittedChange,
  type Settling,
  type Touched,
} from './cluster/settling.js';
import { SerialQueue } from '../concurrency/serial-queue.js';

/** So many works become one change at most: those of other nodes wait for it. */
const mostTogether = 32;

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

/** How a work ended, with the settling of what was made: nobody waits for that in the turn. */
interface Turned {
  ended: Ended;
  settled: Promise<void> | undefined;
}

/** A work that waits to become a change together with others. */
interface Waiting {
  work: Work;
  resolve: (turned: Turned) => void;
  reject: (error: unknown) => void;
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
  private readonly waiting: Waiting[] = [];

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

  /** Makes a change of its own of the work. */
  async run<T>(work: (change: Change) => Promise<T>): Promise<T> {
    const [turned] = await this.turns.take(() => this.commit([this.workOf(work)]));
    return this.answer(turned as Turned) as Promise<T>;
  }

  /**
   * Makes one change of this work and of others that wait here for their turn: one transaction, one number, one
   * settling. Each sees what those before it did. Where one is refused or fails, the others are made. For works that read
   * within the change alone and are soon done: the others wait for them.
   */
  async runTogether<T>(work: (change: Change) => Promise<T>): Promise<T> {
    const turned = await new Promise<Turned>((resolve, reject) => {
      const own: Waiting = { work: this.workOf(work), resolve, reject };
      this.waiting.push(own);
      this.turns
        .take(() => this.commitWaiting(own))
        .catch((error: unknown) => {
          this.takeWaiting(own, 1);
          own.reject(error);
        });
    });
    return this.answer(turned) as Promise<T>;
  }

  /** Lets no change of this process begin until the work is done: where it owns the data, all stands still. */
  async standStill<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(work);
  }

  /** Does nothing where that one was made in the turn of another. Those before it have had their turn. */
  private async commitWaiting(first: Waiting): Promise<void> {
    const all = this.takeWaiting(first, mostTogether);
    if (all.length === 0) return;
    try {
      const turned = await this.commit(all.map(({ work }) => work));
      for (const [index, { resolve }] of all.entries()) resolve(turned[index] as Turned);
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }

  private takeWaiting(first: Waiting, most: number): Waiting[] {
    const place = this.waiting.indexOf(first);
    return place === -1 ? [] : this.waiting.splice(place, most);
  }

  private async commit(works: readonly Work[]): Promise<Turned[]> {
    const { db, settling, node } = this;
    const all = await commitTogether({ db, settling, node }, works);
    const made = all.find((ended) => 'change' in ended);
    // Begun still in its turn: one process applies its changes in the order of their numbers.
    const settled = made && this.settle(made.change);
    return all.map((ended) => ({ ended, settled }));
  }

  private async answer({ ended, settled }: Turned): Promise<unknown> {
    if ('refusal' in ended) {
      // "It was so already" is an answer too: the node that made it so may have died before it counted everywhere.
      await this.settling.settleUpTo(ended.seenNumber);
      throw (await this.gate?.afterRefusal(ended.refusal)) ?? ended.refusal;
    }
    if ('error' in ended) throw ended.error;
    await Promise.all([settled, ...this.followers.map((follow) => follow())]);
    return ended.result;
  }

  private async settle(change: CommittedChange): Promise<void> {
    const startedAtMs = performance.now();
    await this.settling.settle(change);
    this.observeSettling(performance.now() - startedAtMs);
  }

  private workOf(work: (change: Change) => Promise<unknown>): Work {
    return ({ trx, number, touched, events }: OpenChange) => {
      const change: Change = {
        trx,
        number,
        touch: (kind, id) => touched.push({ kind, id } as Touched),
        touchApi: (name, text) => touched.push({ kind: 'api', id: name, text }),
        record: (event) => events.push(event),
        needsApproval: this.gate?.isOn === true,
        requireApproved: async (widening) => this.gate?.requireApproved(change, widening),
      };
      return work(change);
    };
  }
}

/** The number of the newest change that a reader of `db` can see. */
export async function readChangeNumber(db: Database | Transaction): Promise<number> {
  const row = await db.selectFrom('change_counter').select('number').where('id', '=', 1).executeTakeFirst();
  return Number(row?.number ?? 0);
}
