import type { Transaction } from '../database.js';

/** What a change touched: copies of it in memory are read again. `settings` has one ID, the empty text. */
export type Touched =
  | { kind: 'access_key' | 'user'; id: string }
  | { kind: 'settings'; id: '' }
  /** The new text of a role file; null: it was deleted. */
  | { kind: 'api'; id: string; text: string | null }
  /** Another program changed this table, and it is not known what in it (docs/adr/0006). */
  | { kind: 'outside'; id: string };

export interface AppliedChange {
  number: number;
  touched: readonly Touched[];
}

export interface CommittedChange extends AppliedChange {
  /** A random value that tells this change from another one of the same number, in a store that went back in time. */
  mark: string;
}

/** A part that keeps facts in memory. */
export interface FactKeeper {
  /** Takes out what a change touched. Never waits. */
  apply(change: AppliedChange): void;
  /** Takes out everything: what was missed is not known. What is loaded from now on has at least this number. */
  reset(number: number): void;
}

/**
 * How a change comes to count everywhere before it is answered, and for how long facts may be relied upon
 * (docs/adr/0004).
 */
export interface Settling {
  /** Said once, before the first fact is loaded. */
  startWith(keeper: FactKeeper): void;
  /** As part of the change's transaction: what other nodes need. */
  prepare(trx: Transaction, change: CommittedChange): Promise<void>;
  /** After the commit; resolves when no decision anywhere is taken without the change any more. */
  settle(change: CommittedChange): Promise<void>;
  /** The same for a command that changed nothing, and so relies on what it found: changes up to that number. */
  settleUpTo(number: number): Promise<void>;
  /** @returns the clock reading for which facts that are applied may be relied upon; undefined: they may not */
  checkLease(): number | undefined;
  /** How old the answer is that the lease rests on; undefined without a lease. */
  leaseAgeMs(): number | undefined;
  /** Tries to have a lease again; throws AppError 17 when it can't. */
  renewLease(): Promise<void>;
  /** How many nodes there are, and which of them this one is; undefined: one process owns the data. */
  share?(): NodeShare;
  stop(): Promise<void>;
}

/** This node among those that are alive. */
export interface NodeShare {
  nodes: number;
  /** From 0 on, in an order that is the same on every node. */
  rank: number;
}

/** This node's part of something that all nodes together have so much of: all parts together are all of it. */
export function shareOf(whole: number, { nodes, rank }: NodeShare): number {
  return Math.floor(whole / nodes) + (rank < whole % nodes ? 1 : 0);
}

/** One process owns the data: a change counts as soon as this process has applied it. */
export class InOneProcess implements Settling {
  private keeper: FactKeeper | undefined;

  startWith(keeper: FactKeeper): void {
    this.keeper = keeper;
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  settle(change: CommittedChange): Promise<void> {
    this.keeper?.apply(change);
    return Promise.resolve();
  }

  settleUpTo(): Promise<void> {
    return Promise.resolve();
  }

  checkLease(): number {
    return Date.now();
  }

  leaseAgeMs(): number {
    return 0;
  }

  renewLease(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
