import { Migrator, type Kysely, type Migration } from 'kysely';
import * as firstTables from './migrations/0001-first-tables.js';
import * as weakKeys from './migrations/0002-weak-keys.js';
import * as auditCheckpoints from './migrations/0003-audit-checkpoints.js';
import * as nodes from './migrations/0004-nodes.js';
import * as apis from './migrations/0005-apis.js';
import * as userChanges from './migrations/0006-user-changes.js';
import * as keyLife from './migrations/0008-key-life.js';
import * as keyIndexes from './migrations/0009-key-indexes.js';
import * as deletedKeys from './migrations/0010-deleted-keys.js';
import * as keyMakers from './migrations/0011-key-makers.js';
import * as sourceTree from './migrations/0012-source-tree.js';
import * as outsideChanges from './migrations/0013-outside-changes.js';
import * as administration from './migrations/0014-administration.js';
import * as sessions from './migrations/0015-sessions.js';
import * as passkeys from './migrations/0016-passkeys.js';
import * as auditHeads from './migrations/0017-audit-heads.js';
import * as tracesOfKeys from './migrations/0020-traces-of-keys.js';
import * as heldArguments from './migrations/0021-held-arguments.js';
import * as canaries from './migrations/0023-canaries.js';
import * as derivedKeys from './migrations/0024-derived-keys.js';
import * as keyEndNotices from './migrations/0026-key-end-notices.js';
import * as trials from './migrations/0027-trials.js';
import * as endsOfDerivedKeys from './migrations/0028-ends-of-derived-keys.js';
import * as administrators from './migrations/0031-administrators.js';
import * as quotas from './migrations/0032-quotas.js';
import * as approvals from './migrations/0033-approvals.js';
import type { Schema } from './schema.js';

/**
 * In the order of their names. From the first release on, the version before has to work with the tables of the next
 * one, so that nodes can be upgraded one by one: a migration only adds, and a new column has a default.
 */
const migrations: Record<string, Migration> = {
  '0001-first-tables': firstTables,
  '0002-weak-keys': weakKeys,
  '0003-audit-checkpoints': auditCheckpoints,
  '0004-nodes': nodes,
  '0005-apis': apis,
  '0006-user-changes': userChanges,
  '0008-key-life': keyLife,
  '0009-key-indexes': keyIndexes,
  '0010-deleted-keys': deletedKeys,
  '0011-key-makers': keyMakers,
  '0012-source-tree': sourceTree,
  '0013-outside-changes': outsideChanges,
  '0014-administration': administration,
  '0015-sessions': sessions,
  '0016-passkeys': passkeys,
  '0017-audit-heads': auditHeads,
  '0020-traces-of-keys': tracesOfKeys,
  '0021-held-arguments': heldArguments,
  '0023-canaries': canaries,
  '0024-derived-keys': derivedKeys,
  '0026-key-end-notices': keyEndNotices,
  '0027-trials': trials,
  '0028-ends-of-derived-keys': endsOfDerivedKeys,
  '0031-administrators': administrators,
  '0032-quotas': quotas,
  '0033-approvals': approvals,
};

/** Kysely's table of the migrations that were made. */
const madeTable = 'kysely_migration';

/** Brings the tables to the present form. Several nodes may do so at once: one makes them, the others wait for it. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  let error: unknown;
  // A newer node may make its own migrations between our look at what there is and our turn.
  for (let attempt = 0; attempt < 3; attempt++) {
    const made = await madeByNewerVersions(db);
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve({ ...made, ...migrations }) },
    });
    ({ error } = await migrator.migrateToLatest());
    if (error === undefined) return;
  }
  throw new Error(`the tables of the store could not be brought up to date: ${(error as Error).message}`, {
    cause: error,
  });
}

/** Whether the store has tables, and not all of the present form. */
export async function isOfOlderForm(db: Kysely<Schema>): Promise<boolean> {
  const made = await namesOfMade(db);
  return made.length > 0 && Object.keys(migrations).some((name) => !made.includes(name));
}

/** What a newer version has done already: a node of this version that starts beside it leaves it as it is. */
async function madeByNewerVersions(db: Kysely<Schema>): Promise<Record<string, Migration>> {
  const nothing = { up: () => Promise.resolve() };
  return Object.fromEntries((await namesOfMade(db)).map((name) => [name, nothing]));
}

async function namesOfMade(db: Kysely<Schema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === madeTable)) return [];
  const untyped = db as unknown as Kysely<{ [madeTable]: { name: string } }>;
  const rows = await untyped.selectFrom(madeTable).select('name').execute();
  return rows.map(({ name }) => name);
}
