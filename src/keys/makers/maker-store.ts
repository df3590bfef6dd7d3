import { AppError, ReturnCode } from '../../errors.js';
import type { Change } from '../../storage/changes.js';
import type { Database, Transaction } from '../../storage/database.js';
import { pagesOf } from '../../storage/pages.js';
import type { AccessKey, StoredKey } from '../access-key.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { longestChain, makersOf, type Maker } from './makers.js';

/** The makers of a key, the nearest first. */
export async function readMakers(
  store: AccessKeyStore,
  key: AccessKey,
  db?: Database | Transaction,
): Promise<readonly Maker[]> {
  const found = new Map<string, AccessKey>();
  let { makerId } = key;
  while (makerId !== undefined && !found.has(makerId) && found.size <= longestChain) {
    const maker = await store.find(makerId, db);
    if (maker === undefined) break;
    found.set(makerId, maker);
    ({ makerId } = maker);
  }
  return makersOf(key, (id) => found.get(id)) ?? [];
}

/**
 * All keys that these made, and that those made, and so on.
 *
 * @param most - it reads no further once there are more
 */
export async function readMadeBy(
  store: AccessKeyStore,
  ids: readonly string[],
  trx?: Transaction,
  most?: number,
): Promise<AccessKey[]> {
  const seen = new Set(ids);
  const made: AccessKey[] = [];
  for (let makers = [...ids]; makers.length > 0 && made.length <= (most ?? Infinity);) {
    const children: AccessKey[] = [];
    for (const page of pagesOf(makers))
      children.push(...(await store.listMadeBy(page, trx, most === undefined ? undefined : most + 1)));
    const more = children.filter(({ id }) => !seen.has(id));
    for (const { id } of more) seen.add(id);
    made.push(...more);
    makers = more.map(({ id }) => id);
  }
  return made;
}

/** These keys, and all that made them. */
export async function readWithMakers(
  store: AccessKeyStore,
  keyIds: readonly string[],
  trx: Transaction,
): Promise<StoredKey[]> {
  const asked = new Set(keyIds);
  const found: StoredKey[] = [];
  for (let ids = keyIds, depth = 0; ids.length > 0 && depth <= longestChain; depth++) {
    const keys = await store.findManyWithSecret(ids, trx);
    found.push(...keys);
    ids = [...new Set(keys.flatMap(({ makerId = [] }) => makerId))].filter((id) => !asked.has(id));
    for (const id of ids) asked.add(id);
  }
  return found;
}

/** @throws AppError 8 where a key can have no more generations of keys below it */
export async function requireRoomInChain(
  store: AccessKeyStore,
  key: AccessKey,
  change: Change,
): Promise<void> {
  const makers = await readMakers(store, key, change.trx);
  if (makers.length <= longestChain && makers.every(({ isGone }) => isGone !== true)) return;
  throw new AppError(
    ReturnCode.LIMIT,
    `keys that keys made can go on for ${String(longestChain)} generations; v-change-access-key --adopt begins anew`,
  );
}
