import { sql } from 'kysely';
import type { Database } from '../../storage/database.js';
import type { AccessKey } from '../access-key.js';
import { keyFromRow } from '../access-key-row.js';

/** The keys with a trial, in the order of their IDs, at most so many; of one user, or of all. */
export async function readKeysOnTrial(
  db: Database,
  user: string | undefined,
  limit: number,
): Promise<AccessKey[]> {
  let query = db
    .selectFrom('access_keys')
    .selectAll()
    // As it stands in the index, which holds these alone.
    .where(sql<boolean>`trial <> ''`)
    .orderBy('id')
    .limit(limit);
  if (user !== undefined) query = query.where('user_name', '=', user);
  return (await query.execute()).map(keyFromRow);
}
