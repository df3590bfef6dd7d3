import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ReturnCode } from '../../errors.js';
import type { Transaction } from '../database.js';
import { Lease, readClocks, type ReadClocks } from './lease.js';
import { hasOutlived, margin, type FirstLook } from './first-look.js';
import type { NodeRow, NodeStore, Position } from './node-store.js';
import { CoalescedQuery } from '../../concurrency/coalesced-query.js';
import { LiveNodes } from './live-nodes.js';
import type { CommittedChange, FactKeeper, NodeShare, Settling } from './settling.js';

export interface MembershipOptions {
  leaseMs: number;
  onProblem: (problem: string, cause?: unknown) => void;
  readClocks?: ReadClocks;
}

/** Between two looks at how far the other nodes are: at first this long, then ever longer. */
const firstPauseMs = 1;
const longestPauseMs = 25;

/**
 * One of several nodes on a database: keeps its row, its lease and its facts' position, and lets changes settle. The
 * protocol and why it holds: docs/adr/0004.
 */
export class Membership implements Settling {
  private id = '';
  private applied: Position = { number: 0, mark: '' };
  /** What the row counted at the newest answer. A lower count is one of a database that went back in time. */
  private renewals = 0;
  /** Until then nodes may have a lease and no row: no change settles before every such lease has ended. */
  private doubtUntilMs = 0;
  private readonly lease: Lease;
  private readonly readClocks: ReadClocks;
  private keeper: FactKeeper | undefined;
  private renewing: Promise<void> | undefined;
  private isWokenAgain = false;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private readonly nodes: CoalescedQuery<NodeRow[]>;
  private readonly live: LiveNodes;
  private stopNotices: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly store: NodeStore,
    private readonly options: MembershipOptions,
  ) {
    this.readClocks = options.readClocks ?? readClocks;
    this.lease = new Lease(this.readClocks);
    this.nodes = new CoalescedQuery(() => store.list());
    this.live = new LiveNodes(() => this.readClocks().monotonicMs);
  }

  startWith(keeper: FactKeeper): void {
    this.keeper = keeper;
  }

  /** Registers, and renews the lease from now on; throws when the database can't be used. */
  async join(): Promise<void> {
    await this.register();
    await this.renew();
    this.live.note(await this.nodes.ask());
    this.scheduleRenewal();
  }

  share(): NodeShare {
    return this.live.shareOf(this.id);
  }

  /** Who calls `wake` is told when that ends. */
  onStop(stop: () => Promise<void>): void {
    this.stopNotices = stop;
  }

  /** Another node has changed something. */
  wake(): void {
    if (this.id === '' || this.isStopped) return;
    this.renew().catch(() => undefined); // the next renewal tries again, and the lease runs out meanwhile
  }

  async prepare(trx: Transaction, change: CommittedChange): Promise<void> {
    await this.store.log(trx, change);
    await this.store.notify(trx);
  }

  async settle(change: CommittedChange): Promise<void> {
    await this.settleUpTo(change.number);
  }

  async settleUpTo(number: number): Promise<void> {
    const since = this.readClocks().monotonicMs;
    let firstSeen: FirstLook | undefined;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
      const nodes = await this.lookAround(number, since, firstSeen !== undefined);
      const nowMs = this.readClocks().monotonicMs;
      firstSeen ??= nodes && { atMs: nowMs, nodes: new Map(nodes.map((node) => [node.id, node])) };
      const behind = nodes?.filter((node) => this.isBehind(node, number));
      const isInDoubt = nowMs < this.doubtUntilMs;
      if (behind?.length === 0 && !isInDoubt) return;
      if (firstSeen !== undefined && !isInDoubt && hasOutlived(firstSeen, this.options.leaseMs, nowMs)) {
        await this.removeDead(behind ?? [], firstSeen);
        return;
      }
      await sleep(pauseMs);
    }
  }

  checkLease(): number | undefined {
    return this.lease.check();
  }

  leaseAgeMs(): number | undefined {
    return this.lease.ageMs();
  }

  /** A request waits for one renewal, but not for a database that says nothing. */
  async renewLease(): Promise<void> {
    const renewal = this.renew().catch(() => undefined);
    await Promise.race([renewal, sleep(this.options.leaseMs / 3, undefined, { ref: false })]);
    if (this.lease.check() === undefined) throw noLease();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.stopNotices();
    await this.renewing?.catch(() => undefined);
    this.lease.end();
    // Only now that it decides nothing any more may others stop waiting for it.
    await this.store.remove(this.id).catch(() => undefined);
  }

  private scheduleRenewal(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.renew()
        .catch((error: unknown) =>
          this.options.onProblem('the lease on the facts could not be renewed', error),
        )
        .then(() => this.nodes.ask())
        .then((rows) => this.live.note(rows))
        .catch(() => undefined) // what was seen before goes on to count
        .finally(() => {
          this.scheduleRenewal();
        });
    }, this.options.leaseMs / 3);
    this.timer.unref();
  }

  /** One renewal at a time. What comes while one runs has another follow, for that one may have read before. */
  private renew(): Promise<void> {
    if (this.isStopped) return Promise.reject(noLease());
    if (this.renewing !== undefined) {
      this.isWokenAgain = true;
      return this.renewing;
    }
    const work = async (): Promise<void> => {
      try {
        do {
          this.isWokenAgain = false;
          while (await this.renewOnce());
          // oxlint-disable-next-line typescript/no-unnecessary-condition -- set while renewOnce waited
        } while (this.isWokenAgain);
      } finally {
        this.renewing = undefined;
      }
    };
    this.renewing = work();
    return this.renewing;
  }

  /** @returns whether something was applied, which the next renewal has to tell the others */
  private async renewOnce(): Promise<boolean> {
    const asked = this.readClocks();
    const renewal = await this.store.renew(this.id, this.applied);
    if (renewal === undefined) return this.beginAnew('this node was taken for dead');
    const { newest, knownMark, renewals } = renewal;
    const hasLostRenewals = renewals <= this.renewals;
    this.renewals = renewals;
    if (hasLostRenewals || newest.number < this.applied.number || knownMark !== this.applied.mark)
      return this.beginAnew(
        'the database does not know what this node has written or applied: it went back in time',
      );
    if (newest.number === this.applied.number) {
      this.lease.extend(asked, this.options.leaseMs);
      return false;
    }
    const changes = await this.store.changesBetween(this.applied.number, newest.number);
    if (changes.length !== newest.number - this.applied.number)
      return this.beginAnew('this node is too far behind');
    for (const change of changes) this.keeper?.apply(change);
    this.applied = newest;
    this.lease.extend(asked, this.options.leaseMs);
    return true;
  }

  private async beginAnew(why: string): Promise<boolean> {
    this.lease.end();
    this.doubtUntilMs = this.readClocks().monotonicMs + this.options.leaseMs * margin;
    this.options.onProblem(`${why}; it loads its facts anew`);
    await this.store.remove(this.id);
    await this.register();
    return true;
  }

  /** What is loaded from now on is as new as the row says. */
  private async register(): Promise<void> {
    this.id = randomUUID();
    this.renewals = 0;
    this.applied = await this.store.register(this.id, this.options.leaseMs);
    this.keeper?.reset(this.applied.number);
  }

  private isBehind(node: NodeRow, number: number): boolean {
    return (node.id === this.id ? this.applied.number : node.appliedNumber) < number;
  }

  /** How far all nodes are; undefined while the database can't be asked. */
  private async lookAround(
    number: number,
    since: number,
    hasLooked: boolean,
  ): Promise<NodeRow[] | undefined> {
    try {
      // Before the first look in any case: after the database went back in time, numbers that this node has applied are
      // given again, and no other question tells that.
      if (!hasLooked || this.applied.number < number) await this.renew();
      return await this.nodes.ask();
    } catch (error) {
      const waitedMs = this.readClocks().monotonicMs - since;
      if (hasLooked || waitedMs < this.options.leaseMs * 2) return undefined;
      // Who else is there isn't known, and so isn't for how long to wait.
      const message = 'the change was made, but it is not known whether it counts everywhere yet';
      throw new AppError(ReturnCode.DATABASE, message, { cause: error });
    }
  }

  private async removeDead(behind: readonly NodeRow[], firstSeen: FirstLook): Promise<void> {
    for (const node of behind) {
      if (firstSeen.nodes.get(node.id)?.renewals !== node.renewals) continue;
      this.options.onProblem(`the node ${node.id} did not renew its lease and is taken for dead`);
      await this.store.removeIfStill(node);
    }
  }
}

function noLease(): AppError {
  return new AppError(ReturnCode.DATABASE, 'there are no current facts to decide from');
}
