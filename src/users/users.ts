import { AppError, notFound, ReturnCode } from '../errors.js';
import type { SlowHash } from '../secrets/slow-hash.js';
import type { Change, Changes } from '../storage/changes.js';
import type { Transaction } from '../storage/database.js';
import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { Logins, type ChangeOwned } from './logins.js';
import type { NewUser, User, UserRole } from './user.js';
import type { UserDirectory } from './user-directory.js';
import type { UserStore } from './user-store.js';

/** Who the users are, and what can be done to them where no panel supplies them. Each verb is one change. */
export class Users {
  private readonly owned: { delete: ChangeOwned; suspend: ChangeOwned }[] = [];
  readonly logins = new Logins();
  private lookElsewhere: ((name: string) => Promise<void>) | undefined;

  constructor(
    private readonly store: UserStore,
    private readonly changes: Changes,
    private readonly slowHash: SlowHash,
    private readonly rootUser: string,
    private readonly directory: UserDirectory = store,
    private readonly now: () => number = Date.now,
  ) {}

  /** Things of this kind go with a user who is deleted, and are suspended when one has vanished elsewhere. */
  ownThings(things: { delete: ChangeOwned; suspend: ChangeOwned }): void {
    this.owned.push(things);
  }

  /** A panel elsewhere may have users who are not known here yet: `look` takes such a one over. */
  lookForUnknown(look: (name: string) => Promise<void>): void {
    this.lookElsewhere = look;
  }

  /** Whether there is such a user, here or at a panel elsewhere, which is asked where it has to be. */
  async isKnown(name: string): Promise<boolean> {
    const user = await this.find(name);
    // One who is suspended may be missing there, or be another one by now.
    if (user?.isSuspended === false || this.lookElsewhere === undefined) return user !== undefined;
    await this.lookElsewhere(name);
    return this.exists(name);
  }

  /** Makes sure that the root user is there; a new one has no password. */
  async ensureRootUser(): Promise<void> {
    if ((await this.store.find(this.rootUser)) !== undefined) return;
    const user = { name: this.rootUser, email: '', package: 'default', firstName: '', lastName: '' };
    try {
      await this.insert({ ...user, password: undefined, role: 'user' }, null, { actor: { kind: 'service' } });
    } catch (error) {
      // Another node that starts at the same time was first.
      if (!(error instanceof AppError && error.code === ReturnCode.EXISTS)) throw error;
    }
  }

  async get(name: string): Promise<User> {
    const user = await this.directory.find(name);
    if (user === undefined) throw notFound(`user ${name}`);
    return user;
  }

  async find(name: string, trx?: Transaction): Promise<User | undefined> {
    return this.directory.find(name, trx);
  }

  async exists(name: string, trx?: Transaction): Promise<boolean> {
    return (await this.directory.find(name, trx)) !== undefined;
  }

  async list(): Promise<User[]> {
    return this.directory.list();
  }

  async add(user: NewUser, origin: ChangeOrigin): Promise<void> {
    // Before the hash: a name that is taken should not cost an argon2 run.
    if ((await this.store.find(user.name)) !== undefined) throw exists(user.name);
    const hash = user.password === undefined ? null : await this.slowHash.hash(user.password);
    await this.insert(user, hash, origin);
  }

  async delete(name: string, origin: ChangeOrigin): Promise<void> {
    this.requireNotRootUser(name, 'deleted');
    await this.change(name, origin, async (change, { role }) => {
      await this.deleteOwned(change, name);
      await this.store.delete(change.trx, name);
      if (role === 'admin') touchAdministrators(change);
    });
  }

  /** Takes what a user owns out of the store, as part of a change. */
  async deleteOwned(change: Change, name: string): Promise<void> {
    await this.logins.end(change, name);
    for (const things of this.owned) await things.delete(change, name);
  }

  /** Suspends what a user owns who has vanished, as part of a change. */
  async suspendOwned(change: Change, name: string): Promise<void> {
    await this.logins.end(change, name);
    for (const things of this.owned) await things.suspend(change, name);
  }

  async suspend(name: string, origin: ChangeOrigin): Promise<void> {
    this.requireNotRootUser(name, 'suspended');
    await this.change(name, origin, async (change, user) => {
      if (user.isSuspended) throw new AppError(ReturnCode.SUSPENDED, `user ${name} is already suspended`);
      await this.store.update(change.trx, name, { is_suspended: 1 });
      await this.logins.end(change, name);
    });
  }

  async unsuspend(name: string, origin: ChangeOrigin): Promise<void> {
    await this.change(name, origin, async (change, user) => {
      if (!user.isSuspended) throw new AppError(ReturnCode.UNSUSPENDED, `user ${name} is not suspended`);
      if (this.isAdministrator(user)) {
        const target = { user: name, suspended: 'no' };
        await change.requireApproved({ kind: 'administrator', origin, target });
      }
      await this.store.update(change.trx, name, { is_suspended: 0 });
    });
  }

