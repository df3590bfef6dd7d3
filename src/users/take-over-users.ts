import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import type { Changes } from '../storage/changes.js';
import type { Transaction } from '../storage/database.js';
import type { User } from './user.js';
import type { UserStore } from './user-store.js';
import { touchAdministrators } from './users.js';

/** A user of another installation; passwords are not taken over. */
export type ForeignUser = Omit<User, 'hasPassword'>;

/** The settings in which two users may differ, by the names that Hestia gives them. */
const compared = {
  CONTACT: (user: ForeignUser) => user.email,
  PACKAGE: (user: ForeignUser) => user.package,
  NAME: (user: ForeignUser) => `${user.firstName} ${user.lastName}`,
  SUSPENDED: (user: ForeignUser) => user.isSuspended,
  LOGIN_DISABLED: (user: ForeignUser) => user.isLoginDisabled,
  ROLE: (user: ForeignUser) => user.role,
} as const;

/** What becomes of a user: `different` is one that is here already, and not the same; it stays as it is. */
export type UserTakeOver = { is: 'taken' } | { is: 'present' } | { is: 'different'; in: string[] };

/** Takes over users of another installation, where no panel supplies them. */
export class TakeOverUsers {
  constructor(
    private readonly store: UserStore,
    private readonly changes: Changes,
    private readonly rootUser: string,
  ) {}

  /** What `takeOver` would make of each user, in their order. */
  async judge(users: readonly ForeignUser[], trx?: Transaction): Promise<UserTakeOver[]> {
    const verdicts: UserTakeOver[] = [];
    for (const user of users) {
      const present = await this.store.find(user.name, trx);
      verdicts.push(this.compare(user, present));
    }
    return verdicts;
  }

  /** Takes over what can be taken over, in one change. */
  async takeOver(users: readonly ForeignUser[], origin: ChangeOrigin): Promise<UserTakeOver[]> {
    const verdictsBefore = await this.judge(users);
    if (verdictsBefore.every((verdict) => verdict.is !== 'taken')) return verdictsBefore;
    return this.changes.run(async (change) => {
      const verdicts = await this.judge(users, change.trx);
      for (const [index, user] of users.entries()) {
        if (verdicts[index]?.is !== 'taken') continue;
        await this.write(change.trx, user);
        if (user.role === 'admin') touchAdministrators(change);
        change.touch('user', user.name);
        const role = user.role === 'admin' ? { role: user.role } : {};
        change.record(describeChange(origin, { user: user.name, ...role }));
      }
      return verdicts;
    });
  }

  private compare(user: ForeignUser, present: User | undefined): UserTakeOver {
    if (present === undefined) return { is: 'taken' };
    // The root user's is the same everywhere.
    if (user.name === this.rootUser) user = { ...user, role: present.role };
    const differing = Object.entries(compared)
      .filter(([, valueOf]) => valueOf(user) !== valueOf(present))
      .map(([name]) => name);
    if (differing.length === 0) return { is: 'present' };
    return this.isAsMade(present) ? { is: 'taken' } : { is: 'different', in: differing };
  }

  /** The root user is there from the first start on; what nobody has filled in yet is no difference. */
  private isAsMade(user: User): boolean {
    const isBlank = user.email === '' && user.firstName === '' && user.lastName === '';
    const isUntouched = user.package === 'default' && !user.isSuspended && !user.isLoginDisabled;
    return user.name === this.rootUser && isBlank && isUntouched;
  }

  private async write(trx: Transaction, user: ForeignUser): Promise<void> {
    if (await this.store.insert(trx, { ...user, hasPassword: false }, null)) return;
    await this.store.update(trx, user.name, {
      email: user.email,
      package: user.package,
      first_name: user.firstName,
      last_name: user.lastName,
      is_suspended: user.isSuspended ? 1 : 0,
      is_login_disabled: user.isLoginDisabled ? 1 : 0,
      created_at_ms: user.createdAtMs,
    });
  }
}
