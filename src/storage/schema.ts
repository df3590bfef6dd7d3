import type { Generated, Selectable } from 'kysely';

/**
 * The tables, the same in SQLite and PostgreSQL. Yes and no are 1 and 0, times are milliseconds since 1970.
 */
export interface Schema {
  meta: { name: string; value: string };
  change_counter: { id: number; number: number; mark: string };
  users: UserRow;
  access_keys: AccessKeyRow;
  former_secrets: FormerSecretRow;
  access_key_uses: AccessKeyUseRow;
  /** Which ends of keys were announced, and how many days before. */
  key_end_notices: { key_id: string; end_ms: number; days: number };
  /** The newest use of each canary, which its owner is not shown. */
  canary_uses: AccessKeyUseRow;
  /** Requests of keys with a quota: how many were allowed on a day (UTC, `2026-11-29`). */
  quota_counts: { key_id: string; day: string; used: number };
  legacy_keys: LegacyKeyRow;
  /** IDs of access keys that were deleted here, and `lookup_index` of such legacy keys. */
  deleted_keys: { id: string };
  settings: { name: string; value: string };
  allowed_addresses: { entry: string; position: number };
  weak_key_attempts: { guarded_id: string; failed: number };
  weak_key_addresses: { guarded_id: string; address: string };
  audit_checkpoints: AuditCheckpointRow;
  audit_heads: AuditHeadRow;
  /** The public key of each node's audit record, as it was first seen. */
  audit_nodes: { node: string; verifier_key: string; changed_at_ms: number };
  /** What a witness has signed of a tree, and the note that it was signed under. */
  audit_cosignatures: { origin: string; witness: string; size: number; note: string; line: string };
  nodes: NodesRow;
  change_log: { number: number; mark: string; touched: string };
  apis: { name: string; text: string };
  /** Creations that a client may repeat without making a second thing: who asked, and a digest of his key for it. */
  creations: { caller: string; key_digest: string; resource_id: string; created_at_ms: number };
  sessions: SessionRow;
  login_links: LoginLinkRow;
  /** The number of the last change that ended every session and link of a user. */
  ended_logins: { user_name: string; change_number: number };
  passkeys: PasskeyRow;
  approvals: ApprovalRow;
  /** How much of its audit record each node has kept until now; null: all. */
  kept_records: { node: string; keep_ms: number | null; keep_bytes: number | null };
  /** Of challenges that passkeys have answered; each counts once. */
  answered_challenges: { digest: string; ends_at_ms: number };
  /** `node`: who carries the event over; empty: the one process that there is. */
  audit_outbox: { id: string; position: number; event: string; node: string };
}

/** A change that waits for a second person, or was approved and is not made yet. */
export interface ApprovalRow {
  id: string;
  kind: string;
  change_hash: string;
  command: string;
  /** JSON, as its event will tell it. */
  target: string;
  /** JSON, milliseconds or null; empty: it has no end that moves. */
  made_ends: string;
  /** Empty: settings ask for it. */
  requested_by: string;
  /** JSON, as events name him. */
  requester: string;
  requested_at_ms: number;
  approved_by: string | null;
  /** JSON, as events name him. */
  approver: string | null;
  ends_at_ms: number;
}

/** A node on a shared database (docs/adr/0004). */
export interface NodesRow {
  id: string;
  lease_ms: number;
  applied_number: number;
  applied_mark: string;
  renewals: number;
  /** Of Hearthkey; empty: one from before there was this column. */
  version: Generated<string>;
}

/** The newest signed head of a tree of a node's audit record. */
export interface AuditHeadRow {
  origin: string;
  node: string;
  size: number;
  note: string;
  /** JSON: of sizes that witnesses have seen, the proof that this head goes on from there. */
  proofs: string;
  updated_at_ms: number;
}

/** How far a node's audit record was known to go before there were signed heads. */
export interface AuditCheckpointRow {
  chain: string;
  sequence: number;
  hash: string;
  created_at_ms: number;
}

