import type { AuditLog } from '../../audit/audit-log.js';
import { AppError, ReturnCode, type DenyReason } from '../../errors.js';
import type { UserStore } from '../../users/user-store.js';
import { deny, type Deny } from '../access-request.js';
import type { ClientAddress } from '../../network/client-address.js';
import type { FailureLimits } from '../limits/failure-limits.js';
import type { Facts } from '../facts/facts.js';
import type { PasswordVerifier } from './password-verifier.js';

export interface PasswordCheckParts {
  facts: Facts;
  store: UserStore;
  passwords: PasswordVerifier;
  failureLimits: FailureLimits;
  audit: AuditLog;
  onError: (error: unknown) => void;
}

/** Somebody who logs in elsewhere, as the caller says. */
export interface PasswordQuestion {
  user: string;
  password: string;
  /** Where that is said to come from: it is recorded as claimed, and never gets into `auth.log`. */
  claimed: ClientAddress;
  /** Where the question comes from. */
  askedFrom: string;
  /** Who says that the password came from there. */
  claimedBy: string;
}

export type PasswordDecision = { outcome: 'allow' } | Deny;

/**
 * Whether a password is that of a user who may log in, for somebody who may do everything anyway. Nothing is run by it.
 * It is recorded before it is answered, and failures that are too many are told so.
 */
export class PasswordCheck {
  constructor(private readonly parts: PasswordCheckParts) {}

  async check(question: PasswordQuestion): Promise<PasswordDecision> {
    const { audit, failureLimits } = this.parts;
    const reason = await this.decideSafely(question);
    // People type passwords where a name belongs: only names of users are recorded.
    const known = await this.parts.store.find(question.user).catch(() => undefined);
    const decision: PasswordDecision = reason === undefined ? { outcome: 'allow' } : deny(reason);
    const event = {
      type: 'decision' as const,
      outcome: decision.outcome,
      actor: { kind: 'password' as const, user: known?.name ?? 'unknown' },
      clientAddress: question.askedFrom,
      command: 'v-check-user-password',
      target: { claimedAddress: question.claimed.text },
      ...(decision.outcome === 'deny' && { reason: decision.reason, code: decision.code }),
    };
    try {
      await audit.append(event);
    } catch {
      return deny('audit_unavailable'); // the audit log has reported why
    }
    if (reason !== 'secret_mismatch') return decision;
    return (
      failureLimits.refuse(
        { client: question.claimed, addressClaimedBy: question.claimedBy },
        `password of ${question.user}`,
      ) ?? decision
    );
  }

  private async decideSafely(question: PasswordQuestion): Promise<DenyReason | undefined> {
    try {
      return await this.decide(question);
    } catch (error) {
      if (error instanceof AppError && error.code === ReturnCode.BUSY) return 'overloaded';
      if (!(error instanceof AppError)) this.parts.onError(error);
      return 'store_unavailable';
    }
  }

  private async decide({ user, password, claimed }: PasswordQuestion): Promise<DenyReason | undefined> {
    const { facts, store, passwords } = this.parts;
    const hash = (await store.passwordHash(user)) ?? undefined;
    if (hash === undefined) return 'secret_mismatch';
    if (!(await passwords.verify(user, hash, password, claimed.text))) return 'secret_mismatch';
    for (;;) {
      const read = await facts.readWithSwitches(async (trx) => ({
        hash: await store.passwordHash(user, trx),
        user: await store.find(user, trx),
      }));
      if (!facts.isCurrent(read)) continue;
      // From here to the decision nothing waits: this is the last look.
      if (facts.checkLease() === undefined) {
        await facts.renewLease();
        continue;
      }
      if (read.result.hash !== hash) return 'secret_mismatch';
      if (read.result.user?.isSuspended !== false) return 'user_suspended';
      return read.result.user.isLoginDisabled ? 'login_disabled' : undefined;
    }
  }
}
