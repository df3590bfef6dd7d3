import type { AccessKey } from '../access-key.js';
import type { AccessKeyStore } from '../access-key-store.js';
import type { KeyUsage, KeyUseStore } from '../usage/key-use-store.js';
import type { AccessKeyPageStore, KeyFilter, KeyPlace, KeySort } from './access-key-page-store.js';

export type { KeyFilter, KeyPlace, KeySort } from './access-key-page-store.js';

export interface AccessKeyPage {
  keys: AccessKey[];
  usage: KeyUsage;
  /** After which the next page begins; undefined: this is the last one. */
  last?: KeyPlace;
}

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
    const found = new Map((await this.store.findMany(ids)).map((key) => [key.id, key]));
    // A key that was deleted between both looks is no longer there.
    const keys = ids.flatMap((id) => found.get(id) ?? []);
    const usage = { uses: await this.uses.list(ids), overlaps: await this.store.overlaps(nowMs, ids) };
    const last = places.length > limit ? places[limit - 1] : undefined;
    return { keys, usage, ...(last !== undefined && { last }) };
  }
}
