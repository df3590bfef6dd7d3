import type { Kysely } from 'kysely';
import { version } from '../config/version.js';
import type { Schema } from './schema.js';

/**
 * The oldest version of Hearthkey that works with the tables as this version makes them: the release before, so that
 * nodes can be upgraded one by one, and back. A release that changes more than it adds raises it.
 */
const oldestReader = '0.1.0';

/** Rows of `meta`: the newest version that has opened the store, and the oldest one that still can. */
const rows = { writer: 'store_version', reader: 'store_readable_from' } as const;

/** What is known of stores that no version has left its name in. */
export const firstRelease = '0.1.0';

/**
 * Refuses a store that a version has used which is too new for this one.
 *
 * @param place - of the store, for the message
 */
export async function requireReadable(db: Kysely<Schema>, place: string): Promise<void> {
  const { writer, reader } = await versionsOf(db);
  if (reader === undefined || compareVersions(reader, version) <= 0) return;
  throw new Error(
    `the store ${place} was brought to the form of Hearthkey ${writer ?? reader}, which ${reader} and later can use, ` +
      `and this is ${version}: install ${reader} or later again, or put back a copy from before that upgrade`,
  );
}

/** The newest version that has used the store; undefined: a first release, or none. */
export async function writerOf(db: Kysely<Schema>): Promise<string | undefined> {
  return (await versionsOf(db)).writer;
}

/** Leaves the name of this version in the store, unless a newer one's is there. */
export async function leaveVersion(db: Kysely<Schema>): Promise<void> {
  await raise(db, rows.writer, version);
  await raise(db, rows.reader, oldestReader);
}

async function versionsOf(db: Kysely<Schema>): Promise<{ writer?: string; reader?: string }> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === 'meta')) return {};
  const found = await db.selectFrom('meta').selectAll().where('name', 'in', Object.values(rows)).execute();
  const values = new Map(found.map(({ name, value }) => [name, value]));
  const [writer, reader] = [values.get(rows.writer), values.get(rows.reader)];
  return { ...(writer !== undefined && { writer }), ...(reader !== undefined && { reader }) };
}

/** Several nodes may do so at once: whichever writes last, the highest stays. */
async function raise(db: Kysely<Schema>, name: string, value: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  for (;;) {
    const row = await db
      .selectFrom('meta')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    if (compareVersions(row.value, value) >= 0) return;
    await db
      .updateTable('meta')
      .set({ value })
      .where('name', '=', name)
      .where('value', '=', row.value)
      .execute();
  }
}

/** Negative where the first is older. Numbers between dots count; what stands behind a `-` does not. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [one, other].map((text) => (text.split('-')[0] ?? '').split('.').map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (first?.[index] ?? 0) - (second?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
