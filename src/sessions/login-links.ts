import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, notFound, ReturnCode } from '../errors.js';
import type { Change, Changes } from '../storage/changes.js';
import type { User } from '../users/user.js';
import type { Users } from '../users/users.js';
import type { LoginLink, LoginLinkStore } from './login-link-store.js';
import { LoginRefusal } from './sessions.js';
import type { SessionTokens } from './session-tokens.js';

export const linkLife = { usualMs: 600_000, longestMs: 86_400_000 };

export interface LoginLinksParts {
  store: LoginLinkStore;
  tokens: SessionTokens;
  users: Users;
  changes: Changes;
  now?: () => number;
}

/** Links that an operator makes, each of which begins one session of a user. */
export class LoginLinks {
  private readonly now: () => number;

  constructor(private readonly parts: LoginLinksParts) {
    this.now = parts.now ?? Date.now;
  }

  /**
   * @returns the token: it is in the answer and nowhere else
   * @throws AppError 3 (no such user), 5 (suspended), 10 (LOGIN_DISABLED)
   */
  async make(name: string, lifeMs: number, origin: ChangeOrigin): Promise<string> {
    const { store, tokens, users, changes } = this.parts;
    const token = tokens.make('link');
    await changes.run(async (change) => {
      const user = await users.find(name, change.trx);
      if (user === undefined) throw notFound(`user ${name}`);
      if (user.isSuspended) throw new AppError(ReturnCode.SUSPENDED, `user ${name} is suspended`);
      if (user.isLoginDisabled)
        throw new AppError(ReturnCode.FORBIDDEN, `user ${name} may not log in (LOGIN_DISABLED)`);
      if (users.isAdministrator(user)) {
        const target = { user: name, link: 'made', lifeMs: String(lifeMs) };
        const exact = user.createdAtMs;
        await change.requireApproved({ kind: 'credentials', origin, target, exact, owner: name });
      }
      const endsAtMs = this.now() + lifeMs;
      const link = { user: name, userCreatedAtMs: user.createdAtMs, endsAtMs };
      await store.insert(change.trx, tokens.digestOf('link', token) ?? '', link);
      const target = { user: name, expires: new Date(endsAtMs).toISOString() };
      change.record(describeChange(origin, target));
    });
    return token;
  }

  /** @returns undefined for a token that is none, or counts no more */
  async find(token: string): Promise<LoginLink | undefined> {
    const digest = this.parts.tokens.digestOf('link', token);
    const link = digest === undefined ? undefined : await this.parts.store.find(digest);
    return link !== undefined && link.endsAtMs > this.now() ? link : undefined;
  }

  /**
   * Takes the link away as part of the change that begins the session: it counts once.
   *
   * @throws LoginRefusal
   */
  async use(token: string, { trx }: Change, user: User): Promise<void> {
    const { store, tokens } = this.parts;
    const digest = tokens.digestOf('link', token) ?? '';
    const link = await store.find(digest, trx);
    const isGood =
      link?.user === user.name && link.userCreatedAtMs === user.createdAtMs && link.endsAtMs > this.now();
    if (!isGood) throw new LoginRefusal('secret_mismatch');
    await store.delete(trx, digest);
  }
}
