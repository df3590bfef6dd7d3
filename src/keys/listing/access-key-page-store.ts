import { setImmediate as breathe } from 'node:timers/promises';
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import { countPermissions } from './permission-count-store.js';

/** What is looked for; what is absent narrows nothing. */
export interface KeyFilter {
  user?: string | undefined;
  permission?: string | undefined;
  state?: 'active' | 'suspended' | 'expired' | undefined;
  expiresBeforeMs?: number | undefined;
  unusedSinceMs?: number | undefined;
  /** Whether it has no end. */
  neverExpires?: boolean | undefined;
  /** Whether the secret before the present one counts as well. */
  hasOldSecret?: boolean | undefined;
  /** Whether its secret came from a source that can be guessed. */
  isWeak?: boolean | undefined;
  /** Whether it was derived from another one. */
  isDerived?: boolean | undefined;
  /** The key that made it. */
  madeBy?: string | undefined;
  /** In the ID, the user or the comment, in any case. */
  text?: string | undefined;
}

export type KeySort = 'id' | 'createdAt' | '-createdAt' | 'expiresAt' | 'user';

/** The place of a key in a sorted list. */
export interface KeyPlace {
  /** Of the column that is sorted by; of `id` the ID itself. */
  value: string | number;
  id: string;
}

const columns = {
  id: 'id',
  createdAt: 'created_at_ms',
  '-createdAt': 'created_at_ms',
  expiresAt: 'expires_at_ms',
  user: 'user_name',
} as const;

/** So many rows are looked through before requests are served in between: about two milliseconds of the embedded store. */
const rowsAtATime = 500;

type Keys = ExpressionBuilder<Schema, 'access_keys'>;

/** Reads lists of access keys in pages: each costs the same, wherever it is in the list. */
export class AccessKeyPageStore {
  constructor(private readonly db: Database) {}

  /**
   * @param after - the place of the last key of the page before
   * @returns the places of the next keys that the filter lets through, at most so many
   */
  async places(
    filter: KeyFilter,
    sort: KeySort,
    limit: number,
    after: KeyPlace | undefined,
    nowMs: number,
  ): Promise<KeyPlace[]> {
    const found: KeyPlace[] = [];
    let from = after;
    for (;;) {
      const end = await this.windowEnd(filter, sort, from, nowMs);
      found.push(...(await this.inWindow(filter, sort, { from, end }, limit - found.length, nowMs)));
      if (end === undefined || found.length >= limit) return found;
      from = end;
      await breathe();
    }
  }

  /** The next IDs, in their order; of one user, or of all. */
  async idsAfter(user: string | undefined, after: string | undefined, limit: number): Promise<string[]> {
    let query = this.db.selectFrom('access_keys').select('id').orderBy('id').limit(limit);
    if (user !== undefined) query = query.where('user_name', '=', user);
    if (after !== undefined) query = query.where('id', '>', after);
    return (await query.execute()).map(({ id }) => id);
  }

  /** IDs that begin so, in their order. */
  async idsWith(prefix: string, limit: number): Promise<string[]> {
    const ids = await this.db
      .selectFrom('access_keys')
      .select('id')
      .where('id', '>=', prefix)
      .orderBy('id')
      .limit(limit)
      .execute();
    return ids.map(({ id }) => id).filter((id) => id.startsWith(prefix));
  }

  /** How many keys have each permission; of one user, or of all. */
  async countPermissions(user: string | undefined): Promise<ReadonlyMap<string, number>> {
    return countPermissions(this.db, user);
  }

  /** The place of the row that many rows on; undefined: there are fewer. */
  private async windowEnd(
    filter: KeyFilter,
    sort: KeySort,
    from: KeyPlace | undefined,
    nowMs: number,
  ): Promise<KeyPlace | undefined> {
    const [end] = await this.ordered(sort)
      .where((keys) => keys.and([...inOrder(keys, filter, sort, nowMs), ...beyond(sort, from, 'after')]))
      .offset(rowsAtATime)
      .limit(1)
      .execute();
    return end && placeOf(end, sort);
  }

  private async inWindow(
    filter: KeyFilter,
    sort: KeySort,
    { from, end }: { from: KeyPlace | undefined; end: KeyPlace | undefined },
    limit: number,
    nowMs: number,
  ): Promise<KeyPlace[]> {
    const rows = await this.ordered(sort)
      .where((keys) =>
        keys.and([
          ...inOrder(keys, filter, sort, nowMs),
          ...beyond(sort, from, 'after'),
          ...beyond(sort, end, 'up to'),
          ...conditions(keys, filter, nowMs),
        ]),
      )
      .limit(limit)
      .execute();
    return rows.map((row) => placeOf(row, sort));
  }

