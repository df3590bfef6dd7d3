import type { Database, Transaction } from '../../storage/database.js';
import type { FormerSecretRow } from '../../storage/schema.js';
import type { FormerSecret, StoredSecret } from '../access-key.js';

/** How long a secret that has ended is known for what it was, so that its use is told. */
const rememberedMs = 30 * 86_400_000;
/** Of one key: each is one more digest to compare for every wrong secret. */
const maxRemembered = 8;

/** The secrets that keys had before: rows of their own, which live and die with the key. */

export async function findFormerSecrets(
  keyIds: readonly string[],
  db: Database | Transaction,
): Promise<ReadonlyMap<string, FormerSecret[]>> {
  const rows = await db
    .selectFrom('former_secrets')
    .selectAll()
    .where('key_id', 'in', keyIds)
    .orderBy('ends_at_ms', 'desc')
    .orderBy('version')
    .execute();
  const secrets = new Map<string, FormerSecret[]>();
  for (const row of rows) secrets.set(row.key_id, [...(secrets.get(row.key_id) ?? []), fromRow(row)]);
  return secrets;
}

/** When the secrets end that count beside the present ones, by key ID. */
export async function findOverlaps(
  db: Database,
  nowMs: number,
  keyIds?: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  let query = db
    .selectFrom('former_secrets')
    .select(['key_id', 'ends_at_ms'])
    .where('ends_at_ms', '>', nowMs)
    .where('hash', '<>', '');
  if (keyIds !== undefined) query = query.where('key_id', 'in', keyIds);
  return new Map((await query.execute()).map((row) => [row.key_id, Number(row.ends_at_ms)]));
}

/** Keeps a secret that is being replaced: whole until it ends, then only what tells its use. One at a time counts. */
export async function keepFormerSecret(
  trx: Transaction,
  keyId: string,
  secret: StoredSecret,
  { endsAtMs, nowMs }: { endsAtMs: number; nowMs: number },
): Promise<void> {
  await trx
    .updateTable('former_secrets')
    .set({ ends_at_ms: nowMs, hash: '' })
    .where('key_id', '=', keyId)
    .where('ends_at_ms', '>', nowMs)
    .execute();
  // That of a canary proves nothing any more: its tag is known for what it was.
  const hash = endsAtMs > nowMs ? (secret.decoyHash ?? secret.hash) : '';
  if (hash === '' && secret.tag === null) return; // nothing to know it by
  await trx
    .insertInto('former_secrets')
    .values({
      key_id: keyId,
      version: secret.version,
      hash,
      tag: secret.tag,
      has_checksum: secret.hasChecksum ? 1 : 0,
      is_weak: secret.isWeak ? 1 : 0,
      ends_at_ms: endsAtMs,
    })
    .execute();
  for (const { version } of ((await findFormerSecrets([keyId], trx)).get(keyId) ?? []).slice(maxRemembered)) {
    await trx
      .deleteFrom('former_secrets')
      .where('key_id', '=', keyId)
      .where('version', '=', version)
      .execute();
  }
}

/** Renews what is derived from one of them that was just proved right. */
export async function renewFormerSecret(
  db: Database,
  keyId: string,
  version: string,
  renewed: { tag?: string; hash?: string },
): Promise<void> {
  await db
    .updateTable('former_secrets')
    .set(renewed)
    .where('key_id', '=', keyId)
    .where('version', '=', version)
    .where('hash', '<>', '') // it may have ended meanwhile
    .execute();
}

/** Takes away the hashes of those that have ended, and after a while the rest of them. */
export async function sweepFormerSecrets(db: Database, nowMs: number): Promise<void> {
  await db
    .updateTable('former_secrets')
    .set({ hash: '' })
    .where('ends_at_ms', '<=', nowMs)
    .where('hash', '<>', '')
    .execute();
  await db
    .deleteFrom('former_secrets')
    .where((row) =>
      row.or([
        row('ends_at_ms', '<=', nowMs - rememberedMs),
        row.and([row('hash', '=', ''), row('tag', 'is', null)]),
      ]),
    )
    .execute();
}

function fromRow(row: FormerSecretRow): FormerSecret {
  return {
    hash: row.hash,
    version: row.version,
    tag: row.tag,
    hasChecksum: row.has_checksum === 1,
    isWeak: row.is_weak === 1,
    endsAtMs: Number(row.ends_at_ms),
  };
}
