import type { StoredSecret } from '../access-key.js';

/** The columns of a key's row that are about its secret. */
export interface SecretRow {
  secret_hash: string;
  secret_version: string;
  secret_tag: string | null;
  has_checksum: number;
  is_weak: number;
}

/** What proves a secret, as a key's row has it. */
export function secretFromRow(row: SecretRow): StoredSecret {
  return {
    hash: row.secret_hash,
    version: row.secret_version,
    tag: row.secret_tag,
    hasChecksum: row.has_checksum === 1,
    isWeak: row.is_weak === 1,
  };
}

export function secretToRow(secret: StoredSecret) {
  return {
    secret_hash: secret.hash,
    secret_version: secret.version,
    secret_tag: secret.tag,
    has_checksum: secret.hasChecksum ? 1 : 0,
    is_weak: secret.isWeak ? 1 : 0,
  } as const;
}
