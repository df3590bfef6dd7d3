import { setImmediate as breathe } from 'node:timers/promises';
import { Semaphore } from '../../concurrency/semaphore.js';
import { AppError, ReturnCode } from '../../errors.js';
import type { Database } from '../../storage/database.js';
import type { AccessKeyStore } from '../access-key-store.js';
import type { SecretComparison } from './secret-comparison.js';
import { byStrength, type AccessKeyOwner } from './secret-owner.js';
import type { SecretTagStore } from './secret-tag-store.js';

export interface FindAmongAllParts {
  db: Database;
  keys: AccessKeyStore;
  tags: SecretTagStore;
  comparison: SecretComparison;
  /** How many digests one look-up may take; absent: half a minute's worth. */
  mostDigests?: number;
}

/** What was found among all keys. */
export interface FoundAmongAll {
  /** The keys of each secret that one has, the strongest first. */
  owners: ReadonlyMap<string, readonly AccessKeyOwner[]>;
  /** So many keys have no tag, so they could not be compared. */
  withoutTag: number;
}

/** So many digests are made before requests are served in between: about a millisecond. */
const digestsAtATime = 250;
const usualMostDigests = 5_000_000;
/** One look-up at a time leaves a processor to the requests; who waits longer is told so. */
const limits = { concurrency: 1, queueLength: 8 };
const patienceMs = 30_000;

/**
 * Finds whose secrets are of which nothing else is known. The tags of all secrets are compared: a tag is made of the
 * key's ID, so it can't be looked up by the secret alone (docs/adr/0018). Each tag is compared in constant time, and
 * all of them whichever matches.
 */
export class FindAmongAll {
  private readonly turns = new Semaphore(limits);

  constructor(private readonly parts: FindAmongAllParts) {}

  /**
   * @param ifFew - compared too as far as there is room for them, the first ones first
   * @throws AppError 8 for more secrets than can be compared with so many keys at once, 14 where too many such look-ups
   *   are under way, or nobody waits for the answer any more
   */
  async find(
    secrets: readonly string[],
    ifFew: readonly string[],
    signal: AbortSignal,
  ): Promise<FoundAmongAll & { leftOut: ReadonlySet<string> }> {
    if (secrets.length + ifFew.length === 0) return { owners: new Map(), withoutTag: 0, leftOut: new Set() };
    const room = await this.roomBesides(secrets.length);
    const [taken, leftOut] = [ifFew.slice(0, room), new Set(ifFew.slice(room))];
    const ran = await this.turns.run(() => this.compareAll([...secrets, ...taken], signal), patienceMs);
    if (ran !== undefined) return { ...ran.result, leftOut };
    throw new AppError(ReturnCode.BUSY, 'other leaked secrets are being looked for, try again');
  }

  /** @returns how many more can be compared */
  private async roomBesides(count: number): Promise<number> {
    const { keys, mostDigests = usualMostDigests } = this.parts;
    const keyCount = await keys.count();
    const most = Math.max(1, Math.floor(mostDigests / Math.max(1, keyCount)));
    if (count <= most) return most - count;
    throw new AppError(
      ReturnCode.LIMIT,
      `with ${String(keyCount)} access keys at most ${String(most)} secrets without an ID are looked for at once: send fewer, or ID:SECRET`,
    );
  }

  private async compareAll(secrets: readonly string[], signal: AbortSignal): Promise<FoundAmongAll> {
    const { db, keys, tags, comparison } = this.parts;
    const owners = new Map<string, AccessKeyOwner[]>();
    let [digests, withoutTag] = [0, 0];
    for await (const page of tags.pages((count) => (withoutTag += count))) {
      requireListener(signal);
      for (const { keyId, version, tag } of page) {
        for (const secret of secrets) {
          if (++digests % digestsAtATime === 0) {
            await breathe();
            requireListener(signal);
          }
          if (!comparison.hasTag(tag, keyId, version, secret)) continue;
          const key = await keys.findWithSecret(keyId, db);
          const owner = key && (await comparison.compare(key, secret, true));
          if (owner !== undefined) owners.set(secret, byStrength([...(owners.get(secret) ?? []), owner]));
        }
      }
      await breathe();
    }
    return { owners, withoutTag };
  }
}

/** @throws AppError 14 */
export function requireListener(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError(ReturnCode.BUSY, 'nobody waits for the answer any more');
}
