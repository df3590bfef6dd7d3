import { timingSafeEqual } from 'node:crypto';
import type { Pepper } from '../../secrets/pepper.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { Users } from '../../users/users.js';
import type { FormerSecret, StoredKey, StoredSecret } from '../access-key.js';
import type { AccessKeyOwner, LeakState } from './secret-owner.js';

export interface SecretComparisonParts {
  users: Users;
  pepper: Pepper;
  slowHash: SlowHash;
  now?: () => number;
}

/** Compares a secret with those that a key has, and had. */
export class SecretComparison {
  constructor(private readonly parts: SecretComparisonParts) {}

  /**
   * @param isProved - argon2 has to agree with the tag; where there is no tag it is always asked
   * @returns undefined when the secret was never this key's
   */
  async compare(key: StoredKey, secret: string, isProved: boolean): Promise<AccessKeyOwner | undefined> {
    for (const stored of [key, ...(key.formerSecrets ?? [])]) {
      if (!(await this.isOf(key.id, stored, secret, isProved))) continue;
      const { id, user } = key;
      return {
        kind: 'access_key',
        id,
        user,
        state: await this.stateOf(key, stored),
        version: stored.version,
      };
    }
    return undefined;
  }

  /** Whether these 32 bits are the secret's. */
  hasTag(tag: string, keyId: string, version: string, secret: string): boolean {
    return timingSafeEqual(Buffer.from(tag), Buffer.from(this.parts.pepper.tag(keyId, version, secret)));
  }

  /** Whether a secret of this version counts for the key as it is now, or would if the key were neither suspended nor expired. */
  isStillOf(key: StoredKey, version: string | undefined): boolean {
    const former = key.formerSecrets?.find((one) => one.version === version);
    return key.version === version || (former !== undefined && !this.hasEnded(former));
  }

  private async isOf(
    keyId: string,
    { version, tag, hash }: StoredSecret,
    secret: string,
    isProved: boolean,
  ): Promise<boolean> {
    if (tag !== null && !this.hasTag(tag, keyId, version, secret)) return false;
    // Of one that has ended there is nothing but its tag.
    if (hash === '') return tag !== null;
    if (tag !== null && !isProved) return true;
    return this.parts.slowHash.verify(hash, secret);
  }

  private async stateOf(key: StoredKey, stored: StoredSecret | FormerSecret): Promise<LeakState> {
    const { users, now = Date.now } = this.parts;
    if ('endsAtMs' in stored && this.hasEnded(stored)) return 'replaced';
    if (key.isCanary === true) return 'canary';
    if (key.isSuspended) return 'suspended';
    if (key.expiresAtMs !== undefined && key.expiresAtMs <= now()) return 'expired';
    const owner = await users.find(key.user);
    return owner === undefined || owner.isSuspended ? 'suspended' : 'live';
  }

  private hasEnded({ endsAtMs, hash }: FormerSecret): boolean {
    const { now = Date.now } = this.parts;
    return endsAtMs <= now() || hash === '';
  }
}
