import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { AccessKey } from '../access-key.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { readMadeBy, readMakers } from '../makers/maker-store.js';
import type { Maker } from '../makers/makers.js';
import type { KeyUsage, KeyUse, KeyUseStore } from '../usage/key-use-store.js';
import type { AccessKeyPageStore, KeyFilter, KeyPlace, KeySort } from './access-key-page-store.js';

export type { KeyFilter, KeyPlace, KeySort } from './access-key-page-store.js';

/** A part of a list. */
export interface AccessKeyPart {
  keys: AccessKey[];
  usage: KeyUsage;
}

export interface AccessKeyPage extends AccessKeyPart {
  /** After which the next page begins; undefined: this is the last one. */
  last?: KeyPlace;
}

interface ReadUsage {
  uses: Map<string, KeyUse>;
  overlaps: Map<string, number>;
}

/** Keys that are read at once: about a millisecond of the embedded store. */
const readAtATime = 100;
const keysPerPart = 200;
const longestPauseMs = 10;

/** Lists of access keys, however long, in pages. */
export class AccessKeyList {
  constructor(
    private readonly pages: AccessKeyPageStore,
    private readonly store: AccessKeyStore,
    private readonly uses: KeyUseStore,
    private readonly now: () => number = Date.now,
  ) {}

  async page(
    filter: KeyFilter,
    sort: KeySort,
    limit: number,
    after: KeyPlace | undefined,
  ): Promise<AccessKeyPage> {
    const nowMs = this.now();
    const places = await this.pages.places(filter, sort, limit + 1, after, nowMs);
    const ids = places.slice(0, limit).map(({ id }) => id);
    const last = places.length > limit ? places[limit - 1] : undefined;
    return { ...(await this.partOf(ids, true)), ...(last !== undefined && { last }) };
  }

  /** All keys of one user, or of all, in the order of their IDs; what is kept beside them only where it is wanted. */
  async *parts(user: string | undefined, withUsage: boolean): AsyncGenerator<AccessKeyPart, void> {
    for (let after: string | undefined; ;) {
      const beganMs = performance.now();
      const ids = await this.pages.idsAfter(user, after, keysPerPart);
      yield await this.partOf(ids, withUsage);
      if (ids.length < keysPerPart) return;
      after = ids.at(-1);
      // As long as it has worked, it leaves the processor to others: a list is never in a hurry.
      await sleep(Math.min(performance.now() - beganMs, longestPauseMs));
    }
  }

  find(id: string): Promise<AccessKey | undefined> {
    return this.store.find(id);
  }

  /** The keys that made it, the nearest first. */
  makersOf(key: AccessKey): Promise<readonly Maker[]> {
    return readMakers(this.store, key);
  }

  /**
   * All keys that this one made, and that those made, and so on.
   *
   * @param most - it reads no further once there are more
   */
  madeBy(id: string, most?: number): Promise<AccessKey[]> {
    return readMadeBy(this.store, [id], undefined, most);
  }

  /** The first IDs that begin so; for somebody who types one. */
  idsWith(prefix: string): Promise<string[]> {
    return this.pages.idsWith(prefix, keysPerPart);
  }

  /** How many keys have each permission; of one user, or of all. */
  countPermissions(user: string | undefined): Promise<ReadonlyMap<string, number>> {
    return this.pages.countPermissions(user);
  }

  private async partOf(ids: readonly string[], withUsage: boolean): Promise<AccessKeyPart> {
    const nowMs = this.now();
    const keys: AccessKey[] = [];
    const usage = { uses: new Map<string, KeyUse>(), overlaps: new Map<string, number>() };
    for (let start = 0; start < ids.length; start += readAtATime) {
      // The embedded store answers without waiting: requests are served in between.
      await breathe();
      const some = ids.slice(start, start + readAtATime);
      await this.readKeys(some, keys);
      if (withUsage) await this.readUsage(some, nowMs, usage);
    }
    return { keys, usage };
  }

  /** A key that was deleted since its place was read is no longer there. */
  private async readKeys(ids: readonly string[], keys: AccessKey[]): Promise<void> {
    const found = new Map((await this.store.findMany(ids)).map((key) => [key.id, key]));
    keys.push(...ids.flatMap((id) => found.get(id) ?? []));
  }

  private async readUsage(ids: readonly string[], nowMs: number, usage: ReadUsage): Promise<void> {
    for (const [id, use] of await this.uses.list(ids)) usage.uses.set(id, use);
    for (const [id, endsAtMs] of await this.store.overlaps(nowMs, ids)) usage.overlaps.set(id, endsAtMs);
  }
}
