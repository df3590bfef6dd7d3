import type { ChangeOrigin } from '../../audit/audit-event.js';
import { AppError, notFound, ReturnCode } from '../../errors.js';
import type { Changes } from '../../storage/changes.js';
import type { AccessKeys } from '../access-keys.js';
import type { LegacyKeys } from '../legacy/legacy-keys.js';
import type { LeakedSecret } from './leaked-secret.js';
import type { SecretFinder } from './secret-finder.js';
import { canStillCount, type SecretOwner } from './secret-owner.js';

/** What the events of all keys that end by a leak say. */
const why = { why: 'leaked' } as const;

/** What became of a leaked secret. */
export interface LeakAnswer {
  owner: SecretOwner;
  /** Its key was there, and is deleted now. */
  isRevoked: boolean;
  /** Keys that this key had made, and that were deleted with it. */
  made: readonly string[];
}

/** Answers a leak: each secret's key is found and deleted, and no node accepts it when this returns. */
export class RevokeLeaked {
  constructor(
    private readonly finder: SecretFinder,
    private readonly accessKeys: AccessKeys,
    private readonly legacyKeys: LegacyKeys,
    private readonly changes: Changes,
  ) {}

  /** Whose the secrets are, in their order; nothing is changed. */
  async look(leaked: readonly LeakedSecret[]): Promise<LeakAnswer[]> {
    const owners = await this.finder.find(leaked, false);
    return owners.map((owner) => ({ owner, isRevoked: false, made: [] }));
  }

  /**
   * Deletes the keys, also those of which a former secret leaked that still counts: a thief with it may have drawn the
   * present one. Two secrets of one key are answered alike.
   */
  async revoke(leaked: readonly LeakedSecret[], origin: ChangeOrigin): Promise<LeakAnswer[]> {
    const owners = await this.finder.find(leaked, true);
    const ended = new Map<string, readonly string[]>();
    for (const owner of owners) {
      if (owner.kind === 'none' || owner.id === undefined || !canStillCount(owner)) continue;
      const name = `${owner.kind} ${owner.id}`;
      if (!ended.has(name)) ended.set(name, await this.end(owner.kind, owner.id, origin));
    }
    // Somebody else may be about to end the others: what was seen of that has to count everywhere too.
    if (ended.size === 0) await this.settleSeen();
    return owners.map((owner) => {
      const made = owner.kind === 'none' ? undefined : ended.get(`${owner.kind} ${String(owner.id)}`);
      return { owner, isRevoked: made !== undefined && canStillCount(owner), made: made ?? [] };
    });
  }

  /** Keys whose secrets are found by `ID:SECRET` alone. */
  async countWithoutTag(): Promise<number> {
    return this.finder.countWithoutTag();
  }

  /** Also where somebody else was first: the refusal has settled, so the key is gone on every node too. */
  private async end(
    kind: 'access_key' | 'legacy_key',
    id: string,
    origin: ChangeOrigin,
  ): Promise<readonly string[]> {
    try {
      if (kind === 'access_key')
        return await this.accessKeys.delete(id, 'everything', origin, undefined, why);
      await this.legacyKeys.revoke(id, origin, why);
      return [];
    } catch (error) {
      if (error instanceof AppError && error.code === ReturnCode.NOT_EXIST) return [];
      throw error;
    }
  }

  private async settleSeen(): Promise<void> {
    const nothing = notFound('the key');
    await this.changes
      .run(() => Promise.reject(nothing))
      .catch((error: unknown) => {
        if (error !== nothing) throw error;
      });
  }
}
