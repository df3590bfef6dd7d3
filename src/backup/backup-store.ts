import { sql } from 'kysely';
import { setImmediate as breathe } from 'node:timers/promises';
import { readChangeNumber, type Changes } from '../storage/changes.js';
import type { Database, Transaction } from '../storage/database.js';
import { NodeFloor } from '../storage/cluster/node-floor.js';
import { pagesOf } from '../storage/pages.js';
import { readAtOneMoment } from '../storage/read-at-one-moment.js';
import { settingDefaults, type SettingName } from '../settings/settings.js';
import { copied, emptyState, identities, identityOf, type CopiedTable, type State } from './copied-state.js';

/** A list of changes names its entries within its own range, as the allow list's own store does. */
const positionsPerChange = 100_000;
const rowsPerPage = 2000;
/** Those that may be very long. */
const tablesReadInPages: ReadonlySet<CopiedTable> = new Set([
  ...(['access_keys', 'users', 'deleted_keys', 'quota_counts'] as const),
]);
const pauseLimit = '2min';
const settingNames = Object.keys(settingDefaults) as SettingName[];

/** The tables that are copied as rows. API role files are their own domain's: they may be files. */
export type StoredTable = Exclude<CopiedTable, 'apis'>;
export const storedTables = (Object.keys(copied) as CopiedTable[]).filter(
  (table): table is StoredTable => table !== 'apis',
);

/** Rows that a restore wrote or took away, by what identifies them. */
export type Difference = Record<StoredTable, { written: string[]; removed: string[] }>;

interface Replacement {
  present: State;
  wanted: State;
  changeNumber: number;
}

/** Reads all that a copy has, and puts it back. */
export class BackupStore {
  /** @param owner - where one process owns the data: all of its changes */
  constructor(
    private readonly db: Database,
    private readonly owner: Changes | undefined,
    private readonly nodeFloor = new NodeFloor(),
  ) {}

  /**
   * Everything as it was at one moment, and the newest change at that moment. The embedded database has one connection,
   * and decisions read through it too: there the changes wait instead, and each page is a reading of its own.
   */
  async readAtOneMoment<T>(
    alsoRead: (db: Transaction | Database) => Promise<T>,
  ): Promise<{ state: State; changeNumber: number; also: T }> {
    const read = async (db: Transaction | Database) => ({
      changeNumber: await readChangeNumber(db),
      state: await this.read(db),
      also: await alsoRead(db),
    });
    return this.owner === undefined
      ? readAtOneMoment(this.db, read)
      : this.owner.standStill(() => read(this.db));
  }

  /** Gives a change the time to think over what it read: a server gives one up that says nothing for seconds. */
  async allowPauses(trx: Transaction): Promise<void> {
    if (this.owner !== undefined) return;
    await sql`set local idle_in_transaction_session_timeout = ${sql.lit(pauseLimit)}`.execute(trx);
  }

  /** Without API role files. */
  async read(db: Transaction | Database): Promise<State> {
    const state = emptyState();
    for (const table of storedTables) state[table] = (await readTable(db, table)) as never;
    // One that was never set has no row; in a copy it is said all the same.
    const values = new Map(state.settings.map(({ name, value }) => [name, value]));
    state.settings = settingNames.map((name) => ({ name, value: values.get(name) ?? settingDefaults[name] }));
    return state;
  }

  /**
   * Makes the store what `wanted` says; writes only what differs from `present`, which was read in this change.
   *
   * @throws AppError 14 where a node runs that is too old to keep something of it
   */
  async replace(trx: Transaction, replacement: Replacement): Promise<Difference> {
    const { present, wanted } = replacement;
    const entries = storedTables.map((table) => [table, differenceOf(table, present, wanted)] as const);
    const difference = Object.fromEntries(entries) as Difference;
    await this.requireNodes(trx, wanted, new Set(difference.access_keys.written));
    const written = new Set(difference.users.written);
    if (wanted.users.some(({ name, role }) => role === 'admin' && written.has(name)))
      await this.nodeFloor.require(trx, 'administrators');
    for (const table of storedTables) {
      if (table === 'allowed_addresses') await replaceAllowList(trx, replacement);
      else if (table !== 'quota_counts') await replaceRows(trx, table, difference[table], replacement);
    }
    // Last: requests that count for these wait until it is committed.
    await raiseQuotaCounts(trx, replacement.wanted, new Set(difference.quota_counts.written));
    // Their users may have other passwords now.
    await trx.deleteFrom('sessions').execute();
    await trx.deleteFrom('login_links').execute();
    return difference;
  }

  /** The same that a command asks that makes such a key. */
  private async requireNodes(trx: Transaction, wanted: State, written: ReadonlySet<string>): Promise<void> {
    const keys = wanted.access_keys.filter(({ id }) => written.has(id));
    if (keys.some(({ rate_limit }) => rate_limit !== ''))
      await this.nodeFloor.require(trx, 'rate limits over all nodes');
    if (keys.some(({ quota }) => quota !== '')) await this.nodeFloor.require(trx, 'quotas');
    if (keys.some(({ held_arguments }) => held_arguments !== ''))
      await this.nodeFloor.require(trx, 'keys held to arguments');
    if (keys.some(({ canary_hash }) => canary_hash !== '')) await this.nodeFloor.require(trx, 'canaries');
    if (keys.some(({ trial }) => trial !== '')) await this.nodeFloor.require(trx, 'trials');
  }
}

