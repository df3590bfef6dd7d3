import type { Database, Transaction } from '../../storage/database.js';

/** How much of its record a node keeps; undefined: it is not put away for that. */
export interface Kept {
  keepMs: number | undefined;
  keepBytes: number | undefined;
}

/** Keeps what each node has kept of its audit record until now. */
export class AgreedKeepStore {
  constructor(
    private readonly db: Database,
    readonly node: string,
  ) {}

  async find(): Promise<Kept | undefined> {
    const row = await this.db
      .selectFrom('kept_records')
      .select(['keep_ms', 'keep_bytes'])
      .where('node', '=', this.node)
      .executeTakeFirst();
    return row && { keepMs: read(row.keep_ms), keepBytes: read(row.keep_bytes) };
  }

  async set(trx: Transaction, { keepMs, keepBytes }: Kept): Promise<void> {
    const row = { keep_ms: keepMs ?? null, keep_bytes: keepBytes ?? null };
    await trx
      .insertInto('kept_records')
      .values({ node: this.node, ...row })
      .onConflict((conflict) => conflict.column('node').doUpdateSet(row))
      .execute();
  }
}

function read(value: number | null): number | undefined {
  return value === null ? undefined : Number(value);
}
