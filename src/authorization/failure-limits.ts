import type { Address } from '../addresses/address-range.js';
import { deny, type Deny } from './access-request.js';

const windowMs = 60_000;
/** Names and addresses can be made up without end; more than that within a minute are not counted. */
const maxCounted = 100_000;

/**
 * Counts attempts that failed, by address (of IPv6 the first 64 bits: one network) and by key. It only ever changes the
 * answer to another failure: a right secret is let through however often others were wrong, here or with that key.
 */
export class FailureLimits {
  private readonly counts = new Map<string, number>();
  private beganAtMs = -Infinity;

  /** @param limit - within a minute; 0: none */
  constructor(
    readonly limit: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Counts one.
   *
   * @param keyId - of a key that exists; undefined: no such key
   * @returns for how many seconds failures of this address or on this key are too many; undefined: they are not
   */
  count(address: Address | undefined, keyId: string | undefined): number | undefined {
    if (this.limit === 0) return undefined;
    const nowMs = this.now();
    if (nowMs - this.beganAtMs >= windowMs) {
      this.counts.clear();
      this.beganAtMs = nowMs;
    }
    const isTooMany = [
      address !== undefined && this.add(`address ${networkOf(address)}`),
      keyId !== undefined && this.add(`key ${keyId}`),
    ].includes(true);
    return isTooMany ? Math.max(1, Math.ceil((this.beganAtMs + windowMs - nowMs) / 1000)) : undefined;
  }

  /**
   * Counts one.
   *
   * @returns what whoever failed hears instead of why, where that was too often
   */
  refuse(address: Address | undefined, keyId: string | undefined): Deny | undefined {
    const resetSeconds = this.count(address, keyId);
    if (resetSeconds === undefined) return undefined;
    const rate = { limit: this.limit, remaining: 0, resetSeconds, isExceeded: true };
    return { ...deny('too_many_failures'), rate };
  }

  private add(name: string): boolean {
    const count = (this.counts.get(name) ?? 0) + 1;
    if (count > 1 || this.counts.size < maxCounted) this.counts.set(name, count);
    return count > this.limit;
  }
}

/** The address itself, or of IPv6 the first 64 bits. */
export function networkOf(address: Address): string {
  const bytes = address.toByteArray();
  return bytes.length === 4 ? bytes.join('.') : Buffer.from(bytes.slice(0, 8)).toString('hex');
}
