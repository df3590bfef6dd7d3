import { randomBytes } from 'node:crypto';
import { describeChange, type ChangeOrigin } from '../../audit/audit-event.js';
import { hashMany } from '../../secrets/hash-many.js';
import type { Pepper } from '../../secrets/pepper.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { Changes } from '../../storage/changes.js';
import type { LegacyKeyStore } from './legacy-key-store.js';
import type { LegacyKeys } from './legacy-keys.js';

/** A legacy key of another installation: the key itself, which is hashed on the way. */
export interface ForeignLegacyKey {
  key: string;
  createdAtMs: number;
}

/**
 * - `present`: known here already, by its ID in the list of legacy keys
 * - `deleted`: it was here, and was revoked
 */
export type LegacyKeyTakeOver =
  { is: 'new' | 'deleted' } | { is: 'present'; id: string } | { is: 'taken'; id: string };

export interface TakingOverLegacyKeys {
  /** Takes over those that were revoked here as well. */
  reviveAll: boolean;
}

/** Takes over legacy keys that another installation made; they count as weak, as access keys from there do. */
export class TakeOverLegacyKeys {
  constructor(
    private readonly keys: LegacyKeys,
    private readonly store: LegacyKeyStore,
    private readonly changes: Changes,
    private readonly slowHash: SlowHash,
    private readonly pepper: Pepper,
  ) {}

  /** Which of them are here already, or were, in their order. */
  async judge(
    foreign: readonly ForeignLegacyKey[],
    { reviveAll }: TakingOverLegacyKeys,
  ): Promise<LegacyKeyTakeOver[]> {
    const verdicts: LegacyKeyTakeOver[] = [];
    for (const { key } of foreign) {
      const present = await this.keys.find(key);
      if (present !== undefined) verdicts.push({ is: 'present', id: present.id });
      else verdicts.push({ is: !reviveAll && (await this.wasRevoked(key)) ? 'deleted' : 'new' });
    }
    return verdicts;
  }

  /** Takes over those that are new, in one change. A batch should be small: they are hashed first. */
  async takeOver(
    foreign: readonly ForeignLegacyKey[],
    origin: ChangeOrigin,
    how: TakingOverLegacyKeys,
  ): Promise<LegacyKeyTakeOver[]> {
    const verdicts = await this.judge(foreign, how);
    const isNew = foreign.filter((_, index) => verdicts[index]?.is === 'new');
    if (isNew.length === 0) return verdicts;
    const hashes = await hashMany(
      this.slowHash,
      isNew.map(({ key }) => key),
    );
    const hashOf = new Map(isNew.map(({ key }, index) => [key, hashes[index] ?? '']));
    return this.changes.run(async (change) => {
      const result: LegacyKeyTakeOver[] = [];
      for (const [index, { key, createdAtMs }] of foreign.entries()) {
        const hash = hashOf.get(key);
        const lookupIndex = this.pepper.legacyIndex(key);
        const present = await this.store.findByIndex(lookupIndex, change.trx);
        if (present !== undefined) result.push({ is: 'present', id: present.id });
        else if (!how.reviveAll && (await this.store.wasDeleted(lookupIndex, change.trx)))
          result.push({ is: 'deleted' });
        else if (hash === undefined) result.push(verdicts[index] ?? { is: 'new' });
        else {
          const id = randomBytes(4).toString('hex');
          await this.store.insert(change.trx, { id, lookupIndex, hash, createdAtMs, isWeak: true });
          change.record(describeChange(origin, { legacyKeyId: id, made: 'yes' }));
          result.push({ is: 'taken', id });
        }
      }
      return result;
    });
  }

  private async wasRevoked(key: string): Promise<boolean> {
    return this.store.wasDeleted(this.pepper.legacyIndex(key));
  }
}
