import { AppError, ReturnCode } from '../../errors.js';
import type { Change } from '../../storage/changes.js';
import type { AccessKey } from '../access-key.js';
import type { AccessKeyStore } from '../access-key-store.js';
import type { Maker } from '../makers/makers.js';
import { removeDerived } from './remove-derived.js';
import { readDerivedBelow } from './derived-key-store.js';

/** So many live keys can be derived from one, those counted that were derived from them. */
export const mostDerivedKeys = 100;

/**
 * Asks whether one more may be derived. The keys are counted below the one that was not derived itself: no way of
 * deriving from each other makes room for more. Ended ones are taken away where there are as many.
 *
 * @throws AppError 8
 */
export async function requireRoomForDerived(
  store: AccessKeyStore,
  change: Change,
  [parent, ...makers]: readonly [AccessKey, ...Maker[]],
  nowMs: number,
): Promise<void> {
  const stem = [parent, ...makers].find(({ isDerived }) => isDerived !== true) ?? parent;
  const derived = await readDerivedBelow(change.trx, stem.id);
  const ended = derived.filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
  if (derived.length - ended.length >= mostDerivedKeys)
    throw new AppError(
      ReturnCode.LIMIT,
      `${String(mostDerivedKeys)} keys that were derived from key ${stem.id} are live, as many as there can be`,
    );
  if (ended.length < mostDerivedKeys) return;
  await removeDerived(
    store,
    change,
    ended.map(({ id }) => id),
  );
}
