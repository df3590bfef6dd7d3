import type { Transaction } from '../../storage/database.js';
import type { HestiaUsers } from '../../users/hestia-users.js';
import type { UserDirectory } from '../../users/user-directory.js';
import type { UserStore } from '../../users/user-store.js';
import type { OwnerFacts } from './decision-facts.js';

export interface OwnerSources {
  users: Pick<UserStore, 'find' | 'list' | 'administrators'>;
  /** Where a panel on this machine supplies the users: they are looked at there, live. */
  panelUsers?: HestiaUsers | undefined;
}

/** The owners of keys, by name; those who are nowhere are left out. */
export async function readOwners(
  { users, panelUsers }: OwnerSources,
  keys: readonly { user: string }[],
  trx: Transaction,
): Promise<Map<string, OwnerFacts>> {
  const directory: UserDirectory = panelUsers ?? users;
  const owners = new Map<string, OwnerFacts>();
  for (const name of new Set(keys.map(({ user }) => user))) {
    const user = await directory.find(name, trx);
    if (user !== undefined) owners.set(name, { isSuspended: user.isSuspended, role: user.role });
  }
  return owners;
}

/** At a panel on this machine a user is looked at when it is asked for, as the panel has it then. */
export async function readAdministrators(
  { users, panelUsers }: OwnerSources,
  trx: Transaction,
): Promise<(name: string) => boolean> {
  if (panelUsers !== undefined) return (name) => panelUsers.isAdministrator(name);
  const names = new Set([...(await users.administrators(trx))].map((name) => name.toLowerCase()));
  return (name) => names.has(name.toLowerCase());
}
