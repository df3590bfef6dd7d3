import { setImmediate as breathe } from 'node:timers/promises';
import { AppError, ReturnCode } from '../../errors.js';
import { legacyKeyPattern } from '../../text/names.js';
import { hasValidChecksum } from '../../secrets/generated-secret.js';
import type { Pepper } from '../../secrets/pepper.js';
import type { Database } from '../../storage/database.js';
import type { AccessKeyStore } from '../access-key-store.js';
import type { LegacyKeys } from '../legacy/legacy-keys.js';
import type { LegacyKeyStore } from '../legacy/legacy-key-store.js';
import { requireListener, type FindAmongAll } from './find-among-all.js';
import type { LeakedSecret } from './leaked-secret.js';
import type { SecretComparison } from './secret-comparison.js';
import { nobody, type AccessKeyOwner, type SecretOwner } from './secret-owner.js';
import type { SecretTagStore } from './secret-tag-store.js';

export interface SecretFinderParts {
  db: Database;
  keys: AccessKeyStore;
  tags: SecretTagStore;
  legacyKeys: LegacyKeys;
  legacyStore: LegacyKeyStore;
  comparison: SecretComparison;
  amongAll: FindAmongAll;
  pepper: Pepper;
}

export interface LookUp {
  /**
   * argon2 has to agree with every tag. Otherwise a long list costs little: the tag of the key whose ID was given is
   * enough, secrets without a checksum are compared with that key alone, and legacy keys are known by their digest alone.
   */
  isProved: boolean;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
}

/** Whose secrets are. */
export interface FoundOwners {
  /** For each secret, in their order: its owner, and then the other keys that have it. */
  owners: readonly (readonly SecretOwner[])[];
  /** So many access keys could not be compared with a secret alone. */
  withoutTag: number;
  /** So many secrets were compared with the key of their ID alone, because there were too many. */
  byIdAlone: number;
}

/** A secret, and whose it is as far as that was found out. */
interface Question extends LeakedSecret {
  owner: SecretOwner;
  others: AccessKeyOwner[];
}

/** So many rows are read at once: the embedded store answers without waiting, so requests are served in between. */
const rowsAtATime = 100;
/** So many legacy keys are compared by argon2 for one list: some seconds' worth each hundred. */
const mostSlowComparisons = 1000;

/** Finds whose a secret is. With its ID one key is compared. Without one all are (find-among-all.ts). */
export class SecretFinder {
  constructor(private readonly parts: SecretFinderParts) {}

  /**
   * Answers for each secret, in their order.
   *
   * @throws AppError 8 for more than can be looked for at once, 14 where that can't be done now
   */
  async find(leaked: readonly LeakedSecret[], look: LookUp): Promise<FoundOwners> {
    const questions = leaked.map((one): Question => ({ ...one, owner: nobody, others: [] }));
    const [legacy, others] = [questions.filter(isLegacy), questions.filter((one) => !isLegacy(one))];
    await this.findLegacy(legacy, look);
    await this.findById(others, look);
    // Each of these is compared with every key, so a long list has only those that were surely made by a Hearthkey.
    const isWorthIt = ({ secret }: Question): boolean => look.isProved || hasValidChecksum(secret);
    const unknown = others.filter(isUnknown).filter(isWorthIt);
    // Another key may have the same secret: it has to end as well.
    const known = look.isProved ? others.filter((question) => !isUnknown(question)) : [];
    const found = await this.parts.amongAll.find(secretsOf(unknown), secretsOf(known), look.signal);
    for (const question of [...unknown, ...known]) {
      const keys = found.owners.get(question.secret) ?? [];
      if (isUnknown(question)) question.owner = keys[0] ?? nobody;
      const { owner } = question;
      question.others = keys.filter(({ id }) => owner.kind !== 'access_key' || id !== owner.id);
    }
    await this.findDeleted(unknown, look);
    return {
      owners: questions.map((question) => [question.owner, ...question.others]),
      withoutTag: found.withoutTag,
      byIdAlone: known.filter(({ secret }) => found.leftOut.has(secret)).length,
    };
  }

