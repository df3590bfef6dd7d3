import { allowAll } from '../allowlist/allow-list.js';
import { parseAddressRange, rangeContains } from '../network/address-range.js';
import { isNoWiderHeld } from '../catalogue/held-arguments.js';
import { readOnlyApi } from '../apis/read-only-api.js';
import { parseRoleFile, type RoleFile } from '../apis/role-file.js';
import { settingDefaults, type SettingName } from '../settings/settings.js';
import { emptyState, type CopiedLegacyKey, type CopiedUser, type State } from './copied-state.js';
import type { Copy } from './copy-format.js';
import type { RestoreGuard } from './restore-guard.js';
import { planAccessKeys } from './plan-access-keys.js';

/** Where a copy is restored. */
export interface Place {
  rootUser: string;
  pepperId: string;
  /** Users, API roles are a panel's: they stay as they are. */
  hasPanelUsers: boolean;
  hasPanelRoles: boolean;
}

/**
 * What the state is to be: the copy's, except for what would give back what was taken away since the copy was made.
 * Where the copy has something alive that is not alive now the holder is asked, and notes what it holds back.
 */
export function planRestore(copy: Copy, present: State, holder: RestoreGuard, place: Place): State {
  const samePepper = copy.head.pepperId === place.pepperId;
  const wanted = emptyState();
  wanted.settings = planSettings(copy.state, present, holder);
  wanted.allowed_addresses = planAllowList(copy.state, present, holder);
  wanted.apis = place.hasPanelRoles ? present.apis : planApis(copy.state, present, holder);
  wanted.users = planUsers(copy.state, present, holder, place);
  wanted.access_keys = planAccessKeys(copy.state, present, holder, { ...place, samePepper });
  wanted.legacy_keys = planLegacyKeys(copy.state, present, holder, samePepper);
  planAttempts(copy.state, present, wanted);
  wanted.quota_counts = planQuotaCounts(copy.state, present);
  // What was deleted is known for good, whichever of the two knows it.
  const deleted = new Set([...copy.state.deleted_keys, ...present.deleted_keys].map(({ id }) => id));
  wanted.deleted_keys = [...deleted].map((id) => ({ id }));
  return wanted;
}

/** The values of each switch, from the narrowest on. */
const widths: Record<SettingName, readonly string[]> = {
  API: ['no', 'yes'],
  API_SYSTEM: ['0', '1', '2'],
  DEMO_MODE: ['yes', 'no'],
};

function planSettings(copy: State, present: State, holder: RestoreGuard): State['settings'] {
  const valueIn = (state: State, name: SettingName): string =>
    state.settings.find((row) => row.name === name)?.value ?? settingDefaults[name];
  return (Object.keys(settingDefaults) as SettingName[]).map((name) => {
    const [then, now] = [valueIn(copy, name), valueIn(present, name)];
    const isWider = widths[name].indexOf(then) > widths[name].indexOf(now);
    const held = {
      word: `switch:${name}`,
      what: `it was '${then}'`,
      now: `is '${now}' now`,
      becomes: 'stays so',
    };
    return { name, value: isWider && holder.hold(held) ? now : then };
  });
}

function planAllowList(copy: State, present: State, holder: RestoreGuard): State['allowed_addresses'] {
  const allowed = present.allowed_addresses.map(({ entry }) => entry);
  return copy.allowed_addresses.filter(({ entry }) => {
    if (isCovered(entry, allowed)) return true;
    const held = {
      word: `address:${entry}`,
      what: 'it was let in',
      now: 'is not let in now',
      becomes: 'is left out',
    };
    return !holder.hold(held);
  });
}

function isCovered(entry: string, allowed: readonly string[]): boolean {
  if (allowed.includes(allowAll) || allowed.includes(entry)) return true;
  const range = parseAddressRange(entry);
  return allowed.some((each) => {
    // As an entry it stands for every address, but only where access keys are used.
    const other = each === '0.0.0.0' ? undefined : parseAddressRange(each);
    if (range === undefined || other === undefined || entry === '0.0.0.0') return false;
    return other.prefixLength <= range.prefixLength && rangeContains(other, range.network);
  });
}

function planApis(copy: State, present: State, holder: RestoreGuard): State['apis'] {
  const texts = new Map(present.apis.map(({ name, text }) => [name, text]));
  const planned = copy.apis.flatMap((api) => {
    // By a file of this name the name grants nothing; without one it grants more than the file did then.
    if (api.name === readOnlyApi) return [api];
    const text = texts.get(api.name);
    const now = text === undefined ? undefined : readRole(text);
    if (now !== undefined && !grantsMore(parseRoleFile(api.text), now)) return [api];
    const isHeld = holder.hold({
      word: `api:${api.name}`,
      what: 'it granted what it does not grant now',
      now: text === undefined ? 'is not here now' : 'grants less now',
      becomes: text === undefined ? 'is left out' : 'stays as it is',
    });
    if (!isHeld) return [api];
    return text === undefined ? [] : [{ name: api.name, text }];
  });
  return [...planned, ...planFileOfBuiltIn(copy, present, holder)];
}

/** A file that is only here: without it the built-in API of its name counts for the keys that have it. */
function planFileOfBuiltIn(copy: State, present: State, holder: RestoreGuard): State['apis'] {
  const isOfName = ({ name }: { name: string }): boolean => name === readOnlyApi;
  const file = present.apis.find(isOfName);
  if (file === undefined || copy.apis.some(isOfName)) return [];
  const held = {
    word: `api:${readOnlyApi}`,
    what: 'it granted every command that only reads',
    now: 'has a file of its name now, and grants nothing',
    becomes: 'stays so',
  };
  return holder.hold(held) ? [file] : [];
}

