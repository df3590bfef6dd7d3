import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import type { Change } from '../storage/changes.js';
import type { Difference } from './backup-store.js';
import type { Copy } from './copy-format.js';
import type { State } from './copied-state.js';
import type { RestoreExclusion } from './restore-guard.js';

/** What a restore did, for those who keep facts and for the audit. */
interface Restored {
  copy: Copy;
  sha256: string;
  present: State;
  wanted: State;
  difference: Difference;
  changedApis: readonly string[];
  held: readonly RestoreExclusion[];
}

/** An event for the restore, and one for each thing that it changed. */
export function recordRestored(
  change: Change,
  origin: ChangeOrigin,
  { copy, sha256, present, wanted, difference, changedApis, held }: Restored,
): void {
  const record = (target: Record<string, string>) => change.record(describeChange(origin, target));
  record({ copy: copy.head.createdAt, sha256, heldBack: String(held.length) });
  change.touch('settings', '');
  const { users, access_keys: keys, legacy_keys: legacyKeys, allowed_addresses: addresses } = difference;
  const suspendedUsers = suspendedIn(wanted.users, ({ name }) => name);
  for (const [name, fate] of fates(users)) {
    change.touch('user', name);
    record({ user: name, restored: suspendedUsers.has(name) ? 'suspended' : fate });
  }
  const ownerOf = new Map(
    [...present.access_keys, ...wanted.access_keys].map((key) => [key.id, key.user_name]),
  );
  const suspendedKeys = suspendedIn(wanted.access_keys, ({ id }) => id);
  for (const [id, fate] of fates(keys)) {
    change.touch('access_key', id);
    const restored = suspendedKeys.has(id) ? 'suspended' : fate;
    record({ accessKeyId: id, user: ownerOf.get(id) ?? '', restored });
  }
  for (const [id, restored] of fates(legacyKeys)) record({ legacyKeyId: id, restored });
  for (const [address, restored] of fates(addresses)) record({ address, restored });
  for (const api of changedApis)
    record({ api, restored: wanted.apis.some(({ name }) => name === api) ? 'yes' : 'removed' });
  const written = new Set(difference.settings.written);
  const switches = wanted.settings.filter(({ name }) => written.has(name));
  if (switches.length > 0) record(Object.fromEntries(switches.map(({ name, value }) => [name, value])));
}

function suspendedIn<T extends { is_suspended: number }>(
  rows: readonly T[],
  nameOf: (row: T) => string,
): Set<string> {
  return new Set(rows.filter(({ is_suspended }) => is_suspended === 1).map(nameOf));
}

function fates({ written, removed }: { written: string[]; removed: string[] }): [string, string][] {
  return [
    ...written.map((id): [string, string] => [id, 'yes']),
    ...removed.map((id): [string, string] => [id, 'removed']),
  ];
}
