import type { Change } from '../../storage/changes.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { madeBy } from '../end-keys.js';
import { readMadeBy } from '../makers/maker-store.js';
import { recordKeyChange } from '../record-key-change.js';

/**
 * Takes derived keys that have ended out of the store, with all that they made, as part of a change. They are not
 * remembered as deleted: no import brings back what was only ever here, and a copy brings them back as ended.
 */
export async function removeDerived(
  store: AccessKeyStore,
  change: Change,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const made = await readMadeBy(store, ids, change.trx);
  const keys = await store.findMany(ids, change.trx);
  for (const key of new Map([...keys, ...made].map((each) => [each.id, each])).values()) {
    await store.delete(change.trx, key.id, { isRemembered: key.isDerived !== true });
    recordKeyChange(change, key, { actor: { kind: 'service' } }, { ...madeBy(key), removed: 'has ended' });
  }
}
