import { AppError, ReturnCode } from '../../errors.js';
import type { Transaction } from '../database.js';
import { compareVersions, firstRelease } from '../store-version.js';

/** What nodes of older versions would not keep, and the first version that does. */
const floors = {
  // They count apart from the others.
  'rate limits over all nodes': '0.2.0',
} as const;

/**
 * Refuses a change that a node on this database is too old to keep. A dead node counts until its row is removed, which
 * the next change that has to wait for it does.
 *
 * @throws AppError 14, which names the node
 */
export async function requireNodesThatKeep(trx: Transaction, what: keyof typeof floors): Promise<void> {
  const floor = floors[what];
  const nodes = await trx.selectFrom('nodes').select(['id', 'version']).orderBy('id').execute();
  const older = nodes.filter(({ version }) => version === '' || compareVersions(version, floor) < 0);
  if (older.length === 0) return;
  const names = older.map(({ id, version }) => `${id} (${version || `before ${firstRelease}`})`).join(', ');
  throw new AppError(
    ReturnCode.BUSY,
    `nodes before ${floor} do not keep ${what}; to be upgraded first: ${names} (v-list-nodes)`,
  );
}
