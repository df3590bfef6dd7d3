import { randomBytes } from 'node:crypto';
import { describeChange, type ChangeOrigin } from '../../audit/audit-event.js';
import { notFound } from '../../errors.js';
import { legacyKeyPattern } from '../../text/names.js';
import { generateLegacyKey } from '../../secrets/generated-secret.js';
import type { Pepper } from '../../secrets/pepper.js';
import { PerAddressConcurrencyLimit } from '../../concurrency/per-address-limit.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { Changes } from '../../storage/changes.js';
import { noteCreation, type RepeatableCreation } from '../../storage/creation-store.js';
import type { LegacyKey, LegacyKeyStore, StoredLegacyKey } from './legacy-key-store.js';

export type { LegacyKey } from './legacy-key-store.js';

/** The root user's legacy API keys: each may run every command, so they are for clients that know nothing else. */
export class LegacyKeys {
  private readonly places = new PerAddressConcurrencyLimit('legacy keys');

  /**
   * @param guesses - argon2 for keys that are not found by their digest, apart from `slowHash`: there every wrong key
   *   keeps it busy, and the first use of an access key must not wait behind those
   */
  constructor(
    private readonly store: LegacyKeyStore,
    private readonly changes: Changes,
    private readonly slowHash: SlowHash,
    private readonly pepper: Pepper,
    private readonly guesses: SlowHash,
    private readonly now: () => number = Date.now,
  ) {}

  async list(): Promise<LegacyKey[]> {
    return this.store.list();
  }

  /**
   * @returns the key, which is shown this once
   * @throws AlreadyCreated (4) where the caller repeats a creation
   */
  async generate(origin: ChangeOrigin, creation?: RepeatableCreation): Promise<{ id: string; key: string }> {
    const key = generateLegacyKey();
    const hash = await this.slowHash.hash(key);
    const id = randomBytes(4).toString('hex');
    await this.changes.run(async (change) => {
      const lookupIndex = this.pepper.legacyIndex(key);
      await noteCreation(change.trx, creation, id, this.now());
      await change.requireApproved({ kind: 'unrestricted_key', origin, target: { legacyKey: 'made' } });
      await this.store.insert(change.trx, { id, lookupIndex, hash, createdAtMs: this.now(), isWeak: false });
      change.record(describeChange(origin, { legacyKeyId: id, made: 'yes' }));
    });
    return { id, key };
  }

  /** Whether there is a key that can be guessed. */
  async hasWeak(): Promise<boolean> {
    return this.store.hasWeak();
  }

  /**
   * Finds the key by its keyed digest, and proves it with argon2 where that digest is not there yet.
   *
   * @param exceptWeak - keys that can be guessed are not compared
   * @param address - who asks; the operator when left out
   * @throws AppError 14 when too many are waiting for argon2, in all or from that address
   */
  async find(
    key: string,
    { exceptWeak = false, address }: { exceptWeak?: boolean; address?: string } = {},
  ): Promise<StoredLegacyKey | undefined> {
    if (!legacyKeyPattern.test(key)) return undefined;
    // The index is an HMAC under the pepper over the whole key: what is found by it is the key, no slow hash needed.
    const indexed = await this.store.findByIndex(this.pepper.legacyIndex(key));
    if (indexed !== undefined) return exceptWeak && indexed.isWeak ? undefined : indexed;
    const candidates = (await this.store.listWithoutIndex()).filter(({ isWeak }) => !(exceptWeak && isWeak));
    if (candidates.length === 0) return undefined;
    const compare = () => this.compare(key, candidates);
    return address === undefined ? compare() : this.places.take(address, compare);
  }

  /** @param keyOrId - the key itself, or its ID in the list of legacy keys */
  async revoke(keyOrId: string, origin: ChangeOrigin): Promise<void> {
    const id = (await this.find(keyOrId))?.id ?? keyOrId;
    await this.changes.run(async (change) => {
      if (!(await this.store.delete(change.trx, id))) throw notFound('the API key');
      change.record(describeChange(origin, { legacyKeyId: id }));
    });
  }

  private async compare(
    key: string,
    candidates: readonly StoredLegacyKey[],
  ): Promise<StoredLegacyKey | undefined> {
    const lookupIndex = this.pepper.legacyIndex(key);
    for (const candidate of candidates) {
      if (await this.guesses.verify(candidate.hash, key, `legacy:${candidate.id}:${lookupIndex}`)) {
        await this.store.renewIndex(candidate.id, lookupIndex);
        return candidate;
      }
    }
    return undefined;
  }
}
