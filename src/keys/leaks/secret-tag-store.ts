import type { Database } from '../../storage/database.js';

/** What one secret is known by. */
export interface SecretTag {
  keyId: string;
  version: string;
  tag: string;
}

/** So many rows are read before requests are served in between: about two milliseconds of the embedded store. */
const rowsAtATime = 500;

/** Reads the tags of all secrets: those that keys have, and those that keys had before. */
export class SecretTagStore {
  constructor(private readonly db: Database) {}

  async *pages(): AsyncGenerator<SecretTag[], void> {
    yield* this.presentPages();
    yield* this.formerPages();
  }

  /** Keys whose tag was lost with a pepper, and that were not used since. */
  async countWithoutTag(): Promise<number> {
    const { count } = await this.db
      .selectFrom('access_keys')
      .select((row) => row.fn.countAll().as('count'))
      .where('secret_tag', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  private async *presentPages(): AsyncGenerator<SecretTag[], void> {
    for (let after = ''; ;) {
      const rows = await this.db
        .selectFrom('access_keys')
        .select(['id', 'secret_version', 'secret_tag'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(rowsAtATime)
        .execute();
      yield rows.flatMap(({ id, secret_version: version, secret_tag: tag }) =>
        tag === null ? [] : [{ keyId: id, version, tag }],
      );
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
