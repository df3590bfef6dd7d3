import { sql, type Kysely } from 'kysely';
import { isReadOnly, UnusableServer } from './postgres-errors.js';
import type { Schema } from '../schema.js';

const oldestVersion = 15;
const toPrimary = 'set HEARTHKEY_DATABASE_URL to the primary, or promote a standby (select pg_promote())';

interface ServerSettings {
  version: number;
  encoding: string;
}

/**
 * Whether the server can be reached, and can keep what the service promises.
 *
 * @param place - of the database, for the message
 */
export async function checkServer(db: Kysely<Schema>, place: string): Promise<void> {
  let settings: ServerSettings | undefined;
  try {
    const { rows } = await sql<ServerSettings>`
      select current_setting('server_version_num')::int / 10000 as version,
        current_setting('server_encoding') as encoding`.execute(db);
    settings = rows[0];
  } catch (error) {
    const { message } = error as Error;
    const problem = error instanceof UnusableServer ? "can't be used" : "can't be reached";
    const advice = isReadOnly(error) ? `; ${toPrimary}` : '';
    throw new Error(`the store at ${place} ${problem}: ${message}${advice}`, { cause: error });
  }
  const problem = settings && problemOf(settings);
  if (problem !== undefined) throw new Error(`the store at ${place} can't be used: ${problem}`);
}

function problemOf({ version, encoding }: ServerSettings): string | undefined {
  if (version < oldestVersion) {
    return `it is PostgreSQL ${String(version)}, and ${String(oldestVersion)} is the oldest that will do`;
  }
  if (encoding !== 'UTF8') return `its encoding is ${encoding}, and only UTF8 will do`;
  return undefined;
}
