import type { ChangeOrigin } from '../audit/audit-event.js';
import { hashMany } from '../secrets/hash-many.js';
import type { Pepper } from '../secrets/pepper.js';
import type { SlowHash } from '../secrets/slow-hash.js';
import type { Changes } from '../storage/changes.js';
import type { Transaction } from '../storage/database.js';
import type { Users } from '../users/users.js';
import type { NewAccessKey } from './access-key.js';
import type { AccessKeyStore } from './access-key-store.js';
import { recordKeyChange } from './record-key-change.js';
import { derivedSecret } from './secrets/stored-secret.js';

/**
 * What becomes of a key of another installation: `present` is one that its owner has here already, `deleted` one that
 * was here, and was deleted.
 */
export type KeyTakeOver = 'taken' | 'present' | 'deleted' | 'of_another_user' | 'owner_unknown';

export interface TakingOver {
  /** Takes over keys of these IDs also if they were deleted here. */
  revive?: Pick<ReadonlySet<string>, 'has'>;
  /** Users that aren't here yet but will be by then. */
  newOwners?: ReadonlySet<string>;
}

export interface TakeOverAccessKeysParts {
  store: AccessKeyStore;
  users: Users;
  changes: Changes;
  slowHash: SlowHash;
  pepper: Pepper;
}

/**
 * Takes over keys that another installation made, with their IDs and secrets. Such secrets count as weak: nobody
 * knows how random their source was (Hestia's can be guessed).
 */
export class TakeOverAccessKeys {
  constructor(private readonly parts: TakeOverAccessKeysParts) {}

  /** Whether a key of that ID was here, and was deleted. */
  async wasDeleted(id: string): Promise<boolean> {
    return this.parts.store.wasDeleted(id);
  }

  /** What `takeOver` would make of each key, in their order. */
  async judge(
    keys: readonly NewAccessKey[],
    how: TakingOver = {},
    trx?: Transaction,
  ): Promise<KeyTakeOver[]> {
    const verdicts: KeyTakeOver[] = [];
    for (const key of keys) verdicts.push(await this.judgeOne(key, how, trx));
    return verdicts;
  }

  /** Takes over what can be taken over, in one change. A batch should be small: its secrets are hashed first. */
  async takeOver(
    keys: readonly NewAccessKey[],
    origin: ChangeOrigin,
    how: TakingOver = {},
  ): Promise<KeyTakeOver[]> {
    const { store, changes, slowHash, pepper } = this.parts;
    const verdicts = await this.judge(keys, how);
    const wanted = keys.filter((_, index) => verdicts[index] === 'taken');
    if (wanted.length === 0) return verdicts;
    const hashes = await hashMany(
      slowHash,
      wanted.map((key) => key.secret),
    );
    const hashOf = new Map(wanted.map((key, index) => [key.id, hashes[index] ?? '']));
    return changes.run(async (change) => {
      // Again, now that nothing can come between: hashing took its time.
      const verdictsNow = await this.judge(keys, how, change.trx);
      for (const [index, { secret, ...key }] of keys.entries()) {
        const hash = hashOf.get(key.id);
        if (verdictsNow[index] !== 'taken' || hash === undefined) continue;
        const stored = derivedSecret(pepper, key.id, { secret, hash }, { hasChecksum: false, isWeak: true });
        await store.insert(change.trx, key, stored);
        const { permissions, comment } = key;
        const taken = { permissions: permissions.join(','), comment, made: 'yes' };
        recordKeyChange(change, key, origin, taken);
      }
      return verdictsNow;
    });
  }

  private async judgeOne(
    key: NewAccessKey,
    { revive, newOwners }: TakingOver,
    trx: Transaction | undefined,
  ): Promise<KeyTakeOver> {
    const { store } = this.parts;
    const present = await store.find(key.id, trx);
    if (present !== undefined) return present.user === key.user ? 'present' : 'of_another_user';
    if (revive?.has(key.id) !== true && (await store.wasDeleted(key.id, trx))) return 'deleted';
    const isOwnerKnown = newOwners?.has(key.user) === true || (await this.parts.users.exists(key.user, trx));
    return isOwnerKnown ? 'taken' : 'owner_unknown';
  }
}
