import { setImmediate as breathe } from 'node:timers/promises';
import type { Database } from '../../storage/database.js';
import type { AccessKeyRow } from '../../storage/schema.js';

/** What one secret is known by. */
export interface SecretTag {
  keyId: string;
  version: string;
  tag: string;
}

type PresentRow = Pick<AccessKeyRow, 'id' | 'secret_version' | 'secret_tag'>;

/** So many rows are read before requests are served in between: about two milliseconds of the embedded store. */
const rowsAtATime = 500;

/** Reads the tags of all secrets: those that keys have, and those that keys had before. */
export class SecretTagStore {
  constructor(private readonly db: Database) {}

  /** @param onWithoutTag - told how many keys of a page have no tag */
  async *pages(onWithoutTag: (count: number) => void): AsyncGenerator<SecretTag[], void> {
    yield* this.presentPages(onWithoutTag);
    yield* this.formerPages();
  }

  /** Keys whose tag was lost with a pepper, and that were not used since. */
  async countWithoutTag(): Promise<number> {
    let count = 0;
    for await (const rows of this.rows()) {
      count += rows.filter((row) => row.secret_tag === null).length;
      await breathe();
    }
    return count;
  }

  /** The IDs of legacy keys, by what stands for them in the index. */
  async legacyIdsOf(indexes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.db
      .selectFrom('legacy_keys')
      .select(['id', 'lookup_index'])
      .where('lookup_index', 'in', indexes)
      .execute();
    return new Map(rows.map((row) => [row.lookup_index ?? '', row.id]));
  }

  /** Those of these IDs, or places in the index of legacy keys, that a key had that was deleted. */
  async deletedAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.selectFrom('deleted_keys').select('id').where('id', 'in', ids).execute();
    return new Set(rows.map((row) => row.id));
  }

  private async *presentPages(onWithoutTag: (count: number) => void): AsyncGenerator<SecretTag[], void> {
    for await (const rows of this.rows()) {
      const tags = rows.flatMap(({ id, secret_version: version, secret_tag: tag }) =>
        tag === null ? [] : [{ keyId: id, version, tag }],
      );
      onWithoutTag(rows.length - tags.length);
      yield tags;
    }
  }

  private async *rows(): AsyncGenerator<PresentRow[], void> {
    for (let after = ''; ;) {
      const rows = await this.db
        .selectFrom('access_keys')
        .select(['id', 'secret_version', 'secret_tag'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(rowsAtATime)
        .execute();
      yield rows;
      if (rows.length < rowsAtATime) return;
      after = rows.at(-1)?.id ?? '';
    }
  }

  /** A key has few of them, so no page ends in the midst of a key. */
  private async *formerPages(): AsyncGenerator<SecretTag[], void> {
    for (let after = ''; ;) {
      const ids = await this.db
        .selectFrom('former_secrets')
        .select('key_id')
        .distinct()
        .where('key_id', '>', after)
        .orderBy('key_id')
        .limit(rowsAtATime)
        .execute();
      const last = ids.at(-1)?.key_id;
      if (last === undefined) return;
      const rows = await this.db
        .selectFrom('former_secrets')
        .select(['key_id', 'version', 'tag'])
        .where('key_id', '>', after)
        .where('key_id', '<=', last)
        .execute();
      yield rows.flatMap(({ key_id: keyId, version, tag }) =>
        tag === null ? [] : [{ keyId, version, tag }],
      );
      after = last;
    }
  }
}
