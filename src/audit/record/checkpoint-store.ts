import type { Database } from '../../storage/database.js';
import type { Head } from './chain.js';

/** More than enough to say from where on a record was written anew; the newest alone finds that it was. */
const kept = 1000;

/** Heads of this node's chain, kept apart from the record. */
export class CheckpointStore {
  constructor(
    private readonly db: Database,
    private readonly chain: string,
  ) {}

  /** The newest first. */
  async list(limit = kept): Promise<Head[]> {
    const rows = await this.db
      .selectFrom('audit_checkpoints')
      .select(['sequence', 'hash'])
      .where('chain', '=', this.chain)
      .orderBy('sequence', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ sequence, hash }) => ({ sequence: Number(sequence), hash }));
  }

  async add({ sequence, hash }: Head, nowMs: number): Promise<void> {
    await this.db
      .insertInto('audit_checkpoints')
      .values({ chain: this.chain, sequence, hash, created_at_ms: nowMs })
      .onConflict((conflict) => conflict.columns(['chain', 'sequence']).doNothing())
      .execute();
  }

  /** Takes those away that are no longer needed. */
  async prune(): Promise<void> {
    const oldest = (await this.list()).at(-1);
    if (oldest === undefined) return;
    await this.db
      .deleteFrom('audit_checkpoints')
      .where('chain', '=', this.chain)
      .where('sequence', '<', oldest.sequence)
      .execute();
  }
}
