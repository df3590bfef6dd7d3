import type { Database } from '../../storage/database.js';

/** What a witness has signed of a tree. */
export interface Cosignature {
  origin: string;
  witness: string;
  size: number;
  note: string;
  line: string;
}

/** The newest cosignature of each witness for each tree. */
export class CosignatureStore {
  constructor(private readonly db: Database) {}

  async list(origin: string): Promise<Cosignature[]> {
    const rows = await this.db
      .selectFrom('audit_cosignatures')
      .selectAll()
      .where('origin', '=', origin)
      .orderBy('witness')
      .execute();
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  async put({ origin, witness, size, note, line }: Cosignature): Promise<void> {
    await this.db
      .insertInto('audit_cosignatures')
      .values({ origin, witness, size, note, line })
      .onConflict((conflict) => conflict.columns(['origin', 'witness']).doUpdateSet({ size, note, line }))
      .execute();
  }
}
