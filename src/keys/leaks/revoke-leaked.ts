import type { ChangeOrigin } from '../../audit/audit-event.js';
import { notFound } from '../../errors.js';
import { endLeaked, type EndLeakedParts } from './end-leaked.js';
import type { LeakedSecret } from './leaked-secret.js';
import type { LookUp, SecretFinder } from './secret-finder.js';
import { canStillCount, type SecretOwner } from './secret-owner.js';

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
    private readonly parts: EndLeakedParts,
  ) {}

  /** Whose the secrets are, in their order; nothing is changed. Proved, it answers what `revoke` would find. */
  async look(leaked: readonly LeakedSecret[], look: LookUp): Promise<LeakAnswer[]> {
    const owners = await this.finder.find(leaked, look);
    return owners.map((owner) => ({ owner, isRevoked: false, made: [] }));
  }

  /**
   * Deletes the keys in one change, also those of which a former secret leaked that still counts: a thief with it may
   * have drawn the present one. Two secrets of one key are answered alike.
   *
   * @param signal - aborted when nobody waits any more: then nothing is changed, unless it is already being done
   */
  async revoke(
    leaked: readonly LeakedSecret[],
    origin: ChangeOrigin,
    signal: AbortSignal,
  ): Promise<LeakAnswer[]> {
    const owners = await this.finder.find(leaked, { isProved: true, signal });
    const ending = owners.filter(canStillCount);
    if (ending.length === 0) {
      // Somebody else may be about to end the others: what was seen of that has to count everywhere too.
      await this.settleSeen();
      return owners.map((owner) => ({ owner, isRevoked: false, made: [] }));
    }
    const { replaced, made } = await endLeaked(this.parts, ending, origin);
    return owners.map((owner) => {
      if (owner.kind === 'access_key' && replaced.has(owner))
        return { owner: { ...owner, state: 'replaced' }, isRevoked: false, made: [] };
      const isRevoked = canStillCount(owner);
      const ownMade = isRevoked && owner.kind === 'access_key' ? made.get(owner.id) : undefined;
      return { owner, isRevoked, made: ownMade ?? [] };
    });
  }

  /** Keys whose secrets can't be found by the secret alone. */
  async countWithoutTag(): Promise<{ accessKeys: number; legacyKeys: number }> {
    return this.finder.countWithoutTag();
  }

  private async settleSeen(): Promise<void> {
    const nothing = notFound('the key');
    await this.parts.changes
      .run(() => Promise.reject(nothing))
      .catch((error: unknown) => {
        if (error !== nothing) throw error;
      });
  }
}