function readRole(text: string): RoleFile | undefined {
  try {
    return parseRoleFile(text);
  } catch {
    return undefined; // it grants nothing
  }
}

function grantsMore(then: RoleFile, now: RoleFile): boolean {
  const lacks = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].some((name) => !other.has(name));
  // Each of the two lets keys do what the other doesn't: `admin` those of administrators, `user` those of everybody.
  const isForMore = then.role !== undefined && then.role !== now.role;
  const isForOthers = !isNoWiderHeld(then.only, now.only);
  return isForMore || isForOthers || lacks(then.commands, now.commands) || lacks(then.safe, now.safe);
}

function planUsers(copy: State, present: State, holder: RestoreGuard, place: Place): State['users'] {
  const { rootUser, hasPanelUsers } = place;
  const users = new Map(present.users.map((user) => [user.name, user]));
  // The root user is always there; of a panel's users only its password is kept here.
  const restored = copy.users
    .filter(({ name }) => !hasPanelUsers || name === rootUser)
    .map((user) => planUser(user, users.get(user.name), holder));
  const has = new Set(restored.map(({ name }) => name));
  const staying = present.users.filter(({ name }) => !has.has(name) && (hasPanelUsers || name === rootUser));
  return [...restored, ...staying];
}

function planUser(then: CopiedUser, now: CopiedUser | undefined, holder: RestoreGuard): CopiedUser {
  const { name } = then;
  const word = `user:${name}`;
  const user = { ...then };
  if (then.role === 'admin' && now?.role !== 'admin') {
    const held = {
      ...{ word: `role:${name}`, what: 'the role admin', becomes: 'stays away' },
      now: now === undefined ? 'belongs to a user who is not here now' : 'is taken away now',
    };
    if (holder.hold(held, now === undefined ? word : undefined)) user.role = 'user';
  }
  if (now === undefined) {
    const held = { word, what: 'the user', now: 'is not here now', becomes: 'comes back suspended' };
    return then.is_suspended === 0 && holder.hold(held) ? { ...user, is_suspended: 1 } : user;
  }
  const suspended = { word, what: 'the user', now: 'is suspended now', becomes: 'stays suspended' };
  if (then.is_suspended < now.is_suspended && holder.hold(suspended)) user.is_suspended = 1;
  const login = {
    word: `login:${name}`,
    what: 'the way in with a password',
    now: 'is switched off now',
    becomes: 'stays off',
  };
  if (then.is_login_disabled < now.is_login_disabled && holder.hold(login)) user.is_login_disabled = 1;
  const password = {
    word: `password:${name}`,
    what: 'the password',
    now: now.password_hash === null ? 'is none now' : 'is another one now',
    becomes: 'stays so',
  };
  const isOther = then.password_hash !== null && then.password_hash !== now.password_hash;
  if (isOther && holder.hold(password)) user.password_hash = now.password_hash;
  return user;
}

/** Such a key can't be suspended, so one that is gone stays away. */
function planLegacyKeys(
  copy: State,
  present: State,
  holder: RestoreGuard,
  samePepper: boolean,
): CopiedLegacyKey[] {
  const keys = new Map(present.legacy_keys.map((key) => [key.id, key]));
  return copy.legacy_keys.flatMap((key) => {
    const now = keys.get(key.id);
    if (now !== undefined) return [now];
    const held = {
      word: `legacy:${key.id}`,
      what: 'the legacy API key',
      now: 'is not here now',
      becomes: 'is left out',
    };
    return holder.hold(held) ? [] : [{ ...key, lookup_index: samePepper ? key.lookup_index : null }];
  });
}

/** What was used up of a quota stays so: nobody gets a second allowance by a restore. */
function planQuotaCounts(copy: State, present: State): State['quota_counts'] {
  const counts = new Map<string, State['quota_counts'][number]>();
  for (const row of [...copy.quota_counts, ...present.quota_counts]) {
    const id = `${row.key_id} ${row.day}`;
    if (row.used > (counts.get(id)?.used ?? -1)) counts.set(id, row);
  }
  return [...counts.values()];
}

/** Failed attempts on secrets that can be guessed: nobody gets new ones by a restore. */
function planAttempts(copy: State, present: State, wanted: State): void {
  const guarded = new Set(wanted.access_keys.filter((key) => key.is_weak === 1).map((key) => key.id));
  if (wanted.legacy_keys.some((key) => key.is_weak === 1)) guarded.add('legacy keys');
  const failed = new Map<string, number>();
  for (const row of [...copy.weak_key_attempts, ...present.weak_key_attempts]) {
    failed.set(row.guarded_id, Math.max(row.failed, failed.get(row.guarded_id) ?? 0));
  }
  wanted.weak_key_attempts = [...failed]
    .filter(([id]) => guarded.has(id))
    .map(([id, count]) => ({ guarded_id: id, failed: count }));
  const addresses = [...copy.weak_key_addresses, ...present.weak_key_addresses];
  const unique = new Map(addresses.map((row) => [`${row.guarded_id} ${row.address}`, row]));
  wanted.weak_key_addresses = [...unique.values()].filter((row) => guarded.has(row.guarded_id));
}
