import { sql, type Kysely } from 'kysely';
import { isReadOnly } from './postgres-pool.js';
import type { Schema } from '../schema.js';

const oldestVersion = 15;
const standby =
  'it is a standby, which takes no changes; set HEARTHKEY_DATABASE_URL to the primary, or promote this server ' +
  '(select pg_promote())';

/**
 * Whether the server can be reached, and can keep what the service promises.
 *
 * @param place - of the database, for the message
 */
export async function checkServer(db: Kysely<Schema>, place: string): Promise<void> {
  let settings: { version: number; encoding: string; commit: string } | undefined;
  try {
    const { rows } = await sql<NonNullable<typeof settings>>`
      select current_setting('server_version_num')::int / 10000 as version,
        current_setting('server_encoding') as encoding,
        current_setting('synchronous_commit') as commit`.execute(db);
    settings = rows[0];
  } catch (error) {
    if (isReadOnly(error))
      throw new Error(`the store at ${place} can't be used: ${standby}`, { cause: error });
    throw new Error(`the store at ${place} can't be reached: ${(error as Error).message}`, { cause: error });
  }
  const problem = settings && problemOf(settings);
  if (problem !== undefined) throw new Error(`the store at ${place} can't be used: ${problem}`);
}

function problemOf({ version, encoding, commit }: { version: number; encoding: string; commit: string }) {
  if (version < oldestVersion) {
    return `it is PostgreSQL ${String(version)}, and ${String(oldestVersion)} is the oldest that will do`;
  }
  if (encoding !== 'UTF8') return `its encoding is ${encoding}, and only UTF8 will do`;
  // A change that was acknowledged has to be on the disk.
  if (commit === 'off') return 'its setting synchronous_commit is off, so a crash would lose changes';
  return undefined;
}
