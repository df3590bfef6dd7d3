import { setImmediate as breathe } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../storage/database.js';

/** So many rows are counted before requests are served in between: about two milliseconds of the embedded store. */
const rowsAtATime = 500;

/**
 * How many keys have each permission. It walks over all keys once, whatever the number of permissions.
 *
 * @param user - of this user's keys alone
 */
export async function countPermissions(
  db: Database,
  user: string | undefined,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let after = '';
  for (;;) {
    const part = db
      .selectFrom('access_keys')
      .select(['id', 'permissions'])
      .where('id', '>', after)
      .$if(user !== undefined, (keys) => keys.where('user_name', '=', user ?? ''))
      .orderBy('id')
      .limit(rowsAtATime);
    const rows = await db
      .selectFrom(part.as('part'))
      .select(['permissions', sql<number>`count(*)`.as('keys'), sql<string>`max(id)`.as('last')])
      .groupBy('permissions')
      .execute();
    let walked = 0;
    for (const { permissions, keys, last } of rows) {
      walked += Number(keys);
      if (last > after) after = last;
      for (const name of new Set(permissions.split(',').filter((text) => text !== '')))
        counts.set(name, (counts.get(name) ?? 0) + Number(keys));
    }
    if (walked < rowsAtATime) return counts;
    await breathe();
  }
}
