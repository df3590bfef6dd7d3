import { timingSafeEqual } from 'node:crypto';
import { SingleFlight } from '../../concurrency/single-flight.js';
import type { StoredSecret } from '../../keys/access-key.js';
import type { AccessKeyStore } from '../../keys/access-key-store.js';
import { secretAccessKeyLength, secretAccessKeyPattern } from '../../text/names.js';
import { hasValidChecksum } from '../../secrets/generated-secret.js';
import type { Pepper } from '../../secrets/pepper.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { RedisProofs } from './redis-proofs.js';
import type { SeenSecrets } from './seen-secrets.js';

/** Of no key: what a secret with an unknown ID is compared with. */
export const absentSecret: StoredSecret = {
  ...{ hash: '', version: '0'.repeat(16), tag: '0'.repeat(8), hasChecksum: true, isWeak: false },
};

/**
 * Does this secret belong to this key? argon2 runs once for a key; from then on what this node has seen answers, or
 * else a proof that another node has left in the shared store.
 */
export class SecretVerifier {
  /** How many were judged by what, for the metrics. */
  readonly judged = { memory: 0, shared: 0, argon2: 0 };
  /** Requests with the same secret of the same key share one proof of it. */
  private readonly proving = new SingleFlight<boolean>();

  /** @param shared - what other nodes have proved */
  constructor(
    private readonly seen: SeenSecrets,
    private readonly slowHash: SlowHash,
    private readonly pepper: Pepper,
    private readonly store: AccessKeyStore,
    private readonly onError: (error: unknown) => void,
    private readonly shared?: RedisProofs,
  ) {}

  /**
   * Answers without waiting where the secret was found right here before, or can't be the key's. A wrong one takes the
   * same steps whether or not the right one was seen here, so that the time does not tell which keys are in use.
   *
   * @returns undefined when only a shared proof or the slow hash can tell
   */
  verifyQuickly(keyId: string, stored: StoredSecret, secret: string): boolean | undefined {
    // Nobody's, and perhaps very long.
    if (secret.length !== secretAccessKeyLength) return false;
    const isRight = this.seen.isRight(keyId, stored.version, secret);
    if (isRight !== undefined) this.judged.memory++;
    if (isRight === true) return true;
    const couldBe = this.compareForm(keyId, stored, secret);
    return isRight ?? couldBe;
  }

  /** The steps of a wrong secret, for an ID that no key has: the time does not tell which keys there are. */
  verifyOfNobody(keyId: string, secret: string): false {
    this.verifyQuickly(keyId, absentSecret, secret);
    return false;
  }

  private compareForm(keyId: string, stored: StoredSecret, secret: string): false | undefined {
    if (!secretAccessKeyPattern.test(secret)) return false;
    if (stored.hasChecksum && !hasValidChecksum(secret)) return false;
    if (stored.tag === null) return undefined;
    return this.hasTag(keyId, stored, secret) ? undefined : false;
  }

  /** Whether the secret is the one that these 32 bits were made of, as far as they can tell. */
  hasTag(keyId: string, { version, tag }: StoredSecret, secret: string): boolean {
    if (tag === null || !secretAccessKeyPattern.test(secret)) return false;
    return timingSafeEqual(Buffer.from(tag), Buffer.from(this.pepper.tag(keyId, version, secret)));
  }

  /** Asks the shared store, then the slow hash; throws AppError 14 when too many are waiting for that. */
  async verifySlowly(keyId: string, stored: StoredSecret, secret: string): Promise<boolean> {
    const proof = this.pepper.proof(keyId, stored.version, secret);
    const flight = `${keyId}:${proof.toString('base64')}`;
    return this.proving.run(flight, () => this.prove(keyId, stored, secret, proof));
  }

  /** The same for a secret that is answered as a wrong one: the next comparison costs as much. */
  async verifyUnkept(keyId: string, stored: StoredSecret, secret: string): Promise<boolean> {
    const proof = this.pepper.proof(keyId, stored.version, secret);
    return this.proving.run(`${keyId}:${proof.toString('base64')}`, async () => {
      await this.shared?.get(keyId, stored.version);
      this.judged.argon2++;
      return this.slowHash.verify(stored.hash, secret);
    });
  }

  private async prove(keyId: string, stored: StoredSecret, secret: string, proof: Buffer): Promise<boolean> {
    // A fast digest of a secret that can be guessed is not left where others may read it.
    const shared = stored.isWeak ? undefined : this.shared;
    const found = await shared?.get(keyId, stored.version);
    // One that doesn't match says nothing: it may be forged.
    if (found?.length === proof.length && timingSafeEqual(found, proof)) {
      this.seen.add(keyId, stored.version, secret);
      this.judged.shared++;
      return true;
    }
    this.judged.argon2++;
    if (!(await this.slowHash.verify(stored.hash, secret))) return false;
    this.seen.add(keyId, stored.version, secret);
    void shared?.add(keyId, stored.version, proof);
    this.renew(keyId, stored, secret).catch(this.onError);
    return true;
  }

  /** Makes anew what is missing or outdated beside the hash; off the path of the request. */
  private async renew(keyId: string, stored: StoredSecret, secret: string): Promise<void> {
    if (stored.tag === null) {
      await this.store.renewSecret(keyId, stored.version, {
        tag: this.pepper.tag(keyId, stored.version, secret),
      });
    }
    if (this.slowHash.needsRehash(stored.hash)) {
      await this.store.renewSecret(keyId, stored.version, { hash: await this.slowHash.hash(secret) });
    }
  }
}
