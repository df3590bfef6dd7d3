import type { Actor } from '../audit/audit-event.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { DenyReason } from '../errors.js';
import type { ClientAddress } from '../network/client-address.js';
import type { Assertion } from '../sessions/passkeys/web-authn.js';
import type { Passkeys } from '../sessions/passkeys/passkeys.js';
import type { LoginLinks } from '../sessions/login-links.js';
import type { Session } from '../sessions/session.js';
import { LoginRefusal, type ProvedLogin, type Sessions } from '../sessions/sessions.js';
import { maskUnknownName, userNamePattern } from '../text/names.js';
import type { UserStore } from '../users/user-store.js';
import type { Users } from '../users/users.js';
import { deny, isTheClientsFault, type Deny } from './access-request.js';
import { denyForError, onceRecorded } from './failed-decision.js';
import { actorOfSession } from './authorize-session.js';
import type { FailureLimits } from './limits/failure-limits.js';
import type { PasswordJudge } from './secrets/own-passwords.js';
import { refuseSessionsFrom, type SessionPolicy } from './session-admission.js';

export type LoginCredential =
  | { kind: 'password'; user: string; password: string }
  | { kind: 'link'; token: string }
  | { kind: 'passkey'; assertion: Assertion };

export interface LoginRequest {
  client: ClientAddress;
  credential: LoginCredential;
}

export interface LoginAllow {
  outcome: 'allow';
  session: Session;
  /** The value of the cookie. */
  secret: string;
}

export type LoginDecision = LoginAllow | Deny;

export interface LogInParts {
  sessions: Sessions;
  links: LoginLinks;
  passkeys: Passkeys;
  users: Users;
  userStore: Pick<UserStore, 'changeNumber'>;
  passwords: PasswordJudge;
  failureLimits: FailureLimits;
  audit: AuditLog;
  policy: SessionPolicy;
  onError: (error: unknown) => void;
  onDecided?: (decision: LoginDecision, ms: number) => void;
}

/** Lets people in. Like the authorizers, it records before it answers and never throws. */
export class LogIn {
  private passwords: PasswordJudge;

  constructor(private readonly parts: LogInParts) {
    this.passwords = parts.passwords;
  }

  /** A panel supplies the users: it judges their passwords. */
  judgePasswordsWith(judge: PasswordJudge): void {
    this.passwords = judge;
  }

  async logIn(request: LoginRequest): Promise<LoginDecision> {
    const askedAtMs = performance.now();
    const decision = this.withFailureLimit(request, await this.decideAndRecord(request));
    this.parts.onDecided?.(decision, performance.now() - askedAtMs);
    return decision;
  }

  /** The record has why it failed, and a right password is let through all the same. */
  private withFailureLimit({ client, credential }: LoginRequest, decision: LoginDecision): LoginDecision {
    if (decision.outcome === 'allow' || decision.reason !== 'secret_mismatch') return decision;
    const isName = credential.kind === 'password' && userNamePattern.test(credential.user);
    const guessed = isName ? `password of ${credential.user}` : undefined;
    return this.parts.failureLimits.refuse({ client }, guessed) ?? decision;
  }

  private async decideAndRecord(request: LoginRequest): Promise<LoginDecision> {
    const decision = await this.decideSafely(request);
    return onceRecorded(decision, (made) => this.record(request, made));
  }

  private async decideSafely(request: LoginRequest): Promise<LoginDecision> {
    try {
      return await this.decide(request);
    } catch (error) {
      if (error instanceof LoginRefusal) return deny(error.reason);
      return denyForError(error, this.parts.onError);
    }
  }

  private async decide({ client, credential }: LoginRequest): Promise<LoginDecision> {
    const { policy, sessions, userStore } = this.parts;
    const refusal = refuseSessionsFrom(policy, client);
    if (refusal !== undefined) return deny(refusal);
    const provedAt = await userStore.changeNumber();
    const proved = await this.prove(credential, client);
    if (proved === undefined) return deny('secret_mismatch');
    try {
      const begun = await sessions.begin({ ...proved, provedAt, clientAddress: client.text });
      return { outcome: 'allow', ...begun };
    } catch (error) {
      if (error instanceof LoginRefusal) return deny(error.reason, proved.user);
      throw error;
    }
  }

  private prove(credential: LoginCredential, client: ClientAddress): Promise<Proved | undefined> {
    switch (credential.kind) {
      case 'link':
        return this.proveLink(credential.token);
      case 'passkey':
        return this.provePasskey(credential.assertion);
      case 'password':
        return this.provePassword(credential.user, credential.password, client);
    }
  }

  private async provePasskey(assertion: Assertion): Promise<Proved | undefined> {
    const proved = await this.parts.passkeys.prove(assertion);
    return proved && { ...proved, method: 'passkey' };
  }

  private async proveLink(token: string): Promise<Proved | undefined> {
    const { links } = this.parts;
    const link = await links.find(token);
    return (
      link && {
        user: link.user,
        method: 'link',
        confirm: (change, user) => links.use(token, change, user),
      }
    );
  }

  private async provePassword(
    user: string,
    password: string,
    { text }: ClientAddress,
  ): Promise<Proved | undefined> {
    const stillCounts = await this.passwords.judge(user, password, text);
    if (stillCounts === undefined) return undefined;
    return {
      user,
      method: 'password',
      confirm: async ({ trx }) => {
        if (!(await stillCounts(trx))) throw new LoginRefusal('secret_mismatch');
      },
    };
  }

  private async record({ client, credential }: LoginRequest, decision: LoginDecision): Promise<void> {
    const { audit } = this.parts;
    const isAllowed = decision.outcome === 'allow';
    const actor = isAllowed
      ? actorOfSession(decision.session)
      : provedReasons.has(decision.reason) && decision.user !== undefined
        ? ({ kind: 'session', user: decision.user, method: credential.kind } as const)
        : await this.actorOfFailure(credential);
    const event = {
      type: 'decision' as const,
      outcome: decision.outcome,
      actor,
      clientAddress: client.text,
      command: 'log-in',
      ...(!isAllowed && { reason: decision.reason, code: decision.code }),
    };
    const who = 'user' in actor ? (actor.user ?? '') : '';
    const login =
      !isAllowed && !isTheClientsFault(decision)
        ? undefined
        : {
            ...{ who: who === '' ? 'login' : who, clientAddress: client.text },
            ...{ launched: isAllowed ? '' : undefined, isLogin: true },
          };
    const isProved = isAllowed || provedReasons.has(decision.reason);
    await (isProved ? audit.append(event, login) : audit.appendFailure(event, login));
  }

  /** People type passwords where a name belongs: a name is written in full only where there is such a user. */
  private async actorOfFailure(credential: LoginCredential): Promise<Actor> {
    if (credential.kind !== 'password') return { kind: 'session', method: credential.kind };
    const { user } = credential;
    const isKnown = userNamePattern.test(user) && (await this.parts.users.exists(user).catch(() => false));
    return { kind: 'password', user: isKnown ? user : maskUnknownName(user) };
  }
}

type Proved = Pick<ProvedLogin, 'user' | 'method' | 'confirm'>;

/** Those of somebody who has proved who he is. */
const provedReasons: ReadonlySet<DenyReason> = new Set<DenyReason>([
  ...(['user_suspended', 'login_disabled', 'passkey_cloned'] as const),
]);
