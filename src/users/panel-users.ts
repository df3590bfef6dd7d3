import { loneSurrogatePattern } from '../text/byte-text.js';
import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, ReturnCode } from '../errors.js';
import type { SlowHash } from '../secrets/slow-hash.js';
import type { Change, Changes } from '../storage/changes.js';
import type { HestiaUsers } from './hestia-users.js';
import { oneLineOrEmpty, type NewUser, type User, type UserRole } from './user.js';
import type { UserStore } from './user-store.js';
import { touchAdministrators, type Users } from './users.js';

/** What the panel itself says of a user; `unknown` while it can't be asked. */
export type StateAtPanel = 'absent' | 'suspended' | 'active' | 'unknown';

/** What a panel tells of a user. */
export type ToldUser = Omit<NewUser, 'password' | 'role'>;

export interface PanelUsersParts {
  store: UserStore;
  users: Users;
  changes: Changes;
  slowHash: SlowHash;
  rootUser: string;
  /** The panel's users as they are in its tree; undefined: what is known of them is kept in the store. */
  live: HestiaUsers | undefined;
  now?: () => number;
}

/**
 * Where a panel supplies the users: takes over what the panel has just done to one of them. It counts, on every node,
 * when the verb returns.
 */
export class PanelUsers {
  constructor(private readonly parts: PanelUsersParts) {}

  /** Keys that are here already belonged to another user of that name, whom the panel doesn't have any more. */
  async added(user: ToldUser, origin: ChangeOrigin): Promise<void> {
    const { store, users, rootUser, live, now = Date.now } = this.parts;
    await this.follow(user.name, origin, async (change, known) => {
      if (user.name !== rootUser) await users.suspendOwned(change, user.name);
      if (live !== undefined) return;
      if (known === undefined) await this.insert(change, user, false);
      else await store.update(change.trx, user.name, { is_suspended: 0, created_at_ms: now() });
      // Whom a panel adds is an ordinary user until its list says otherwise.
      await this.setRole(change, known, 'user');
    });
    live?.forgetIdentity(user.name);
  }

  /**
   * The panel's tree as it is now, where there is one on this machine.
   *
   * @returns undefined where the panel is elsewhere
   */
  inTree(name: string): StateAtPanel | undefined {
    const { live } = this.parts;
    if (live === undefined) return undefined;
    const user = live.lookAnew(name);
    return user === undefined ? 'absent' : user.isSuspended ? 'suspended' : 'active';
  }

  /** Its access keys are deleted with it. */
  async deleted(name: string, origin: ChangeOrigin): Promise<void> {
    const { store, users, rootUser, live } = this.parts;
    if (name === rootUser) return;
    await this.follow(name, origin, async (change) => {
      await users.deleteOwned(change, name);
      await store.delete(change.trx, name);
      touchAdministrators(change);
    });
    live?.forgetIdentity(name);
  }

  async suspended(name: string, isSuspended: boolean, origin: ChangeOrigin): Promise<void> {
    const { store, users, live, rootUser } = this.parts;
    if (isSuspended && name === rootUser) return;
    await this.follow(name, origin, async (change, known) => {
      if (isSuspended) await users.logins.end(change, name);
      if (live !== undefined) return;
      if (known !== undefined) await store.update(change.trx, name, { is_suspended: isSuspended ? 1 : 0 });
      else await this.insert(change, { ...unknownDetails, name }, isSuspended);
    });
  }

  /** Another role, as the panel has it now. */
  async roleChanged(name: string, role: UserRole, origin: ChangeOrigin): Promise<void> {
    if (this.parts.live !== undefined) {
      this.parts.live.forget(name);
      return;
    }
    await this.follow(name, origin, (change, known) => this.setRole(change, known, role));
  }

  async loginDisabled(name: string, isLoginDisabled: boolean, origin: ChangeOrigin): Promise<void> {
    const { store, users, live } = this.parts;
    await this.follow(name, origin, async (change, known) => {
      if (isLoginDisabled) await users.logins.end(change, name);
      if (live !== undefined || known === undefined) return;
      await store.update(change.trx, name, { is_login_disabled: isLoginDisabled ? 1 : 0 });
    });
  }

  /** To be called before a panel elsewhere is asked: what has changed since then is newer than its answer. */
  async askedAt(): Promise<number> {
    return this.parts.store.changeNumber();
  }

