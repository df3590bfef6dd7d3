import { loneSurrogatePattern } from '../../text/byte-text.js';
import type { Pepper } from '../../secrets/pepper.js';
import { PerAddressConcurrencyLimit } from '../../concurrency/per-address-limit.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { SeenSecrets } from './seen-secrets.js';

/** More could not be set (users/user.ts), so more need not be hashed. */
const maxLength = 256;

/**
 * Does this password belong to this user? People choose passwords, so nothing but the slow hash is stored of one; a
 * digest of a password that was right is kept in memory alone.
 */
export class PasswordVerifier {
  private readonly places = new PerAddressConcurrencyLimit('passwords');

  /**
   * @param seen - where it keeps nothing, each password costs a slow hash: so a user who has logged in here can't be told
   *   from one who hasn't
   * @param slowHash - one of its own: nothing but argon2 tells a wrong password, so that guesses keep it busy, and the
   *   first use of a key must not wait behind them
   */
  constructor(
    private readonly seen: Pick<SeenSecrets, 'isRight' | 'add'>,
    private readonly slowHash: SlowHash,
    private readonly pepper: Pepper,
  ) {}

  /** @throws AppError 14 when too many are waiting for the slow hash, in all or from that address */
  async verify(user: string, hash: string, password: string, address: string): Promise<boolean> {
    // One that is not UTF-8 can't be set, and its digest would be that of others.
    if (password === '' || password.length > maxLength || loneSurrogatePattern.test(password)) return false;
    const id = `user ${user}`; // with a blank in it: never a key's
    const known = this.seen.isRight(id, hash, password);
    if (known !== undefined) return known;
    const shareAs = `${id}:${this.pepper.proof(id, hash, password).toString('base64')}`;
    const isRight = await this.places.take(address, () => this.slowHash.verify(hash, password, shareAs));
    if (isRight) this.seen.add(id, hash, password);
    return isRight;
  }
}