  private ordered(sort: KeySort) {
    const direction = sort === '-createdAt' ? ('desc' as const) : ('asc' as const);
    const query = this.db
      .selectFrom('access_keys')
      .select(['id', 'created_at_ms', 'expires_at_ms', 'user_name'])
      .orderBy(columns[sort], direction);
    return sort === 'id' ? query : query.orderBy('id', direction);
  }
}

function placeOf(
  row: { id: string; created_at_ms: number; expires_at_ms: number | null; user_name: string },
  sort: KeySort,
): KeyPlace {
  const value = row[columns[sort]] ?? 0;
  const isText = sort === 'id' || sort === 'user';
  return { value: isText ? String(value) : Number(value), id: row.id };
}

/** What every row of such a list has, and the index knows. */
function inOrder(
  keys: Keys,
  { user, hasOldSecret, isWeak, madeBy }: KeyFilter,
  sort: KeySort,
  nowMs: number,
): Expression<SqlBool>[] {
  return [
    ...(user === undefined ? [] : [keys('user_name', '=', user)]),
    ...(sort === 'expiresAt' ? [keys('expires_at_ms', 'is not', null)] : []),
    // Few keys have one: they are looked up, and the others never walked over.
    ...(hasOldSecret === true ? [keys('id', 'in', withOldSecret(keys, nowMs))] : []),
    // As it stands in the index, which holds these alone.
    ...(isWeak === true ? [keys('is_weak', '=', keys.lit(1))] : []),
    ...(madeBy === undefined ? [] : [keys('maker_id', '=', madeBy)]),
  ];
}

function withOldSecret(keys: Keys, nowMs: number) {
  return keys
    .selectFrom('former_secrets')
    .select('key_id')
    .where('ends_at_ms', '>', nowMs)
    .where('hash', '<>', '');
}

function beyond(sort: KeySort, place: KeyPlace | undefined, side: 'after' | 'up to'): Expression<SqlBool>[] {
  if (place === undefined) return [];
  const isForward = (sort === '-createdAt') !== (side === 'after');
  const operator = sql.raw(`${isForward ? '>' : '<'}${side === 'after' ? '' : '='}`);
  if (sort === 'id') return [sql<SqlBool>`id ${operator} ${place.id}`];
  return [sql<SqlBool>`(${sql.ref(columns[sort])}, id) ${operator} (${place.value}, ${place.id})`];
}

function conditions(keys: Keys, filter: KeyFilter, nowMs: number): Expression<SqlBool>[] {
  const { permission, state, expiresBeforeMs, unusedSinceMs, neverExpires, text } = filter;
  const all: Expression<SqlBool>[] = [];
  if (permission !== undefined)
    all.push(sql<SqlBool>`',' || permissions || ',' like ${`%,${escaped(permission)},%`} escape '\\'`);
  if (state !== undefined) all.push(...stateConditions(keys, state, nowMs));
  if (expiresBeforeMs !== undefined) all.push(keys('expires_at_ms', '<', expiresBeforeMs));
  if (neverExpires !== undefined) all.push(keys('expires_at_ms', neverExpires ? 'is' : 'is not', null));
  if (filter.isWeak === false) all.push(keys('is_weak', '=', 0));
  if (filter.isDerived !== undefined) all.push(keys('is_derived', '=', filter.isDerived ? 1 : 0));
  if (filter.hasOldSecret === false) all.push(keys.not(keys('id', 'in', withOldSecret(keys, nowMs))));
  if (unusedSinceMs !== undefined)
    all.push(
      keys.not(
        keys.exists(
          keys
            .selectFrom('access_key_uses')
            .select('key_id')
            .whereRef('key_id', '=', 'access_keys.id')
            .where('used_at_ms', '>=', unusedSinceMs),
        ),
      ),
    );
  if (text !== undefined && text !== '') {
    const pattern = `%${escaped(text.toLowerCase())}%`;
    const has = (column: string) => sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
    all.push(keys.or([has('id'), has('user_name'), has('comment')]));
  }
  return all;
}

function stateConditions(
  keys: Keys,
  state: NonNullable<KeyFilter['state']>,
  nowMs: number,
): Expression<SqlBool>[] {
  if (state === 'suspended') return [keys('is_suspended', '=', 1)];
  const isExpired = keys('expires_at_ms', '<=', nowMs);
  const isOpen = keys.or([keys('expires_at_ms', 'is', null), keys('expires_at_ms', '>', nowMs)]);
  return [keys('is_suspended', '=', 0), state === 'expired' ? isExpired : isOpen];
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
