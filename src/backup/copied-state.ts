import { z } from 'zod';
import { parseAddressRange } from '../network/address-range.js';
import { normaliseEntry } from '../allowlist/allow-list.js';
import { parseRoleFile } from '../apis/role-file.js';
import { readQuota } from '../keys/limits/quota.js';
import { readRateLimit } from '../keys/limits/rate-limit.js';
import { accessKeyIdPattern, apiNamePattern, userNamePattern } from '../text/names.js';
import { allowedSettingValues, settingDefaults, type SettingName } from '../settings/settings.js';

/** Words for people: on one line, whatever they say. */
const words = z
  .string()
  .max(1000)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);
const yesOrNo = z.union([z.literal(0), z.literal(1)]);
const timeMs = z.int().min(0);
const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${String(digits)}}$`));
/** argon2id as a PHC text; its costs are bounded, since each use of the key pays them. */
const slowHash = z
  .string()
  .regex(
    /^\$argon2id\$v=19\$m=\d{1,6},t=\d{1,2},p=\d{1,2}\$[A-Za-z0-9+/]{11,88}\$[A-Za-z0-9+/]{16,172}$/,
    'is no argon2id hash',
  );
const userName = z.string().regex(userNamePattern);
const accessKeyId = z.string().regex(accessKeyIdPattern);
const guardedId = z.union([accessKeyId, z.literal('legacy keys')]);
const permissions = z
  .string()
  .max(65_536)
  .refine((text) => text === '' || text.split(',').every((name) => apiNamePattern.test(name)));
const settingNames = Object.keys(settingDefaults) as [SettingName, ...SettingName[]];

/**
 * What a copy has of each table: every column, unless `leftOut` says why not. Each value is parsed as any other input.
 * A field that is added needs a default, so that older copies can still be read: the narrowest there is. Where it can
 * make somebody more able, a restore has to hold it back: plan-access-keys.ts (`columns`), plan-restore.ts (planUser).
 */
export const copied = {
  settings: z
    .strictObject({ name: z.enum(settingNames), value: z.string() })
    .refine(({ name, value }) => allowedSettingValues(name).includes(value)),
  allowed_addresses: z.strictObject({ entry: z.string().refine((text) => normaliseEntry(text) === text) }),
  apis: z.strictObject({ name: z.string().regex(apiNamePattern), text: z.string().refine(isRoleFile) }),
  users: z.strictObject({
    name: userName,
    email: words,
    package: words,
    first_name: words,
    last_name: words,
    password_hash: slowHash.nullable(),
    is_suspended: yesOrNo,
    is_login_disabled: yesOrNo,
    created_at_ms: timeMs,
    role: z.enum(['admin', 'user']).default('user'),
  }),
  access_keys: z.strictObject({
    id: accessKeyId,
    user_name: userName,
    permissions,
    comment: words,
    secret_hash: slowHash,
    secret_version: hex(16),
    secret_tag: hex(8).nullable(),
    has_checksum: yesOrNo,
    is_suspended: yesOrNo,
    created_at_ms: timeMs,
    is_weak: yesOrNo,
    expires_at_ms: timeMs.nullable(),
    allowed_addresses: z
      .string()
      .max(8192)
      .refine(
        (text) => text === '' || text.split(',').every((entry) => parseAddressRange(entry) !== undefined),
      ),
    rate_limit: z.string().refine((text) => text === '' || readRateLimit(text) !== undefined),
    quota: z
      .string()
      .refine((text) => text === '' || readQuota(text) !== undefined)
      .default(''),
    // What can't be read of it allows nothing, here as in the store: one such key should not stop every copy.
    held_arguments: z.string().max(65_536).default(''),
    maker_id: accessKeyId.nullable().default(null),
    source_tree: words.default(''),
    canary_hash: z.union([z.literal(''), slowHash]).default(''),
    is_derived: yesOrNo.default(0),
    // Decisions don't depend on it: a restore leaves out what can't be read of it (readable-trial.ts).
    trial: z.string().max(131_072).default(''),
  }),
  legacy_keys: z.strictObject({
    id: hex(8),
    lookup_index: hex(64).nullable(),
    key_hash: slowHash,
    created_at_ms: timeMs,
    is_weak: yesOrNo,
  }),
  quota_counts: z.strictObject({ key_id: accessKeyId, day: z.iso.date(), used: z.int().min(0).max(1e9) }),
  deleted_keys: z.strictObject({ id: z.union([accessKeyId, hex(64)]) }),
  weak_key_attempts: z.strictObject({ guarded_id: guardedId, failed: z.int().min(0) }),
  weak_key_addresses: z.strictObject({
    guarded_id: guardedId,
    address: z.string().refine((text) => normaliseEntry(text) === text && text !== 'allow-all'),
  }),
} as const;

export type CopiedTable = keyof typeof copied;
export const copiedTables = Object.keys(copied) as CopiedTable[];

/** What identifies a row. */
export const identities = {
  settings: ['name'],
  allowed_addresses: ['entry'],
  apis: ['name'],
  users: ['name'],
  access_keys: ['id'],
  legacy_keys: ['id'],
  quota_counts: ['key_id', 'day'],
  deleted_keys: ['id'],
  weak_key_attempts: ['guarded_id'],
  weak_key_addresses: ['guarded_id', 'address'],
} as const satisfies { [T in CopiedTable]: readonly (keyof State[T][number])[] };

/** What no copy has, as `table` or `table.column`: it belongs to the running installation, not to its state. */
export const leftOut = new Set([
  ...['meta', 'change_counter', 'change_log', 'nodes', 'audit_outbox', 'audit_checkpoints'],
  ...['audit_heads', 'audit_nodes', 'audit_cosignatures'],
  ...['allowed_addresses.position', 'users.changed_number'],
  // People log in anew, and enrol their passkeys again where the users were lost.
  ...['sessions', 'login_links', 'ended_logins', 'passkeys', 'answered_challenges'],
  // What waits for a second person is asked for again; what a node has kept of its record is its own.
  ...['approvals', 'kept_records'],
  // What a client may repeat is of the past.
  ...['creations'],
  // An end is announced anew; a secret that was being replaced counts no more, and uses are of the past.
  ...['access_keys.announced_end_ms', 'former_secrets', 'access_key_uses', 'canary_uses', 'key_end_notices'],
]);

/** All that a copy has: rows of tables, lists of API_ALLOWED_IP in their order. */
export type State = { [T in CopiedTable]: z.output<(typeof copied)[T]>[] };
export type CopiedUser = State['users'][number];
export type CopiedKey = State['access_keys'][number];
export type CopiedLegacyKey = State['legacy_keys'][number];

export function emptyState(): State {
  return Object.fromEntries(copiedTables.map((table) => [table, []])) as unknown as State;
}

/** One text for what identifies a row. */
export function identityOf<T extends CopiedTable>(table: T, row: State[T][number]): string {
  const values = row as Readonly<Record<string, unknown>>;
  return (identities[table] as readonly string[]).map((column) => String(values[column])).join(' ');
}

function isRoleFile(text: string): boolean {
  try {
    parseRoleFile(text);
    return true;
  } catch {
    return false;
  }
}
