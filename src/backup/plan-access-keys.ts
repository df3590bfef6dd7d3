import { isNoWider } from '../keys/limits/key-limits.js';
import { limitsFromRow } from '../keys/limits/limits-row.js';
import type { CopiedKey, State } from './copied-state.js';
import { hasReadableTrial } from './readable-trial.js';
import type { RestoreGuard } from './restore-guard.js';

interface KeyPlace {
  rootUser: string;
  /** Whether the copy's tags were made under the pepper of this place. */
  samePepper: boolean;
}

/**
 * What becomes of each column of a key that is here now. A column that is added doesn't compile until it says so here:
 * where it can make the key more able (`narrows`), `goOn` has to ask the holder about it.
 */
const columns: Record<keyof CopiedKey, 'as copied' | 'narrows' | 'goes with the secret'> = {
  id: 'as copied',
  user_name: 'as copied',
  comment: 'as copied',
  created_at_ms: 'as copied',
  is_derived: 'as copied',
  // What is tried counts only once somebody enforces it, who needs to be allowed that then.
  trial: 'as copied',
  is_suspended: 'narrows',
  permissions: 'narrows',
  expires_at_ms: 'narrows',
  allowed_addresses: 'narrows',
  rate_limit: 'narrows',
  quota: 'narrows',
  held_arguments: 'narrows',
  maker_id: 'narrows',
  source_tree: 'narrows',
  secret_hash: 'goes with the secret',
  secret_version: 'goes with the secret',
  secret_tag: 'goes with the secret',
  has_checksum: 'goes with the secret',
  is_weak: 'goes with the secret',
  canary_hash: 'goes with the secret',
};
const secretColumns = (Object.keys(columns) as (keyof CopiedKey)[]).filter(
  (column) => columns[column] === 'goes with the secret',
);

/** The access keys of the copy; one that is less able now than it was then stays so unless the holder lets it go. */
export function planAccessKeys(
  copy: State,
  present: State,
  holder: RestoreGuard,
  place: KeyPlace,
): CopiedKey[] {
  const keys = new Map(present.access_keys.map((key) => [key.id, key]));
  return copy.access_keys.map((key) => {
    const then = {
      ...key,
      secret_tag: place.samePepper ? key.secret_tag : null,
      trial: hasReadableTrial(key) ? key.trial : '',
    };
    const now = keys.get(key.id);
    if (now === undefined || now.user_name !== key.user_name) return comeBack(then, holder);
    return goOn(then, now, holder, place);
  });
}

function comeBack(then: CopiedKey, holder: RestoreGuard): CopiedKey {
  if (then.is_suspended === 1) return then;
  const held = {
    word: `key:${then.id}`,
    what: describe(then),
    now: 'is not here now',
    becomes: 'comes back suspended',
  };
  return holder.hold(held, `user:${then.user_name}`) ? { ...then, is_suspended: 1 } : then;
}

function goOn(then: CopiedKey, now: CopiedKey, holder: RestoreGuard, { rootUser }: KeyPlace): CopiedKey {
  const key = { ...then };
  const what = describe(then);
  // Tied to a tree a key ends with its file there: a copy of before doesn't untie it.
  if (now.source_tree !== '') key.source_tree = now.source_tree;
  const suspended = { word: `key:${key.id}`, what, now: 'is suspended now', becomes: 'stays suspended' };
  if (then.is_suspended < now.is_suspended && holder.hold(suspended)) key.is_suspended = 1;
  const secret = { word: `secret:${key.id}`, what, now: 'has another secret now', becomes: 'keeps that one' };
  // The version is drawn with each secret: as long as it is the same, so is the secret, whatever is derived from it.
  if (then.secret_version === now.secret_version || holder.hold(secret)) {
    Object.assign(key, Object.fromEntries(secretColumns.map((column) => [column, now[column]])));
  }
  const permissions = {
    word: `permissions:${key.id}`,
    what,
    now: 'has fewer permissions now',
    becomes: 'keeps those',
  };
  if (mayMore(then, now, rootUser) && holder.hold(permissions)) key.permissions = now.permissions;
  const limits = {
    word: `limits:${key.id}`,
    what,
    now: 'ends earlier, or is let in from fewer addresses, less often or for fewer arguments, now',
    becomes: 'keeps its limits',
  };
  if (!isNoWider(limitsFromRow(then), limitsFromRow(now)) && holder.hold(limits)) {
    const { expires_at_ms, allowed_addresses, rate_limit, quota, held_arguments } = now;
    Object.assign(key, { expires_at_ms, allowed_addresses, rate_limit, quota, held_arguments });
  }
  const maker = {
    word: `maker:${key.id}`,
    what,
    now: 'ends with the key that made it now',
    becomes: 'goes on doing so',
  };
  if (then.maker_id !== now.maker_id && now.maker_id !== null && holder.hold(maker))
    key.maker_id = now.maker_id;
  return key;
}

/** Empty permissions are everything for the root user and nothing for others. */
function mayMore(then: CopiedKey, now: CopiedKey, rootUser: string): boolean {
  const isRootUser = then.user_name === rootUser;
  if (isRootUser && now.permissions === '') return false;
  if (isRootUser && then.permissions === '') return true;
  const has = new Set(now.permissions.split(','));
  return then.permissions !== '' && then.permissions.split(',').some((name) => !has.has(name));
}

function describe({ user_name, comment }: CopiedKey): string {
  return comment === '' ? `access key of ${user_name}` : `access key of ${user_name}, "${comment}"`;
}
