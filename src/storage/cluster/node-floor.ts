import { AppError, ReturnCode } from '../../errors.js';
import type { Database, Transaction } from '../database.js';
import { compareVersions, firstRelease } from '../store-version.js';
import { LiveNodes } from './live-nodes.js';

/** What nodes of older versions do not keep, and the first version that does. */
const floors = {
  // They count apart from the others.
  'rate limits over all nodes': '0.2.0',
  // They don't look at arguments other than USER.
  'keys held to arguments': '0.3.0',
  // They deny one, without an alert, and take it for a key once they give it another secret.
  canaries: '0.3.0',
  // They record nothing of it.
  trials: '0.3.0',
  // They let a restricted key of the root user change an administrator's password.
  administrators: '0.3.0',
  // They don't count for them.
  quotas: '0.3.0',
} as const;

/**
 * Refuses changes that a node on this database is too old to keep. The row of a dead node stays until a change waits for
 * it, and a refused change never does. So a row is passed over once it was seen for two leases without a renewal.
 */
export class NodeFloor {
  private readonly live: LiveNodes;

  /** @param now - of a clock that nobody sets */
  constructor(now: () => number = () => performance.now()) {
    this.live = new LiveNodes(now);
  }

  /** @throws AppError 14, which names the nodes */
  async require(trx: Transaction, what: keyof typeof floors): Promise<void> {
    const floor = floors[what];
    const older = await this.olderThan(floor, trx);
    if (older.length === 0) return;
    const names = older.map(({ id, version }) => `${id} (${version || `before ${firstRelease}`})`).join(', ');
    throw new AppError(
      ReturnCode.BUSY,
      `nodes before ${floor} do not keep ${what}: upgrade ${names} first (v-list-nodes); a stopped node no longer counts after two leases`,
    );
  }

  /** Whether every node keeps it now. */
  async isKept(db: Database | Transaction, what: keyof typeof floors): Promise<boolean> {
    return (await this.olderThan(floors[what], db)).length === 0;
  }

  private async olderThan(
    floor: string,
    db: Database | Transaction,
  ): Promise<{ id: string; version: string }[]> {
    const rows = await db.selectFrom('nodes').selectAll().orderBy('id').execute();
    this.live.note(
      rows.map(({ id, renewals, lease_ms }) => ({
        ...{ id, renewals: Number(renewals), leaseMs: Number(lease_ms) },
      })),
    );
    return rows.filter(
      ({ id, version }) => (version === '' || compareVersions(version, floor) < 0) && this.live.isAlive(id),
    );
  }
}