/** A page at a time: requests are served in between. */
async function readTable(db: Transaction | Database, table: StoredTable): Promise<object[]> {
  const columns = Object.keys(copied[table].shape) as never[];
  const [first, second] = identities[table] as readonly string[];
  const order =
    table === 'allowed_addresses' ? ['position'] : [first, ...(second === undefined ? [] : [second])];
  if (!tablesReadInPages.has(table)) {
    let query = db.selectFrom(table as 'users').select(columns);
    for (const column of order) query = query.orderBy(column as never);
    return query.execute();
  }
  const rows: Record<string, unknown>[] = [];
  for (;;) {
    let query = db
      .selectFrom(table as 'users')
      .select(columns)
      .limit(rowsPerPage);
    for (const column of order) query = query.orderBy(column as 'name');
    const last = rows.at(-1);
    if (last !== undefined)
      query = query.where((is) => {
        const [column, next] = [first, second] as ['name', 'email' | undefined];
        const isBehind = is(column, '>', last[column] as string);
        if (next === undefined) return isBehind;
        const isSame = is(column, '=', last[column] as string);
        return is.or([isBehind, is.and([isSame, is(next, '>', last[next] as string)])]);
      });
    const page = (await query.execute()) as Record<string, unknown>[];
    rows.push(...page);
    if (page.length < rowsPerPage) return rows;
    await breathe();
  }
}

/** Which rows are new or not the same, and which are no longer wanted. */
function differenceOf(
  table: StoredTable,
  present: State,
  wanted: State,
): { written: string[]; removed: string[] } {
  const columns = Object.keys(copied[table].shape);
  const isSame = (one: object, other: object) =>
    columns.every((column) => one[column as never] === other[column as never]);
  const before = new Map<string, object>(present[table].map((row) => [identityOf(table, row), row]));
  const written: string[] = [];
  for (const row of wanted[table]) {
    const id = identityOf(table, row);
    const now = before.get(id);
    if (now === undefined || !isSame(now, row)) written.push(id);
    before.delete(id);
  }
  return { written, removed: [...before.keys()] };
}

/** The list in its order, numbered as one change. */
async function replaceAllowList(
  trx: Transaction,
  { present, wanted, changeNumber }: Replacement,
): Promise<void> {
  const entriesOf = (state: State) => state.allowed_addresses.map(({ entry }) => entry).join(' ');
  if (entriesOf(present) === entriesOf(wanted)) return;
  await trx.deleteFrom('allowed_addresses').execute();
  const rows = wanted.allowed_addresses.map(({ entry }, index) => ({
    entry,
    position: changeNumber * positionsPerChange + index,
  }));
  for (const page of pagesOf(rows)) await trx.insertInto('allowed_addresses').values(page).execute();
}

/** Requests are counted while a copy is restored: no count becomes smaller. */
async function raiseQuotaCounts(
  trx: Transaction,
  { quota_counts }: State,
  written: ReadonlySet<string>,
): Promise<void> {
  const rows = quota_counts
    .filter((row) => written.has(identityOf('quota_counts', row)))
    .sort((one, other) => (`${one.key_id} ${one.day}` < `${other.key_id} ${other.day}` ? -1 : 1));
  for (const page of pagesOf(rows))
    await trx
      .insertInto('quota_counts')
      .values(page)
      .onConflict((conflict) =>
        conflict
          .columns(['key_id', 'day'])
          .doUpdateSet((row) => ({ used: row.ref('excluded.used') }))
          .whereRef('quota_counts.used', '<', 'excluded.used'),
      )
      .execute();
}

/** What differs is taken out and put in anew, together with the rows that share the first part of its identity. */
async function replaceRows(
  trx: Transaction,
  table: Exclude<StoredTable, 'allowed_addresses' | 'quota_counts'>,
  { written, removed }: { written: string[]; removed: string[] },
  { wanted, changeNumber }: Replacement,
): Promise<void> {
  const column = identities[table][0] as 'name';
  const affected = new Set([...removed, ...written].map((identity) => partOf(table, identity)));
  for (const page of pagesOf([...affected])) {
    await trx
      .deleteFrom(table as 'users')
      .where(column, 'in', page)
      .execute();
    // A secret of before would have no place beside the one that the copy has.
    if (table === 'access_keys') await trx.deleteFrom('former_secrets').where('key_id', 'in', page).execute();
    await breathe();
  }
  if (table === 'access_keys') {
    for (const page of pagesOf(removed)) {
      await trx.deleteFrom('access_key_uses').where('key_id', 'in', page).execute();
      await trx.deleteFrom('canary_uses').where('key_id', 'in', page).execute();
    }
  }
  const rows = wanted[table].filter((row) => affected.has((row as unknown as { name: string })[column]));
  // So that what a panel elsewhere was asked before is not taken for news.
  const marked = table === 'users' ? rows.map((row) => ({ ...row, changed_number: changeNumber })) : rows;
  for (const page of pagesOf(marked)) {
    await trx
      .insertInto(table as 'users')
      .values(page as never)
      .execute();
    await breathe();
  }
}

function partOf(table: StoredTable, identity: string): string {
  return table === 'weak_key_addresses' ? identity.slice(0, identity.lastIndexOf(' ')) : identity;
}
