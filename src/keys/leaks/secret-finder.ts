import { timingSafeEqual } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { legacyKeyPattern } from '../../text/names.js';
import { hasValidChecksum } from '../../secrets/generated-secret.js';
import type { Pepper } from '../../secrets/pepper.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { Database } from '../../storage/database.js';
import type { Users } from '../../users/users.js';
import type { FormerSecret, StoredKey, StoredSecret } from '../access-key.js';
import type { AccessKeyStore } from '../access-key-store.js';
import type { LegacyKeys } from '../legacy/legacy-keys.js';
import type { LegacyKeyStore } from '../legacy/legacy-key-store.js';
import type { LeakedSecret } from './leaked-secret.js';
import { nobody, type LeakState, type SecretOwner } from './secret-owner.js';
import type { SecretTagStore } from './secret-tag-store.js';

export interface SecretFinderParts {
  db: Database;
  keys: AccessKeyStore;
  tags: SecretTagStore;
  legacyKeys: LegacyKeys;
  legacyStore: LegacyKeyStore;
  users: Users;
  pepper: Pepper;
  slowHash: SlowHash;
  now?: () => number;
}

/** So many digests are made before requests are served in between: some milliseconds. */
const digestsAtATime = 1000;

/**
 * Finds whose a secret is. With its ID one key is compared. Without one the tags of all secrets are: a tag is made of
 * the key's ID, so it can't be looked up by the secret alone (docs/adr/0018). Each tag is compared in constant time, and
 * all of them whichever matches.
 */
export class SecretFinder {
  constructor(private readonly parts: SecretFinderParts) {}

  /**
   * Answers for each secret, in their order.
   *
   * @param isProved - argon2 has to agree with every tag. Otherwise a long list costs little: the tag of the key whose ID
   *   was given is enough, and secrets without a checksum are compared with that key alone
   */
  async find(leaked: readonly LeakedSecret[], isProved: boolean): Promise<SecretOwner[]> {
    const owners: SecretOwner[] = [];
    const withoutId = new Map<string, number[]>();
    for (const [index, one] of leaked.entries()) {
      const isLegacy = legacyKeyPattern.test(one.secret);
      const owner = isLegacy
        ? await this.findLegacy(one.secret, isProved)
        : await this.findById(one, isProved);
      owners.push(owner ?? nobody);
      // Each of these is compared with every key, so a long list has only those that were surely made by a Hearthkey.
      const isLookedFor = owner === undefined && (isProved || hasValidChecksum(one.secret));
      if (isLookedFor) withoutId.set(one.secret, [...(withoutId.get(one.secret) ?? []), index]);
    }
    for (const [secret, owner] of await this.findAmongAll([...withoutId.keys()]))
      for (const index of withoutId.get(secret) ?? []) owners[index] = owner;
    return Promise.all(owners.map((owner, index) => this.orDeleted(owner, leaked[index])));
  }

  /** Keys whose secrets are found by `ID:SECRET` alone, until each is used again. */
  async countWithoutTag(): Promise<number> {
    return this.parts.tags.countWithoutTag();
  }

  private async findById(
    { accessKeyId, secret }: LeakedSecret,
    isProved: boolean,
  ): Promise<SecretOwner | undefined> {
    if (accessKeyId === undefined) return undefined;
    const [key] = await this.parts.keys.findManyWithSecret([accessKeyId], this.parts.db);
    return key && this.compare(key, secret, isProved);
  }

  private async findLegacy(key: string, isProved: boolean): Promise<SecretOwner> {
    const { legacyKeys, legacyStore, pepper } = this.parts;
    const index = pepper.legacyIndex(key);
    const found = isProved ? await legacyKeys.find(key) : await legacyStore.findByIndex(index);
    if (found !== undefined) return { kind: 'legacy_key', id: found.id, state: 'live' };
    const wasDeleted = await legacyStore.wasDeleted(index);
    return wasDeleted ? { kind: 'legacy_key', id: undefined, state: 'revoked' } : nobody;
  }

  private async findAmongAll(secrets: readonly string[]): Promise<Map<string, SecretOwner>> {
    const owners = new Map<string, SecretOwner>();
    if (secrets.length === 0) return owners;
    const { db, keys, tags, pepper } = this.parts;
    let digests = 0;
    for await (const page of tags.pages()) {
      for (const { keyId, version, tag } of page) {
        const known = Buffer.from(tag);
        for (const secret of secrets) {
          if (++digests % digestsAtATime === 0) await breathe();
          if (!timingSafeEqual(known, Buffer.from(pepper.tag(keyId, version, secret)))) continue;
          const key = await keys.findWithSecret(keyId, db);
          const owner = key && (await this.compare(key, secret, true));
          if (owner !== undefined) owners.set(secret, owner);
        }
      }
      await breathe();
    }
    return owners;
  }

  /** @returns undefined when the secret was never this key's */
  private async compare(key: StoredKey, secret: string, isProved: boolean): Promise<SecretOwner | undefined> {
    for (const stored of [key, ...(key.formerSecrets ?? [])]) {
      if (!(await this.isOf(key.id, stored, secret, isProved))) continue;
      return { kind: 'access_key', id: key.id, user: key.user, state: await this.stateOf(key, stored) };
    }
    return undefined;
  }

  private async isOf(
    keyId: string,
    { version, tag, hash }: StoredSecret,
    secret: string,
    isProved: boolean,
  ): Promise<boolean> {
    if (tag !== null) {
      const known = Buffer.from(tag);
      if (!timingSafeEqual(known, Buffer.from(this.parts.pepper.tag(keyId, version, secret)))) return false;
    }
    // Of one that has ended there is nothing but its tag.
    if (hash === '') return tag !== null;
    if (tag !== null && !isProved) return true;
    return this.parts.slowHash.verify(hash, secret);
  }

  private async stateOf(key: StoredKey, stored: StoredSecret | FormerSecret): Promise<LeakState> {
    const { users, now = Date.now } = this.parts;
    const nowMs = now();
    if ('endsAtMs' in stored && (stored.endsAtMs <= nowMs || stored.hash === '')) return 'replaced';
    if (key.isSuspended) return 'suspended';
    if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs) return 'expired';
    const owner = await users.find(key.user);
    return owner === undefined || owner.isSuspended ? 'suspended' : 'live';
  }

  /** An ID that a key had here once tells what became of it, whatever stood beside it. */
  private async orDeleted(owner: SecretOwner, leaked: LeakedSecret | undefined): Promise<SecretOwner> {
    const id = leaked?.accessKeyId;
    if (owner.kind !== 'none' || id === undefined || !(await this.parts.keys.wasDeleted(id))) return owner;
    return { kind: 'access_key', id, user: undefined, state: 'revoked' };
  }
}
