import type { ChangeOrigin } from '../../audit/audit-event.js';
import { notFound } from '../../errors.js';
import { endLeaked, type EndLeakedParts } from './end-leaked.js';
import type { LeakedSecret } from './leaked-secret.js';
import type { FoundOwners, LookUp, SecretFinder } from './secret-finder.js';
import { canStillCount, type SecretOwner } from './secret-owner.js';

/** What became of a key that has a leaked secret. */
export interface LeakAnswer {
  /** Which of the secrets that were asked about, counted from 0. */
  index: number;
  owner: SecretOwner;
  /** Its key was there, and is deleted now. */
  isRevoked: boolean;
  /** Keys that this key had made, and that were deleted with it. */
  made: readonly string[];
}

export interface LeakAnswers extends Pick<FoundOwners, 'withoutTag' | 'byIdAlone'> {
  /** In the order of the secrets, one at least for each: where several keys have it, one for each of them. */
  items: readonly LeakAnswer[];
}

/** Answers a leak: all keys of each secret are found and deleted, and no node accepts them when this returns. */
export class RevokeLeaked {
  constructor(
    private readonly finder: SecretFinder,
    private readonly parts: EndLeakedParts,
  ) {}

  /** Whose the secrets are, in their order; nothing is changed. Proved, it answers what `revoke` would find. */
  async look(leaked: readonly LeakedSecret[], look: LookUp): Promise<LeakAnswers> {
    return unchanged(await this.finder.find(leaked, look));
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
  ): Promise<LeakAnswers> {
    const found = await this.finder.find(leaked, { isProved: true, signal });
    const ending = found.owners.flat().filter(canStillCount);
    if (ending.length === 0) {
      // Somebody else may be about to end the others: what was seen of that has to count everywhere too.
      await this.settleSeen();
      return unchanged(found);
    }
    const { replaced, made } = await endLeaked(this.parts, ending, origin);
    return answersTo(found, (owner) => {
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

function unchanged(found: FoundOwners): LeakAnswers {
  return answersTo(found, (owner) => ({ owner, isRevoked: false, made: [] }));
}

function answersTo(
  { owners, withoutTag, byIdAlone }: FoundOwners,
  answer: (owner: SecretOwner) => Omit<LeakAnswer, 'index'>,
): LeakAnswers {
  const items = owners.flatMap((ofOne, index) => ofOne.map((owner) => ({ index, ...answer(owner) })));
  return { items, withoutTag, byIdAlone };
}
