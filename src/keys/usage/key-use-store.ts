import type { Database } from '../../storage/database.js';

/** When a key was last let through, from where, for which command. */
export interface KeyUse {
  usedAtMs: number;
  clientAddress: string;
  command: string;
  /** Of the secret; absent: it counts whichever the secret is by now. */
  version?: string;
}

/** A statement takes only so many values. */
const rowsPerStatement = 200;

export interface KeyUsage {
  uses: ReadonlyMap<string, KeyUse>;
  /** Until when a former secret counts as well. */
  overlaps: ReadonlyMap<string, number>;
}

export class KeyUseStore {
  /** @param table - canaries have one of their own: that they are used is not shown to their owners */
  constructor(
    private readonly db: Database,
    private readonly table: 'access_key_uses' | 'canary_uses' = 'access_key_uses',
  ) {}

  /** Keeps the newest use of each key; nothing of a key that is gone, or has another secret than was used. */
  async keep(uses: ReadonlyMap<string, KeyUse>): Promise<void> {
    const keyIds = [...uses.keys()];
    for (let start = 0; start < keyIds.length; start += rowsPerStatement) {
      // In one order, so that two nodes never wait for each other's rows.
      const part = rowsOf(uses, keyIds.slice(start, start + rowsPerStatement).sort());
      await this.db.transaction().execute(async (trx) => {
        const ids = part.map((row) => row.key_id);
        const known = await trx
          .selectFrom('access_keys')
          .select(['id', 'secret_version'])
          .where('id', 'in', ids)
          .execute();
        const versions = new Map(known.map((key) => [key.id, key.secret_version]));
        const wanted = part.filter(({ key_id: id }) => {
          const present = versions.get(id);
          return present !== undefined && (uses.get(id)?.version ?? present) === present;
        });
        if (wanted.length === 0) return;
        await trx
          .insertInto(this.table)
          .values(wanted)
          .onConflict((conflict) =>
            conflict
              .column('key_id')
              .doUpdateSet((update) => ({
                used_at_ms: update.ref('excluded.used_at_ms'),
                client_address: update.ref('excluded.client_address'),
                command: update.ref('excluded.command'),
              }))
              .whereRef(`${this.table}.used_at_ms`, '<', 'excluded.used_at_ms'),
          )
          .execute();
      });
    }
  }

  /** @param keyIds - of these keys alone */
  async list(keyIds?: readonly string[]): Promise<ReadonlyMap<string, KeyUse>> {
    let query = this.db.selectFrom(this.table).selectAll();
    if (keyIds !== undefined) query = query.where('key_id', 'in', keyIds);
    const rows = await query.execute();
    return new Map(
      rows.map((row) => [
        row.key_id,
        { usedAtMs: Number(row.used_at_ms), clientAddress: row.client_address, command: row.command },
      ]),
    );
  }
}

function rowsOf(uses: ReadonlyMap<string, KeyUse>, keyIds: readonly string[]) {
  return keyIds.flatMap((key_id) => {
    const use = uses.get(key_id);
    if (use === undefined) return [];
    return [{ key_id, used_at_ms: use.usedAtMs, client_address: use.clientAddress, command: use.command }];
  });
}
