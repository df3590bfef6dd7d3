import type { StoredSecret } from '../access-key.js';

/** The columns of a key's row that are about its secret. */
export interface SecretRow {
  secret_hash: string;
  secret_version: string;
  secret_tag: string | null;
  has_checksum: number;
  is_weak: number;
  canary_hash: string;
}

/** What proves a secret, as a key's row has it. */
export function secretFromRow(row: SecretRow): StoredSecret {
  const secret = {
    hash: row.secret_hash,
    version: row.secret_version,
    tag: row.secret_tag,
    hasChecksum: row.has_checksum === 1,
    isWeak: row.is_weak === 1,
  };
  return row.canary_hash === '' ? secret : { ...secret, hash: row.canary_hash, decoyHash: row.secret_hash };
}

export function secretToRow(secret: StoredSecret) {
  return {
    secret_hash: secret.decoyHash ?? secret.hash,
    secret_version: secret.version,
    secret_tag: secret.tag,
    has_checksum: secret.hasChecksum ? 1 : 0,
    is_weak: secret.isWeak ? 1 : 0,
    canary_hash: secret.decoyHash === undefined ? '' : secret.hash,
  } as const;
}
