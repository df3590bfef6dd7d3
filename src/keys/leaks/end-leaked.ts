import { setImmediate as breathe } from 'node:timers/promises';
import { describeChange, type ChangeOrigin } from '../../audit/audit-event.js';
import type { Change, Changes } from '../../storage/changes.js';
import type { AccessKey, StoredKey } from '../access-key.js';
import { madeBy } from '../end-keys.js';
import type { LegacyKeyStore } from '../legacy/legacy-key-store.js';
import { readMadeBy } from '../makers/maker-store.js';
import { refuseRevokedCaller, type CallerParts } from '../makers/revoked-caller.js';
import { recordKeyChange } from '../record-key-change.js';
import type { SecretComparison } from './secret-comparison.js';
import type { AccessKeyOwner, SecretOwner } from './secret-owner.js';

export interface EndLeakedParts extends CallerParts {
  changes: Changes;
  legacyStore: LegacyKeyStore;
  comparison: SecretComparison;
}

/** What became of the keys of leaked secrets. */
export interface EndedKeys {
  /** Whose secret was replaced after it was found: their keys stay. */
  replaced: ReadonlySet<AccessKeyOwner>;
  /** IDs of the keys that an access key had made, and that were deleted with it, by its ID. */
  made: ReadonlyMap<string, readonly string[]>;
}

/** What the events of all keys that end by a leak say. */
const why = { why: 'leaked' } as const;
/** So many rows are read, or keys deleted, before requests are served in between. */
const [rowsAtATime, deletedAtATime] = [200, 20] as const;

/**
 * Deletes the keys of leaked secrets, and all that they had made, in one change: all of them or, where the caller may
 * not any more, none. His own key may be among them. A key that somebody else deleted first is gone as well.
 *
 * @throws AppError 10 where the caller was revoked meanwhile
 */
export async function endLeaked(
  parts: EndLeakedParts,
  owners: readonly SecretOwner[],
  origin: ChangeOrigin,
): Promise<EndedKeys> {
  const accessKeys = owners.filter((owner) => owner.kind === 'access_key');
  const legacyIds = new Set(owners.flatMap((owner) => (owner.kind === 'legacy_key' ? (owner.id ?? []) : [])));
  return parts.changes.run(async (change) => {
    await refuseRevokedCaller(parts, change, 'everything', origin);
    const present = await readKeys(
      parts,
      accessKeys.map(({ id }) => id),
      change,
    );
    const isReplaced = ({ id, version }: AccessKeyOwner): boolean => {
      const key = present.get(id);
      return key !== undefined && !parts.comparison.isStillOf(key, version);
    };
    const replaced = new Set(accessKeys.filter(isReplaced));
    const ended = new Set(accessKeys.filter((owner) => !replaced.has(owner)).map(({ id }) => id));
    const keys = [...ended].flatMap((id) => present.get(id) ?? []);
    const made = await readMadeBy(parts.store, [...ended], change.trx);
    for (const [index, key] of [...keys, ...made].entries()) {
      await parts.store.delete(change.trx, key.id);
      recordKeyChange(change, key, origin, { ...madeBy(key), ...why });
      if (index % deletedAtATime === deletedAtATime - 1) await breathe();
    }
    for (const legacyKeyId of legacyIds)
      if (await parts.legacyStore.delete(change.trx, legacyKeyId))
        change.record(describeChange(origin, { legacyKeyId, ...why }));
    return { replaced, made: byEnded(ended, made) };
  });
}

async function readKeys(
  { store }: EndLeakedParts,
  ids: readonly string[],
  { trx }: Change,
): Promise<ReadonlyMap<string, StoredKey>> {
  const asked = [...new Set(ids)];
  const keys = new Map<string, StoredKey>();
  for (let from = 0; from < asked.length; from += rowsAtATime) {
    const page = await store.findManyWithSecret(asked.slice(from, from + rowsAtATime), trx);
    for (const key of page) keys.set(key.id, key);
    await breathe();
  }
  return keys;
}

/** Each key counts to the nearest of those that ended whose work it was. */
function byEnded(
  ended: ReadonlySet<string>,
  made: readonly AccessKey[],
): ReadonlyMap<string, readonly string[]> {
  const makerOf = new Map(made.map(({ id, makerId }) => [id, makerId]));
  const lists = new Map<string, string[]>([...ended].map((id) => [id, []]));
  for (const { id } of made) {
    let maker = makerOf.get(id);
    while (maker !== undefined && !ended.has(maker)) maker = makerOf.get(maker);
    lists.get(maker ?? '')?.push(id);
  }
  return lists;
}