export interface UserRow {
  name: string;
  email: string;
  package: string;
  first_name: string;
  last_name: string;
  /** PHC text of argon2id; null: nobody can log in with a password. */
  password_hash: string | null;
  is_suspended: 0 | 1;
  is_login_disabled: 0 | 1;
  created_at_ms: number;
  /** The number of the last change that a panel's command made to it; 0: none did. */
  changed_number: Generated<number>;
  /** `admin`: an administrator beside the root user. */
  role: Generated<'admin' | 'user'>;
}

export interface AccessKeyRow {
  id: string;
  user_name: string;
  /** API names between commas, in the order given; empty: everything for the root user, nothing for others. */
  permissions: string;
  comment: string;
  secret_hash: string;
  /** A random value drawn with each secret: proofs are kept under it. */
  secret_version: string;
  /** 8 hexadecimal digits of HMAC under the pepper; null until it is made anew after the pepper was replaced. */
  secret_tag: string | null;
  /** Whether the secret was made here, so that its last six characters are its checksum. */
  has_checksum: 0 | 1;
  is_suspended: 0 | 1;
  created_at_ms: number;
  /** Whether the secret came from elsewhere, from a random source that can be guessed. */
  is_weak: 0 | 1;
  /** From then on it is refused; null: it never ends. */
  expires_at_ms: Generated<number | null>;
  /** The `expires_at_ms` that an event has announced. */
  announced_end_ms: Generated<number | null>;
  /** Addresses and ranges between commas; empty: wherever API_ALLOWED_IP lets it in. */
  allowed_addresses: Generated<string>;
  /** Such as `120/min`; empty: none of its own. */
  rate_limit: Generated<string>;
  /** Such as `10000/month`; empty: none. */
  quota: Generated<string>;
  /** What arguments of its commands are held to, such as `DOMAIN=example.com,*.example.org`; empty: they are not held. */
  held_arguments: Generated<string>;
  /** The panel's tree that it was taken over from; empty: it was made here. */
  source_tree: Generated<string>;
  /** The access key that made it over the API; null: it stands for itself. */
  maker_id: Generated<string | null>;
  /** argon2id of the secret of a canary, whose `secret_hash` nobody has the secret of; empty: it is none. */
  canary_hash: Generated<string>;
  /** Whether it was derived from `maker_id` for a while, and is removed after its end. */
  is_derived: Generated<0 | 1>;
  /** What it could be instead (`writeTrial`); empty: nothing is tried. */
  trial: Generated<string>;
}

/** As it is read: each column has a value. */
export type ReadAccessKeyRow = Selectable<AccessKeyRow>;

/** A secret that a key had before: it counts until it ends, and is known for what it was for a while after that. */
export interface FormerSecretRow {
  key_id: string;
  version: string;
  /** Empty once it has ended: then nothing is left of it but the tag. */
  hash: string;
  tag: string | null;
  has_checksum: 0 | 1;
  is_weak: 0 | 1;
  ends_at_ms: number;
}

export interface AccessKeyUseRow {
  key_id: string;
  used_at_ms: number;
  client_address: string;
  command: string;
}

export interface LegacyKeyRow {
  id: string;
  /** HMAC of the key under the pepper; null until it is made anew after the pepper was replaced. */
  lookup_index: string | null;
  key_hash: string;
  created_at_ms: number;
  is_weak: 0 | 1;
}

export interface SessionRow {
  id: string;
  /** HMAC of the cookie's value under the pepper. */
  secret_digest: string;
  user_name: string;
  /** When its user was made: another user who has the name later doesn't get it. */
  user_created_at_ms: number;
  method: 'password' | 'link' | 'passkey';
  client_address: string;
  created_at_ms: number;
  /** Written in batches: it may lag behind by some seconds. */
  last_seen_at_ms: number;
}

export interface LoginLinkRow {
  /** HMAC of the link's token under the pepper. */
  token_digest: string;
  user_name: string;
  user_created_at_ms: number;
  ends_at_ms: number;
}

export interface PasskeyRow {
  id: string;
  /** The authenticator's own name for it, in base64url. */
  credential_id: string;
  user_name: string;
  user_created_at_ms: number;
  /** COSE, in base64url. */
  public_key: string;
  counter: number;
  /** Between commas. */
  transports: string;
  name: string;
  created_at_ms: number;
  last_used_at_ms: number | null;
}
