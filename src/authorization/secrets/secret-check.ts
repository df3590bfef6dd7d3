import type { FormerSecret, StoredKey, StoredSecret } from '../../keys/access-key.js';
import type { AccessRequest } from '../access-request.js';
import type { Switches } from '../facts/facts.js';
import type { SecretVerifier } from './secret-verifier.js';
import type { Attempt, GuardedRequest, WeakKeyGuard } from '../limits/weak-key-guard.js';

/**
 * - `replaced`: it was this key's, and has ended; its owner can't be told apart from somebody who found it
 * - `canary`: it is that of a canary, which is answered as a wrong one
 * - `locked_out`: the key is closed to this address, because its secret can be guessed and too many were tried
 */
export type SecretAnswer = 'right' | 'wrong' | 'replaced' | 'canary' | 'locked_out';

/**
 * Whether the secret of one request is the key's, or the one before it while both count. What is found out on the way
 * to the last look is kept by the version of the secret that it was found for.
 */
export class SecretCheck {
  private proved: Map<string, boolean> | undefined;
  /** For a secret that can be guessed. */
  private attempt: Attempt | undefined;
  private isLockedOut = false;
  /** Asked to wait for a proof of a secret whose tag matched: so it is right, but for one in four thousand million. */
  isLikelyRight = false;
  /** Of a canary: the version of its present secret, where it was that one that was sent. */
  canaryVersion: string | undefined;

  constructor(
    private readonly verifier: SecretVerifier,
    private readonly guard: WeakKeyGuard,
    private readonly request: AccessRequest,
  ) {}

  /**
   * Answers from what is known, without waiting.
   *
   * @returns what has to be waited for before the question is asked again, if the answer isn't known yet
   */
  answer(key: StoredKey, switches: Switches, nowMs: number): SecretAnswer | (() => Promise<void>) {
    if (this.isLockedOut) return 'locked_out';
    if (key.isCanary === true) return this.answerOfCanary(key, nowMs);
    if (!key.isWeak) {
      // So it is for a key in use, and for guesses at one.
      const isRight = this.compare(key.id, key);
      if (isRight === true) return 'right';
      if (isRight === false && key.formerSecrets === undefined) return 'wrong';
    }
    const secrets = secretsAt(key, nowMs);
    // A right answer that is at hand comes first, and strong secrets before weak ones: guesses at those must not stand
    // in the way of the others.
    const quick = secrets.map((stored) => (stored.isWeak ? undefined : this.compare(key.id, stored)));
    if (quick.includes(true)) return 'right';
    for (const [index, stored] of secrets.entries()) {
      const wait = stored.isWeak
        ? this.checkWeak(key.id, stored, switches)
        : quick[index] === undefined && (() => this.prove(key.id, stored));
      this.isLikelyRight = !stored.isWeak && stored.tag !== null && typeof wait === 'function';
      if (wait === true) return 'right';
      if (wait !== false) return wait;
    }
    return this.isReplaced(key, nowMs) ? 'replaced' : 'wrong';
  }

  /** There is no such key. It takes as long to say so as to refuse a wrong secret of one that there is. */
  answerOfNobody(): 'wrong' {
    const { accessKeyId, secretAccessKey } = this.request;
    this.verifier.verifyOfNobody(accessKeyId, secretAccessKey);
    return 'wrong';
  }

  /**
   * Takes the steps that a wrong secret takes, and no more: the tag says whose it is, and argon2 is asked only where
   * there is none, of each secret that would count, as it is of every key then. Nothing is kept of the answer, for of
   * wrong ones nothing is.
   */
  private answerOfCanary(key: StoredKey, nowMs: number): 'canary' | 'wrong' | (() => Promise<void>) {
    for (const stored of secretsAt(key, nowMs)) {
      const found = this.compare(key.id, stored);
      if (found === false) continue;
      if (found === undefined && stored.tag === null) return () => this.proveOfCanary(key.id, stored);
      if (stored === key) this.canaryVersion = key.version;
      return 'canary';
    }
    return this.isReplaced(key, nowMs) ? 'canary' : 'wrong';
  }

  private async proveOfCanary(keyId: string, stored: StoredSecret): Promise<void> {
    this.remember(stored, await this.verifier.verifyUnkept(keyId, stored, this.request.secretAccessKey));
  }

  /** To be called when the request is decided: an attempt is over then, unless something broke and it stays counted. */
  async end(): Promise<void> {
    await this.attempt?.end(false);
  }

  private checkWeak(
    keyId: string,
    stored: StoredSecret,
    switches: Switches,
  ): boolean | (() => Promise<void>) {
    const guarded = this.guardedRequest(keyId, switches);
    const { attempt } = this;
    if (attempt === undefined && !this.guard.isExempt(guarded)) return () => this.admit(guarded);
    const isRight = this.compare(keyId, stored);
    if (isRight === undefined) return () => this.prove(keyId, stored);
    if (attempt?.isOver !== false) return isRight;
    return async () => {
      await attempt.end(isRight);
      this.remember(stored, isRight);
    };
  }

  private async admit(guarded: GuardedRequest): Promise<void> {
    this.attempt = await this.guard.admit(guarded);
    this.isLockedOut = this.attempt === undefined;
  }

  private async prove(keyId: string, stored: StoredSecret): Promise<void> {
    const isRight = await this.verifier.verifySlowly(keyId, stored, this.request.secretAccessKey);
    if (stored.isWeak) await this.attempt?.end(isRight);
    this.remember(stored, isRight);
  }

  private remember({ version }: StoredSecret, isRight: boolean): void {
    this.proved ??= new Map();
    this.proved.set(version, isRight);
  }

  private compare(keyId: string, stored: StoredSecret): boolean | undefined {
    const known = this.proved?.get(stored.version);
    return known ?? this.verifier.verifyQuickly(keyId, stored, this.request.secretAccessKey);
  }

  private isReplaced({ id, formerSecrets = [] }: StoredKey, nowMs: number): boolean {
    const { secretAccessKey } = this.request;
    return formerSecrets.some(
      (former) => !countsAt(former, nowMs) && this.verifier.hasTag(id, former, secretAccessKey),
    );
  }

  private guardedRequest(guardedId: string, { allowList }: Switches): GuardedRequest {
    const { client, secretAccessKey: secret, addressClaimedBy } = this.request;
    return { guardedId, client, isAddressClaimed: addressClaimedBy !== undefined, secret, allowList };
  }
}

/** The key's secret, and the one before it until that ends. */
function secretsAt(key: StoredKey, nowMs: number): StoredSecret[] {
  if (key.formerSecrets === undefined) return [key];
  return [key, ...key.formerSecrets.filter((former) => countsAt(former, nowMs))];
}

function countsAt(former: FormerSecret, nowMs: number): boolean {
  return former.endsAtMs > nowMs && former.hash !== '';
}
