import { sql, type Selectable, type SqlBool } from 'kysely';
import { NodeFloor } from '../storage/cluster/node-floor.js';
import type { Database, Transaction } from '../storage/database.js';
import type { AccessKeyRow } from '../storage/schema.js';
import type { AccessKey, Adoption, StoredKey, StoredSecret } from './access-key.js';
import { deleteAccessKeys, wasDeleted } from './deleted-key-store.js';
import {
  findFormerSecrets,
  findOverlaps,
  keepFormerSecret,
  renewFormerSecret,
} from './secrets/former-secrets.js';
import { forgetAttempts } from './legacy/weak-key-store.js';
import { longestNoticeMs, partOfLifeToTell, type WantedLimits } from './limits/key-limits.js';
import { keyFromRow, storedKeyFromRow } from './access-key-row.js';
import { limitsToRow } from './limits/limits-row.js';
import { secretFromRow, secretToRow } from './secrets/secret-row.js';
import type { Trial } from './trials/trial.js';
import { writeTrial } from './trials/trial-text.js';

/** What is changed of a key: what is absent stays as it is; null takes away. */
interface KeyChanges
  extends Partial<Pick<AccessKey, 'permissions' | 'comment' | 'isSuspended'>>, WantedLimits, Adoption {
  trial?: Trial | null;
}

export class AccessKeyStore {
  constructor(
    private readonly db: Database,
    private readonly nodeFloor = new NodeFloor(),
  ) {}

  async find(id: string, db: Database | Transaction = this.db): Promise<AccessKey | undefined> {
    const row = await db.selectFrom('access_keys').selectAll().where('id', '=', id).executeTakeFirst();
    return row && keyFromRow(row);
  }

  async findWithSecret(id: string, db: Database | Transaction): Promise<StoredKey | undefined> {
    const [key] = await this.findManyWithSecret([id], db);
    return key;
  }

  /** In no order. */
  async findManyWithSecret(ids: readonly string[], db: Database | Transaction): Promise<StoredKey[]> {
    const rows = await db.selectFrom('access_keys').selectAll().where('id', 'in', ids).execute();
    const former = await findFormerSecrets(ids, db);
    return rows.map((row) => storedKeyFromRow(row, former.get(row.id)));
  }

  /** In no order. */
  async findMany(ids: readonly string[], db: Database | Transaction = this.db): Promise<AccessKey[]> {
    const rows = await db.selectFrom('access_keys').selectAll().where('id', 'in', ids).execute();
    return rows.map(keyFromRow);
  }

  /** Those that these keys made themselves. */
  async listMadeBy(
    ids: readonly string[],
    db: Database | Transaction = this.db,
    most?: number,
  ): Promise<AccessKey[]> {
    const query = db.selectFrom('access_keys').selectAll().where('maker_id', 'in', ids);
    const rows = await (most === undefined ? query : query.limit(most)).execute();
    return rows.map(keyFromRow);
  }

  /** Until when former secrets count as well, by key ID. */
  async overlaps(nowMs: number, ids?: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return findOverlaps(this.db, nowMs, ids);
  }

