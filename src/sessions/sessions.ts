import { describeChange, type ChangeOrigin } from '../audit/audit-event.js';
import { AppError, denyReasons, notFound, type DenyReason } from '../errors.js';
import { maySeeOf, type Authority } from '../keys/makers/authority.js';
import { generateSessionId } from '../secrets/generated-secret.js';
import type { Change, Changes } from '../storage/changes.js';
import type { Transaction } from '../storage/database.js';
import type { User } from '../users/user.js';
import type { Users } from '../users/users.js';
import { endLoginsOf, lastEndOf } from './ended-login-store.js';
import { isOver, mostSessions, type LoginMethod, type Session } from './session.js';
import type { SessionPlace, SessionStore } from './session-store.js';
import type { SessionTokens } from './session-tokens.js';
import type { SessionUses } from './session-uses.js';

export interface SessionsParts {
  store: SessionStore;
  tokens: SessionTokens;
  uses: SessionUses;
  users: Users;
  changes: Changes;
  now?: () => number;
}

/** Somebody who has proved who he is. */
export interface ProvedLogin {
  user: string;
  method: LoginMethod;
  clientAddress: string;
  /** The newest change before the proof: what has ended the user's sessions since then ends this one, too. */
  provedAt: number;
  /** Asks, as part of the change, whether the proof still counts, and uses it up. */
  confirm: (change: Change, user: User) => Promise<void>;
}

/** A login that comes to nothing, with the reason for the record. */
export class LoginRefusal extends AppError {
  constructor(readonly reason: DenyReason) {
    super(denyReasons[reason], reason);
  }
}

/** Who is logged in. Each verb is one change. */
export class Sessions {
  private readonly now: () => number;

  constructor(private readonly parts: SessionsParts) {
    this.now = parts.now ?? Date.now;
  }

  /**
   * Begins a session. Its secret is in the answer and nowhere else.
   *
   * @throws LoginRefusal where the user may not log in, or the proof counts no more
   */
  async begin(login: ProvedLogin): Promise<{ session: Session; secret: string }> {
    const { changes, store, tokens, users } = this.parts;
    const { user: name, method, clientAddress, provedAt } = login;
    const secret = tokens.make('session');
    const session = await changes.run(async (change) => {
      const { trx } = change;
      const user = await users.find(name, trx);
      if (user === undefined || (await lastEndOf(name, trx)) > provedAt)
        throw new LoginRefusal('secret_mismatch');
      await login.confirm(change, user);
      requireMayLogIn(user);
      await this.makeRoom(name, trx);
      const nowMs = this.now();
      const times = { userCreatedAtMs: user.createdAtMs, createdAtMs: nowMs, lastSeenAtMs: nowMs };
      const session = { id: generateSessionId(), user: name, method, clientAddress, ...times };
      await store.insert(trx, session, tokens.digestOf('session', secret) ?? '');
      const actor = { kind: 'session', user: name, sessionId: session.id, method } as const;
      change.record(describeChange({ actor, clientAddress, command: 'log-in' }, targetOf(session)));
      return session;
    });
    return { session, secret };
  }

  /** Whether it can be one at all; asks nothing of the store. */
  isSecret(secret: string): boolean {
    return this.parts.tokens.digestOf('session', secret) !== undefined;
  }

  /** @param secret - the cookie's value */
  async findBySecret(secret: string, trx: Transaction): Promise<Session | undefined> {
    const digest = this.parts.tokens.digestOf('session', secret);
    return digest === undefined ? undefined : this.parts.store.findBySecret(digest, trx);
  }

  /** Whether it goes on: it was not idle for too long, is not too old, and its user is the one who logged in. */
  isAlive(session: Session, user: Pick<User, 'createdAtMs'>, nowMs: number): boolean {
    const seenAtMs = Math.max(session.lastSeenAtMs, this.parts.uses.lastOf(session.id) ?? 0);
    return user.createdAtMs === session.userCreatedAtMs && !isOver(session, seenAtMs, nowMs);
  }

  noteUse({ id }: Session, atMs: number): void {
    this.parts.uses.note(id, atMs);
  }

  /** Whether a session of that ID is there still; for what it has begun. */
  async goesOn(id: string, trx: Transaction): Promise<boolean> {
    return (await this.parts.store.find(id, trx)) !== undefined;
  }

  /** Those that go on, the newest first: of a user, or of all. */
  async list(user: string | undefined): Promise<Session[]> {
    return this.thoseThatGoOn(await this.parts.store.list(user));
  }

  /** @returns as many as there are, up to the limit, and after which the next page begins; undefined: there is none */
  async page(
    user: string | undefined,
    limit: number,
    after?: SessionPlace,
  ): Promise<{ sessions: Session[]; last?: SessionPlace }> {
    const read = await this.parts.store.list(user, limit + 1, after);
    const last = read.length > limit ? read[limit - 1] : undefined;
    const sessions = this.thoseThatGoOn(read.slice(0, limit));
    return { sessions, ...(last !== undefined && { last: { createdAtMs: last.createdAtMs, id: last.id } }) };
  }

  /** @throws AppError 3 where there is none, or none that the authority may see */
  async end(id: string, authority: Authority, origin: ChangeOrigin): Promise<void> {
    const { changes, store } = this.parts;
    await changes.run(async (change) => {
      const session = await store.find(id, change.trx);
      if (session === undefined || !maySeeOf(authority, session.user)) throw notFound(`session ${id}`);
      await store.delete(change.trx, [id]);
      change.record(describeChange(origin, targetOf(session)));
    });
  }

  /**
   * Ends all sessions of a user, and what could begin one: links, and logins under way. None is no error.
   *
   * @returns how many sessions there were
   * @throws AppError 3
   */
  async endOf(user: string, origin: ChangeOrigin): Promise<number> {
    const { changes, users } = this.parts;
    return changes.run(async (change) => {
      if (!(await users.exists(user, change.trx))) throw notFound(`user ${user}`);
      const ended = await endLoginsOf(change, user);
      change.record(describeChange(origin, { user, sessions: String(ended.length) }));
      return ended.length;
    });
  }

  private thoseThatGoOn(sessions: readonly Session[]): Session[] {
    const nowMs = this.now();
    return sessions
      .map((session) => ({
        ...session,
        lastSeenAtMs: this.parts.uses.lastOf(session.id) ?? session.lastSeenAtMs,
      }))
      .filter((session) => !isOver(session, session.lastSeenAtMs, nowMs));
  }

  private async makeRoom(user: string, trx: Transaction): Promise<void> {
    const { store } = this.parts;
    const sessions = await store.list(user, undefined, undefined, trx);
    if (sessions.length < mostSessions) return;
    const idlest = sessions.sort((one, other) => one.lastSeenAtMs - other.lastSeenAtMs);
    await store.delete(
      trx,
      idlest.slice(0, sessions.length - mostSessions + 1).map(({ id }) => id),
    );
  }
}

/** @throws LoginRefusal */
function requireMayLogIn({ isSuspended, isLoginDisabled }: User): void {
  if (isSuspended) throw new LoginRefusal('user_suspended');
  if (isLoginDisabled) throw new LoginRefusal('login_disabled');
}

function targetOf({ id, user, method }: Session): Record<string, string> {
  return { sessionId: id, user, method };
}
