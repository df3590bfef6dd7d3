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

  constructor(
    private readonly list: () => Promise<readonly NodeRow[]>,
    private readonly now: () => number,
  ) {}

  async look(): Promise<void> {
    const rows = await this.list();
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

  /** Their order is that of their IDs, which every node sees alike. */
  shareOf(id: string): NodeShare {
    const nowMs = this.now();
    const alive = [...this.seen]
      .filter(([other, { movedAtMs, leaseMs }]) => other === id || nowMs - movedAtMs <= 2 * leaseMs)
      .map(([other]) => other);
    if (!alive.includes(id)) alive.push(id);
    return { nodes: alive.length, rank: alive.sort().indexOf(id) };
  }
}
