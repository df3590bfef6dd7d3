import { networkOf } from '../../network/address-range.js';
import { detachString } from '../../text/names.js';
import { deny, type AccessRequest, type Deny } from '../access-request.js';

const windowMs = 60_000;
/** Names and addresses can be made up without end; more than that within a minute are not counted. */
const maxCounted = 100_000;

/** Where an attempt came from: an address that was only claimed is counted apart from the address itself. */
export type AttemptOrigin = Pick<AccessRequest, 'client' | 'addressClaimedBy'>;

/**
 * Counts attempts that failed, by address (of IPv6 the first 64 bits: one network) and by key ID. It only ever changes the
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
   * @param keyId - whether or not there is such a key, so that the limit doesn't tell; undefined: no ID was sent
   * @returns for how many seconds failures of this address or on this ID are too many; undefined: they are not
   */
  count({ client, addressClaimedBy }: AttemptOrigin, keyId: string | undefined): number | undefined {
    const { address } = client;
    if (this.limit === 0) return undefined;
    const nowMs = this.now();
    if (nowMs - this.beganAtMs >= windowMs) {
      this.counts.clear();
      this.beganAtMs = nowMs;
    }
    const from = address && `${addressClaimedBy ?? 'address'} ${networkOf(address)}`;
    // An address that is over its limit adds no more IDs, so that it can't fill the memory with made-up ones.
    const isTooMany =
      (from !== undefined && this.add(from)) ||
      (keyId !== undefined && this.add(`key ${detachString(keyId)}`));
    return isTooMany ? Math.max(1, Math.ceil((this.beganAtMs + windowMs - nowMs) / 1000)) : undefined;
  }

  /**
   * Counts one.
   *
   * @returns what a client that failed too often is told in place of the reason
   */
  refuse(origin: AttemptOrigin, keyId: string | undefined): Deny | undefined {
    const resetSeconds = this.count(origin, keyId);
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