  /** Keys that can't be compared with a secret alone, until each is used again: what they are known by was lost with a pepper. */
  async countWithoutTag(): Promise<{ accessKeys: number; legacyKeys: number }> {
    const accessKeys = await this.parts.tags.countWithoutTag();
    return { accessKeys, legacyKeys: (await this.parts.legacyStore.listWithoutIndex()).length };
  }

  private async findById(questions: readonly Question[], { isProved, signal }: LookUp): Promise<void> {
    const withId = questions.flatMap((question) =>
      question.accessKeyId === undefined ? [] : [{ question, id: question.accessKeyId }],
    );
    for await (const page of inTurns(withId, signal)) {
      const ids = [...new Set(page.map(({ id }) => id))];
      const keys = new Map(
        (await this.parts.keys.findManyWithSecret(ids, this.parts.db)).map((key) => [key.id, key]),
      );
      for (const { question, id } of page) {
        const key = keys.get(id);
        const owner = key && (await this.parts.comparison.compare(key, question.secret, isProved));
        if (owner !== undefined) question.owner = owner;
      }
    }
  }

  private async findLegacy(questions: readonly Question[], { isProved, signal }: LookUp): Promise<void> {
    const { tags, pepper } = this.parts;
    const indexed = questions.map((question) => ({ question, index: pepper.legacyIndex(question.secret) }));
    for await (const page of inTurns(indexed, signal)) {
      const ids = await tags.legacyIdsOf(page.map(({ index }) => index));
      for (const { question, index } of page) {
        const id = ids.get(index);
        if (id !== undefined) question.owner = { kind: 'legacy_key', id, state: 'live' };
      }
    }
    const unknown = indexed.filter(({ question }) => isUnknown(question));
    if (isProved) await this.proveLegacy(unknown, signal);
    for await (const page of inTurns(unknown, signal)) {
      const deleted = await tags.deletedAmong(page.map(({ index }) => index));
      for (const { question, index } of page)
        if (isUnknown(question) && deleted.has(index))
          question.owner = { kind: 'legacy_key', id: undefined, state: 'revoked' };
    }
  }

  /** Those whose digest was lost with a pepper are compared one by one. */
  private async proveLegacy(asked: readonly { question: Question }[], signal: AbortSignal): Promise<void> {
    if (asked.length === 0) return;
    const { legacyKeys, legacyStore } = this.parts;
    const keyCount = (await legacyStore.listWithoutIndex()).length;
    if (keyCount === 0) return;
    const most = Math.max(1, Math.floor(mostSlowComparisons / keyCount));
    if (asked.length > most)
      throw new AppError(
        ReturnCode.LIMIT,
        `${String(keyCount)} legacy keys were not used since the pepper was replaced: at most ${String(most)} unknown legacy keys are compared with them at once`,
      );
    for (const { question } of asked) {
      requireListener(signal);
      const found = await legacyKeys.find(question.secret);
      if (found !== undefined) question.owner = { kind: 'legacy_key', id: found.id, state: 'live' };
    }
  }

  /**
   * An ID that a key had here once tells what became of it. Nothing is kept to compare the secret with, so in a text
   * where it may be anything it has to have a checksum.
   */
  private async findDeleted(questions: readonly Question[], { signal }: LookUp): Promise<void> {
    const withId = questions.flatMap((question) =>
      isUnknown(question) && question.accessKeyId !== undefined
        ? [{ question, id: question.accessKeyId }]
        : [],
    );
    for await (const page of inTurns(withId, signal)) {
      const deleted = await this.parts.tags.deletedAmong(page.map(({ id }) => id));
      for (const { question, id } of page)
        if (deleted.has(id))
          question.owner = { kind: 'access_key', id, user: undefined, state: 'revoked', version: undefined };
    }
  }
}

function secretsOf(questions: readonly Question[]): string[] {
  return [...new Set(questions.map(({ secret }) => secret))];
}

function isUnknown({ owner }: Question): boolean {
  return owner.kind === 'none';
}

function isLegacy({ secret }: LeakedSecret): boolean {
  return legacyKeyPattern.test(secret);
}

/** @throws AppError 14 where nobody waits for the answer any more */
async function* inTurns<T>(items: readonly T[], signal: AbortSignal): AsyncGenerator<T[], void> {
  for (let from = 0; from < items.length; from += rowsAtATime) {
    requireListener(signal);
    yield items.slice(from, from + rowsAtATime);
    await breathe();
  }
}
