import { Kysely, type Dialect, type Logger } from 'kysely';
import { placeOf, type DatabaseServer } from '../../config/database-url.js';
import { migrate } from '../migrate.js';
import { checkServer } from './postgres-server.js';
import { PostgresPool } from './postgres-pool.js';
import { postgresDialect } from './postgres.js';
import type { Schema } from '../schema.js';
import { leaveVersion, requireReadable } from '../store-version.js';

/** A migration waits for another node's, and may itself work through large tables. */
const migrationTimeoutMs = 600_000;

/** Opens the store on a server; throws an error whose message says in one line why it can't be used. */
export async function openServer(server: DatabaseServer, log: Logger): Promise<Kysely<Schema>> {
  const connect = (options?: { timeoutMs: number; connections: number }): Dialect =>
    postgresDialect(new PostgresPool(server, options));
  const db = new Kysely<Schema>({ dialect: reach(server, connect), log });
  try {
    await checkServer(db, placeOf(server));
    const forMigrations = new Kysely<Schema>({
      dialect: connect({ timeoutMs: migrationTimeoutMs, connections: 1 }),
    });
    try {
      await upgrade(forMigrations, placeOf(server));
    } finally {
      await forMigrations.destroy();
    }
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function upgrade(db: Kysely<Schema>, place: string): Promise<void> {
  await requireReadable(db, `at ${place}`);
  await migrate(db);
  await leaveVersion(db);
}

function reach(server: DatabaseServer, connect: () => Dialect): Dialect {
  try {
    return connect();
  } catch (error) {
    throw new Error(`the store at ${placeOf(server)} can't be reached: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** What a node that is going to join has to know of the store; nothing is changed. */
export async function inspectServer(
  server: DatabaseServer,
): Promise<{ pepperId: string | undefined; nodes: string[] }> {
  const db = new Kysely<Schema>({ dialect: reach(server, () => postgresDialect(new PostgresPool(server))) });
  try {
    await checkServer(db, placeOf(server));
    await requireReadable(db, `at ${placeOf(server)}`);
    const names = (await db.introspection.getTables()).map(({ name }) => name);
    if (!names.includes('meta') || !names.includes('nodes')) return { pepperId: undefined, nodes: [] };
    const row = await db
      .selectFrom('meta')
      .select('value')
      .where('name', '=', 'pepper_id')
      .executeTakeFirst();
    const nodes = await db.selectFrom('nodes').select('version').execute();
    return { pepperId: row?.value || undefined, nodes: nodes.map(({ version }) => version) };
  } finally {
    await db.destroy();
  }
}
