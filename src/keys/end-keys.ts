import type { ChangeOrigin } from '../audit/audit-event.js';
import type { Change } from '../storage/changes.js';
import type { AccessKey } from './access-key.js';
import type { AccessKeyStore } from './access-key-store.js';
import { readMadeBy } from './makers/maker-store.js';
import { recordKeyChange } from './record-key-change.js';

/** Takes what these keys have made out of the store, as part of a change. */
export async function deleteMadeBy(
  store: AccessKeyStore,
  change: Change,
  ids: readonly string[],
): Promise<AccessKey[]> {
  const made = await readMadeBy(store, ids, change.trx);
  for (const { id } of made) await store.delete(change.trx, id);
  return made;
}

/** What an event says of the key that made this one. */
export function madeBy({ makerId }: AccessKey): Record<string, string> {
  return makerId === undefined ? {} : { madeBy: makerId };
}

/** Takes all keys of a user out of the store, and what they have made, as part of a change. */
export async function deleteKeysOf(
  store: AccessKeyStore,
  change: Change,
  user: string,
): Promise<AccessKey[]> {
  const own = await store.list(user, change.trx);
  const made = await deleteMadeBy(
    store,
    change,
    own.map(({ id }) => id),
  );
  const keys = [...own, ...made.filter((key) => key.user !== user)];
  await store.deleteOf(change.trx, user);
  for (const key of keys) change.touch('access_key', key.id);
  return keys;
}

/** Suspends what keys of a user are not yet, as part of a change that records why. */
export async function suspendKeysOf(
  store: AccessKeyStore,
  change: Change,
  user: string,
  why: string,
): Promise<void> {
  for (const key of await store.list(user, change.trx)) {
    if (key.isSuspended) continue;
    await store.update(change.trx, key.id, { isSuspended: true });
    // With the command that does the same: a restore looks for those that revoke.
    const origin: ChangeOrigin = { actor: { kind: 'service' }, command: 'v-suspend-access-key' };
    recordKeyChange(change, key, origin, { suspended: why });
  }
}
