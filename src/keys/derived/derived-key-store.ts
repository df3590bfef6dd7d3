import type { Database, Transaction } from '../../storage/database.js';
import { pagesOf } from '../../storage/pages.js';

export interface DerivedRow {
  id: string;
  /** Infinity: it has none, as no command leaves one. */
  expiresAtMs: number;
}

/** All keys that were derived from this one, and those that were derived from them. */
export async function readDerivedBelow(db: Database | Transaction, id: string): Promise<DerivedRow[]> {
  const found: DerivedRow[] = [];
  const seen = new Set([id]);
  for (let parents = [id]; parents.length > 0;) {
    const children: DerivedRow[] = [];
    for (const page of pagesOf(parents)) {
      const rows = await db
        .selectFrom('access_keys')
        .select(['id', 'expires_at_ms'])
        .where('maker_id', 'in', page)
        // As it stands in the index, which holds these alone.
        .where((row) => row('is_derived', '=', row.lit(1)))
        .execute();
      for (const row of rows)
        if (!seen.has(row.id))
          children.push({ id: row.id, expiresAtMs: Number(row.expires_at_ms ?? Infinity) });
    }
    for (const child of children) seen.add(child.id);
    found.push(...children);
    parents = children.map((child) => child.id);
  }
  return found;
}

/** Derived keys that have ended by then, at most so many. */
export async function readEndedDerived(
  db: Database | Transaction,
  untilMs: number,
  limit: number,
): Promise<string[]> {
  return (await endedDerived(db, untilMs, limit).execute()).map(({ id }) => id);
}

export function endedDerived(db: Database | Transaction, untilMs: number, limit: number) {
  return (
    db
      .selectFrom('access_keys')
      .select('id')
      // As it stands in the index, which holds these alone.
      .where((row) => row('is_derived', '=', row.lit(1)))
      .where('expires_at_ms', '<=', untilMs)
      .orderBy('expires_at_ms')
      .limit(limit)
  );
}
