import type { Database } from '../../storage/database.js';
import type { Head } from '../record/chain.js';
import type { KnownInStore } from '../record/judge-start.js';
import type { SignedHead } from './record-tree.js';

export interface StoredHead {
  origin: string;
  node: string;
  size: number;
  note: string;
  proofs: string;
}

/** What the database keeps of this node's record, apart from the record. */
export class HeadStore {
  /** @param node - names the node in the store; empty where one process owns it */
  constructor(
    private readonly db: Database,
    readonly node: string,
  ) {}

  async known(): Promise<KnownInStore> {
    const row = await this.db
      .selectFrom('meta')
      .select('value')
      .where('name', '=', this.chainName)
      .executeTakeFirst();
    const chain = row?.value;
    const [head] = chain === undefined ? [] : await this.plainHeads(chain, 1);
    const notes = (await this.ownHeads()).map(({ note }) => note);
    return { chain, head, notes };
  }

  /** Once the start has found which chain this is. */
  async rememberChain(value: string): Promise<void> {
    await this.db
      .insertInto('meta')
      .values({ name: this.chainName, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }

  /** Heads of a chain from before there was a key; the newest first. */
  async plainHeads(chain: string, limit = 1000): Promise<Head[]> {
    const rows = await this.db
      .selectFrom('audit_checkpoints')
      .select(['sequence', 'hash'])
      .where('chain', '=', chain)
      .orderBy('sequence', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ sequence, hash }) => ({ sequence: Number(sequence), hash }));
  }

  async ownHeads(): Promise<StoredHead[]> {
    return (await this.allHeads()).filter(({ node }) => node === this.node);
  }

  /** Of every node. */
  async allHeads(): Promise<StoredHead[]> {
    const rows = await this.db.selectFrom('audit_heads').selectAll().orderBy('origin').execute();
    return rows.map(({ origin, node, size, note, proofs }) => ({
      origin,
      node,
      size: Number(size),
      note,
      proofs,
    }));
  }

  /** The nodes that have recorded something since then. */
  async nodesSince(timeMs: number): Promise<string[]> {
    const rows = await this.db
      .selectFrom('audit_heads')
      .select('node')
      .distinct()
      .where('updated_at_ms', '>=', timeMs)
      .orderBy('node')
      .execute();
    return rows.map(({ node }) => node);
  }

  async store({ origin, size, note }: SignedHead, proofs: string, nowMs: number): Promise<void> {
    const values = { size, note, proofs, updated_at_ms: nowMs };
    await this.db
      .insertInto('audit_heads')
      .values({ origin, node: this.node, ...values })
      .onConflict((conflict) => conflict.column('origin').doUpdateSet(values))
      .execute();
  }

  private get chainName(): string {
    return this.node === '' ? 'audit_chain' : `audit_chain ${this.node}`;
  }
}
