import { sql } from 'kysely';
import type { Database } from '../../storage/database.js';

/** Keys that were taken over from a panel's tree. */
export class TreeKeyStore {
  constructor(private readonly db: Database) {}

  /** IDs of those of this tree that aren't suspended. */
  async listActive(root: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('access_keys')
      .select('id')
      .where('source_tree', '=', root)
      // As it stands in the index, which holds these alone.
      .where((row) => row('source_tree', '<>', sql.lit('')))
      .where('is_suspended', '=', 0)
      .orderBy('id')
      .execute();
    return rows.map(({ id }) => id);
  }
}
