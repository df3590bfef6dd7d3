import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Pepper } from '../../secrets/pepper.js';

/** To log in; or to enrol a passkey, in one session of one user. */
export type ChallengePurpose = 'log-in' | `enrol ${string}`;

const lengths = { random: 24, time: 8, seal: 32 } as const;
const sealedAt = lengths.random + lengths.time;
const lifeMs = 5 * 60_000;

/**
 * What an authenticator signs. Anybody may ask for a challenge, so none is kept until it is answered: each is sealed
 * under the pepper with its purpose and its end, and the store has those that were answered, for each counts once.
 */
export class PasskeyChallenges {
  constructor(
    private readonly pepper: Pepper,
    private readonly now: () => number = Date.now,
  ) {}

  make(purpose: ChallengePurpose): Uint8Array<ArrayBuffer> {
    const body = Buffer.alloc(sealedAt);
    randomBytes(lengths.random).copy(body);
    body.writeBigUInt64BE(BigInt(this.now() + lifeMs), lengths.random);
    return new Uint8Array(Buffer.concat([body, this.seal(purpose, body)]));
  }

  /**
   * @param text - in base64url, as it was signed
   * @returns when it ends; undefined: it was not made here for that purpose, or it has ended
   */
  endOf(purpose: ChallengePurpose, text: string): number | undefined {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length !== sealedAt + lengths.seal || bytes.toString('base64url') !== text) return undefined;
    const body = bytes.subarray(0, sealedAt);
    if (!timingSafeEqual(bytes.subarray(sealedAt), this.seal(purpose, body))) return undefined;
    const endsAtMs = Number(body.readBigUInt64BE(lengths.random));
    return endsAtMs > this.now() ? endsAtMs : undefined;
  }

  private seal(purpose: ChallengePurpose, body: Buffer): Buffer {
    return this.pepper.challengeSeal(purpose, body.toString('base64url'));
  }
}