  async changePassword(name: string, password: string, origin: ChangeOrigin): Promise<void> {
    await this.get(name);
    const hash = await this.slowHash.hash(password);
    await this.change(name, origin, async (change, user) => {
      if (this.isAdministrator(user)) {
        const widening = { kind: 'credentials', origin, target: { user: name, password: 'changed' } };
        const exact = [password, user.createdAtMs];
        await change.requireApproved({ ...widening, exact, owner: name });
      }
      await this.store.update(change.trx, name, { password_hash: hash });
      await this.logins.end(change, name);
    });
  }

  async changePackage(name: string, packageName: string, origin: ChangeOrigin): Promise<void> {
    await this.change(name, origin, (change) =>
      this.store.update(change.trx, name, { package: packageName }),
    );
  }

  /**
   * Makes a user an administrator, or an ordinary user again. Who is the root user stays as it is.
   *
   * @throws AppError 3, 10 (the root user)
   */
  async changeRole(name: string, role: UserRole, origin: ChangeOrigin): Promise<void> {
    this.requireNotRootUser(name, 'given another role');
    const work = async (change: Change, user: User): Promise<void> => {
      if (user.role === role) return;
      const target = { user: name, role, since: new Date(user.createdAtMs).toISOString() };
      if (role === 'admin') await this.requireApprovedAdministrator(change, target, origin);
      await this.store.update(change.trx, name, { role });
      touchAdministrators(change);
    };
    await this.change(name, origin, work, { role });
  }

  /** Switches logins off or on, those with a password and sessions; the access keys go on. */
  async setLoginDisabled(name: string, isDisabled: boolean, origin: ChangeOrigin): Promise<void> {
    await this.change(name, origin, async (change, user) => {
      if (!isDisabled && user.isLoginDisabled && this.isAdministrator(user)) {
        const target = { user: name, loginDisabled: 'no' };
        await change.requireApproved({ kind: 'administrator', origin, target });
      }
      await this.store.update(change.trx, name, { is_login_disabled: isDisabled ? 1 : 0 });
      if (isDisabled) await this.logins.end(change, name);
    });
  }

  /** Whether somebody is the root user or an administrator. */
  isAdministrator({ name, role }: Pick<User, 'name' | 'role'>): boolean {
    return name === this.rootUser || role === 'admin';
  }

  /**
   * What somebody logs in with who becomes an administrator was not protected before, and others may know it: it ends
   * where two persons are needed. A login link lets him in, and he chooses his own.
   */
  private async requireApprovedAdministrator(
    change: Change,
    target: Record<string, string>,
    origin: ChangeOrigin,
  ): Promise<void> {
    if (!change.needsApproval) return;
    await change.requireApproved({ kind: 'administrator', origin, target });
    const { user = '' } = target;
    await this.logins.endAll(change, user);
    await this.store.update(change.trx, user, { password_hash: null });
  }

  private requireNotRootUser(name: string, what: string): void {
    if (name === this.rootUser) throw new AppError(ReturnCode.FORBIDDEN, `the root user can not be ${what}`);
  }

  private async insert(user: NewUser, hash: string | null, origin: ChangeOrigin): Promise<void> {
    await this.changes.run(async (change) => {
      if (user.role === 'admin') {
        const { password: _unused, name, ...target } = user;
        await this.requireApprovedAdministrator(change, { user: name, ...target }, origin);
        // Somebody else chose it, who could be the second person then.
        if (change.needsApproval) hash = null;
      }
      const row: User = {
        ...user,
        hasPassword: hash !== null,
        isSuspended: false,
        isLoginDisabled: false,
        createdAtMs: this.now(),
      };
      if (!(await this.store.insert(change.trx, row, hash))) throw exists(user.name);
      if (user.role === 'admin') touchAdministrators(change);
      change.touch('user', user.name);
      const role = user.role === 'admin' ? { role: user.role } : {};
      change.record(describeChange(origin, { user: user.name, ...role }));
    });
  }

  private async change(
    name: string,
    origin: ChangeOrigin,
    work: (change: Change, user: User) => Promise<void>,
    told: Record<string, string> = {},
  ): Promise<void> {
    await this.changes.run(async (change) => {
      const user = await this.store.find(name, change.trx);
      if (user === undefined) throw notFound(`user ${name}`);
      await work(change, user);
      change.touch('user', name);
      change.record(describeChange(origin, { user: name, ...told }));
    });
  }
}

/** Who is an administrator is read with the switches, so that a decision about another user's key knows it too. */
export function touchAdministrators(change: Change): void {
  change.touch('settings', '');
}

function exists(name: string): AppError {
  return new AppError(ReturnCode.EXISTS, `user ${name} already exists`);
}