  /** Without those that were derived from others. */
  async countOf(user: string, trx: Transaction): Promise<number> {
    const { count } = await trx
      .selectFrom('access_keys')
      .select((row) => row.fn.countAll().as('count'))
      .where('user_name', '=', user)
      .where('is_derived', '=', 0)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /**
   * Those whose end is near (`isEndNear`) and that no event has announced yet, at most so many; that of a derived key
   * needs none.
   */
  async listUnannouncedEnds(nowMs: number, limit: number): Promise<AccessKey[]> {
    const rows = await this.db
      .selectFrom('access_keys')
      .selectAll()
      .where('expires_at_ms', '>', nowMs)
      .where('expires_at_ms', '<=', nowMs + longestNoticeMs)
      .where(
        sql<SqlBool>`(expires_at_ms - ${nowMs}) * ${sql.lit(partOfLifeToTell)} <= expires_at_ms - created_at_ms`,
      )
      .where('is_derived', '=', 0)
      .where((row) =>
        row.or([
          row('announced_end_ms', 'is', null),
          row('announced_end_ms', '<>', row.ref('expires_at_ms')),
        ]),
      )
      .orderBy('expires_at_ms')
      .limit(limit)
      .execute();
    return rows.map(keyFromRow);
  }

  /** The end of this key is announced, unless it was before or is another one by now. */
  async markEndAnnounced(trx: Transaction, { id, expiresAtMs = 0 }: AccessKey): Promise<boolean> {
    const { numUpdatedRows } = await trx
      .updateTable('access_keys')
      .set({ announced_end_ms: expiresAtMs })
      .where('id', '=', id)
      .where('expires_at_ms', '=', expiresAtMs)
      .where((row) =>
        row.or([row('announced_end_ms', 'is', null), row('announced_end_ms', '<>', expiresAtMs)]),
      )
      .executeTakeFirst();
    return Number(numUpdatedRows) > 0;
  }

  /** In the order of their IDs; of one user, or of all. */
  async list(user: string | undefined, db: Database | Transaction = this.db): Promise<AccessKey[]> {
    let query = db.selectFrom('access_keys').selectAll().orderBy('id');
    if (user !== undefined) query = query.where('user_name', '=', user);
    return (await query.execute()).map(keyFromRow);
  }

  /** Users who own a key that isn't suspended. */
  async ownersOfActiveKeys(): Promise<string[]> {
    const rows = await this.db
      .selectFrom('access_keys')
      .select('user_name')
      .distinct()
      .where('is_suspended', '=', 0)
      .execute();
    return rows.map((row) => row.user_name);
  }

  async count(): Promise<number> {
    const { count } = await this.db
      .selectFrom('access_keys')
      .select((select) => select.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Those whose secrets came from a source that can be guessed. */
  async listWeak(): Promise<AccessKey[]> {
    // As it stands in the index, which holds these alone.
    const keys = this.db.selectFrom('access_keys').selectAll();
    const weak = keys.where((row) => row('is_weak', '=', row.lit(1))).orderBy('id');
    return (await weak.execute()).map(keyFromRow);
  }

  async insert(trx: Transaction, key: AccessKey, secret: StoredSecret): Promise<void> {
    await this.requireNodes(trx, key);
    if (key.isCanary === true) await this.nodeFloor.require(trx, 'canaries');
    await trx
      .insertInto('access_keys')
      .values({
        id: key.id,
        user_name: key.user,
        permissions: key.permissions.join(','),
        comment: key.comment,
        is_suspended: key.isSuspended ? 1 : 0,
        created_at_ms: key.createdAtMs,
        maker_id: key.makerId ?? null,
        source_tree: key.sourceTree ?? '',
        is_derived: key.isDerived === true ? 1 : 0,
        ...limitsToRow(key),
        ...secretToRow(secret),
      })
      .execute();
  }

  async update(trx: Transaction, id: string, changes: KeyChanges): Promise<void> {
    const row: Partial<Selectable<AccessKeyRow>> = limitsToRow(changes);
    await this.requireNodes(trx, changes);
    if (changes.permissions !== undefined) row.permissions = changes.permissions.join(',');
    if (changes.comment !== undefined) row.comment = changes.comment;
    if (changes.trial !== undefined) row.trial = changes.trial === null ? '' : writeTrial(changes.trial);
    if (changes.isAdopted === true) Object.assign(row, { maker_id: null, is_derived: 0 });
    if (changes.isSuspended !== undefined) row.is_suspended = changes.isSuspended ? 1 : 0;
    await trx.updateTable('access_keys').set(row).where('id', '=', id).execute();
  }

  /**
   * Puts another secret in the place of the key's.
   *
   * @param former - until when the one before counts as well
   */
  async replaceSecret(
    trx: Transaction,
    id: string,
    secret: StoredSecret,
    former: { endsAtMs: number; nowMs: number },
  ): Promise<void> {
    const before = await trx.selectFrom('access_keys').selectAll().where('id', '=', id).executeTakeFirst();
    if (before === undefined) return;
    // Guesses at a weak one count as long as it does.
    if (before.is_weak === 0 || former.endsAtMs <= former.nowMs) await forgetAttempts(trx, id);
    await keepFormerSecret(trx, id, secretFromRow(before), former);
    await trx.updateTable('access_keys').set(secretToRow(secret)).where('id', '=', id).execute();
    // Of a canary: what was used is the secret before.
    await trx.deleteFrom('canary_uses').where('key_id', '=', id).execute();
  }

  /** @param isRemembered - so that no import brings it back unseen */
  async delete(trx: Transaction, id: string, { isRemembered = true } = {}): Promise<void> {
    await deleteAccessKeys(trx, { id }, isRemembered);
  }

  async deleteOf(trx: Transaction, user: string): Promise<void> {
    await deleteAccessKeys(trx, { user });
  }

  /** Whether a key of that ID was here, and was deleted. */
  async wasDeleted(id: string, db: Database | Transaction = this.db): Promise<boolean> {
    return wasDeleted(db, id);
  }

  /** What every node has to know of. */
  private async requireNodes(trx: Transaction, { rateLimit, quota, only, trial }: KeyChanges): Promise<void> {
    if (rateLimit) await this.nodeFloor.require(trx, 'rate limits over all nodes');
    if (quota) await this.nodeFloor.require(trx, 'quotas');
    if (only) await this.nodeFloor.require(trx, 'keys held to arguments');
    if (trial) await this.nodeFloor.require(trx, 'trials');
  }

  /** Renews what is derived from a secret that was just proved right; only while it is still that secret. */
  async renewSecret(id: string, version: string, renewed: { tag?: string; hash?: string }): Promise<void> {
    const row: Partial<Selectable<AccessKeyRow>> = {};
    if (renewed.tag !== undefined) row.secret_tag = renewed.tag;
    if (renewed.hash !== undefined) row.secret_hash = renewed.hash;
    await renewFormerSecret(this.db, id, version, renewed);
    await this.db
      .updateTable('access_keys')
      .set(row)
      .where('id', '=', id)
      .where('secret_version', '=', version)
      .execute();
  }
}
