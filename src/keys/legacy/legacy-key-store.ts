import type { Database, Transaction } from '../../storage/database.js';
import type { LegacyKeyRow } from '../../storage/schema.js';
import { deleteLegacyKey, wasDeleted } from '../deleted-key-store.js';

/** A legacy API key as it may be shown: its ID in lists, which is no part of the key. */
export interface LegacyKey {
  id: string;
  createdAtMs: number;
  /** Whether it came from a random source that can be guessed. */
  isWeak: boolean;
}

export interface StoredLegacyKey extends LegacyKey {
  lookupIndex: string | null;
  hash: string;
}

export class LegacyKeyStore {
  constructor(private readonly db: Database) {}

  async list(): Promise<LegacyKey[]> {
    const rows = await this.db.selectFrom('legacy_keys').selectAll().orderBy('created_at_ms').execute();
    return rows.map((row) => ({
      id: row.id,
      createdAtMs: Number(row.created_at_ms),
      isWeak: row.is_weak === 1,
    }));
  }

  async exists(id: string, db: Database | Transaction = this.db): Promise<boolean> {
    const row = await db.selectFrom('legacy_keys').select('id').where('id', '=', id).executeTakeFirst();
    return row !== undefined;
  }

  async hasWeak(): Promise<boolean> {
    const row = await this.db
      .selectFrom('legacy_keys')
      .select('id')
      .where('is_weak', '=', 1)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async findByIndex(
    lookupIndex: string,
    db: Database | Transaction = this.db,
  ): Promise<StoredLegacyKey | undefined> {
    const row = await db
      .selectFrom('legacy_keys')
      .selectAll()
      .where('lookup_index', '=', lookupIndex)
      .executeTakeFirst();
    return row && fromRow(row);
  }

  /** Keys whose place in the index was lost with a pepper. */
  async listWithoutIndex(): Promise<StoredLegacyKey[]> {
    const rows = await this.db
      .selectFrom('legacy_keys')
      .selectAll()
      .where('lookup_index', 'is', null)
      .execute();
    return rows.map(fromRow);
  }

  async insert(trx: Transaction, key: StoredLegacyKey): Promise<void> {
    await trx
      .insertInto('legacy_keys')
      .values({
        id: key.id,
        lookup_index: key.lookupIndex,
        key_hash: key.hash,
        created_at_ms: key.createdAtMs,
        is_weak: key.isWeak ? 1 : 0,
      })
      .execute();
  }

  async delete(trx: Transaction, id: string): Promise<boolean> {
    return deleteLegacyKey(trx, id);
  }

  /** Whether it was a key here, and was revoked. */
  async wasDeleted(lookupIndex: string, db: Database | Transaction = this.db): Promise<boolean> {
    return wasDeleted(db, lookupIndex);
  }

  async renewIndex(id: string, lookupIndex: string): Promise<void> {
    await this.db
      .updateTable('legacy_keys')
      .set({ lookup_index: lookupIndex })
      .where('id', '=', id)
      .execute();
  }
}

function fromRow(row: LegacyKeyRow): StoredLegacyKey {
  return {
    id: row.id,
    lookupIndex: row.lookup_index,
    hash: row.key_hash,
    createdAtMs: Number(row.created_at_ms),
    isWeak: row.is_weak === 1,
  };
}