  /** A user as a panel elsewhere had it. Nothing is changed, and nothing recorded, where that is known already. */
  async seen(user: ToldUser & { role?: UserRole }, isSuspended: boolean, askedAt: number): Promise<void> {
    const { store, users, rootUser } = this.parts;
    // A panel's list suspends no root user: its keys would be shut out with nobody left to undo it.
    if (isSuspended && user.name === rootUser) return;
    const known = await store.find(user.name);
    const { role = known?.role ?? 'user' } = user;
    if (known?.isSuspended === isSuspended) {
      if (known.role === role || user.name === rootUser) return;
      // While a node protects no administrators the user stays an ordinary one: that is no news each time.
      if (role === 'admin' && !(await store.keepsAdministrators())) return;
    }
    await this.follow(user.name, byPanel, async (change, before) => {
      if ((await store.lastChange(user.name, change.trx)) > askedAt) return;
      if (isSuspended) await users.logins.end(change, user.name);
      if (before === undefined) await this.insert(change, user, isSuspended);
      else await store.update(change.trx, user.name, { is_suspended: isSuspended ? 1 : 0 });
      await this.setRole(change, before ?? { role: 'user', name: user.name }, role);
    });
  }

  private async setRole(
    change: Change,
    known: Pick<User, 'name' | 'role'> | undefined,
    role: UserRole,
  ): Promise<void> {
    const { store, rootUser } = this.parts;
    if (known === undefined || known.role === role || known.name === rootUser) return;
    try {
      await store.update(change.trx, known.name, { role });
    } catch (error) {
      // A node is too old to protect an administrator: the user stays an ordinary one until the list is read again.
      if (error instanceof AppError && error.code === ReturnCode.BUSY) return;
      throw error;
    }
    touchAdministrators(change);
  }

  /** A panel elsewhere no longer has this user: its keys are suspended, so that the next of that name doesn't get them. */
  async vanished(name: string, askedAt: number): Promise<void> {
    const { store, users, rootUser } = this.parts;
    if (name === rootUser) return;
    await this.follow(name, byPanel, async (change) => {
      if ((await store.lastChange(name, change.trx)) > askedAt) return;
      await users.suspendOwned(change, name);
      await store.delete(change.trx, name);
      touchAdministrators(change);
    });
  }

  /**
   * Of the root user alone the password is kept here, as a hash, for the legacy API. One that is not UTF-8 is none
   * that anybody could log in with here; the one before it has ended all the same. Sessions of any user end.
   *
   * @param password - undefined: only the panel knows it, so that the old one ends here and no other takes its place
   */
  async passwordChanged(name: string, password: string | undefined, origin: ChangeOrigin): Promise<void> {
    const { store, users, slowHash, rootUser } = this.parts;
    const isKept = name === rootUser && password !== undefined && !loneSurrogatePattern.test(password);
    const hash = isKept ? await slowHash.hash(password) : null;
    await this.follow(name, origin, async (change) => {
      await users.logins.end(change, name);
      if (name === rootUser) await store.update(change.trx, name, { password_hash: hash });
    });
  }

  private async follow(
    name: string,
    origin: ChangeOrigin,
    work: (change: Change, known: User | undefined) => Promise<void>,
  ): Promise<void> {
    const { changes, store } = this.parts;
    await changes.run(async (change) => {
      await work(change, await store.find(name, change.trx));
      if (origin !== byPanel) await store.update(change.trx, name, { changed_number: change.number });
      change.touch('user', name);
      change.record(describeChange(origin, { user: name }));
    });
  }

  private async insert(change: Change, user: ToldUser, isSuspended: boolean): Promise<void> {
    const { store, now = Date.now } = this.parts;
    const state = {
      ...{ hasPassword: false, isSuspended, isLoginDisabled: false, createdAtMs: now() },
      role: 'user' as const,
    };
    const texts = {
      email: oneLineOrEmpty(user.email),
      package: oneLineOrEmpty(user.package),
      firstName: oneLineOrEmpty(user.firstName),
      lastName: oneLineOrEmpty(user.lastName),
    };
    await store.insert(change.trx, { name: user.name, ...texts, ...state }, null);
  }
}

/** What the panel did without being asked from here. */
const byPanel: ChangeOrigin = { actor: { kind: 'service' } };

const unknownDetails = { email: '', package: '', firstName: '', lastName: '' };
