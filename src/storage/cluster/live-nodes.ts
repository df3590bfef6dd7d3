import type { NodeRow } from './node-store.js';
import type { NodeShare } from './settling.js';

interface Seen {
  renewals: number;
  /** When the row had last changed. */
  movedAtMs: number;
  leaseMs: number;
}

/** Which nodes are alive: a row that has not been renewed for two leases is that of a dead node. */
export class LiveNodes {
  private seen = new Map<string, Seen>();

  /** @param now - of a clock that nobody sets */
  constructor(private readonly now: () => number) {}

  /** Takes in all rows as they are now. */
  note(rows: readonly Pick<NodeRow, 'id' | 'renewals' | 'leaseMs'>[]): void {
    const nowMs = this.now();
    const before = this.seen;
    this.seen = new Map(
      rows.map(({ id, renewals, leaseMs }) => {
        const known = before.get(id);
        const movedAtMs = known?.renewals === renewals ? known.movedAtMs : nowMs;
        return [id, { renewals, movedAtMs, leaseMs }];
      }),
    );
  }

  /** Of a node whose row was noted. A row that was noted for the first time counts as alive. */
  isAlive(id: string): boolean {
    const found = this.seen.get(id);
    return found !== undefined && this.now() - found.movedAtMs <= 2 * found.leaseMs;
  }

  /** Their order is that of their IDs, which every node sees alike. */
  shareOf(id: string): NodeShare {
    const alive = [...this.seen.keys()].filter((other) => other === id || this.isAlive(other));
    if (!alive.includes(id)) alive.push(id);
    return { nodes: alive.length, rank: alive.sort().indexOf(id) };
  }
}
