import type { Actor, NewAuditEvent } from '../audit/audit-event.js';
import type { LoginOutcome } from '../audit/auth-log.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { RoleDirectory } from '../apis/role-directory.js';
import { agreedEntry } from '../apis/shared-roles.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { maskArguments } from '../catalogue/command-spec.js';
import { AppError, ReturnCode, type DenyReason } from '../errors.js';
import type { KeyUses } from '../keys/key-uses.js';
import type { RateLimit } from '../keys/rate-limit.js';
import { accessKeyIdPattern } from '../names.js';
import {
  deny,
  isTheClientsFault,
  printable,
  type AccessRequest,
  type Allow,
  type Decision,
  type Deny,
} from './access-request.js';
import { Alerts } from './alerts.js';
import { decide, decideAdmission } from './decide.js';
import type { Facts, FactsView } from './facts.js';
import type { FailureLimits } from './failure-limits.js';
import type { RateLimiter, RateState } from './rate-limiter.js';
import { SecretCheck, type SecretAnswer } from './secret-check.js';
import type { SecretVerifier } from './secret-verifier.js';
import type { WeakKeyGuard } from './weak-key-guard.js';

export interface AuthorizerParts {
  facts: Facts;
  verifier: SecretVerifier;
  weakKeyGuard: WeakKeyGuard;
  roles: RoleDirectory;
  catalogue: Catalogue;
  audit: AuditLog;
  keyUses: KeyUses;
  rateLimiter: RateLimiter;
  failureLimits: FailureLimits;
  rootUser: string;
  onError: (error: unknown) => void;
  /** Told of each decision as it is answered. */
  onDecided?: (decision: Decision, ms: number) => void;
}

/** Those of a client who could not prove who he is. */
const failedReasons: ReadonlySet<DenyReason> = new Set<DenyReason>([
  ...(['credentials_malformed', 'key_unknown', 'secret_mismatch', 'secret_replaced'] as const),
]);

/** The one way to a decision: every face that asks about an access key calls `authorize`. */
export class Authorizer {
  private readonly alerts: Alerts;

  constructor(private readonly parts: AuthorizerParts) {
    this.alerts = new Alerts(parts.audit);
  }

  /**
   * Decides, and records the decision before it is answered. Never throws: whatever is broken ends in a denial.
   */
  async authorize(request: AccessRequest): Promise<Decision> {
    const askedAtMs = performance.now();
    return this.finish(request, await this.decideSafely(request), askedAtMs);
  }

  /**
   * Decides about a command that comes later in a request, if at all. A denial is recorded, for it ends the request;
   * an allowance is not, for nothing runs by it: `authorize` is asked again right before.
   */
  async foresee(request: AccessRequest): Promise<Decision> {
    const askedAtMs = performance.now();
    const decision = await this.decideSafely(request);
    return decision.outcome === 'deny' ? this.finish(request, decision, askedAtMs) : decision;
  }

  /** Records a denial that the face itself had to make, because the request can't even be asked. */
  async refuse(request: AccessRequest, reason: DenyReason): Promise<Deny> {
    return this.answer(request, deny(reason));
  }

  private async finish(request: AccessRequest, decided: Decision, askedAtMs: number): Promise<Decision> {
    const decision = this.withFailureLimit(request, await this.answer(request, decided));
    this.parts.onDecided?.(decision, performance.now() - askedAtMs);
    return decision;
  }

  /** The record has why it failed; whoever fails too often hears that, and nothing of the key. */
  private withFailureLimit({ face, client, accessKeyId }: AccessRequest, decision: Decision): Decision {
    if (face === 'check' || decision.outcome === 'allow' || !failedReasons.has(decision.reason))
      return decision;
    const keyId = decision.reason.startsWith('secret_') ? accessKeyId : undefined;
    return this.parts.failureLimits.refuse(client.address, keyId) ?? decision;
  }

  private async answer<D extends Decision>(request: AccessRequest, decision: D): Promise<D | Deny> {
    try {
      await this.record(request, decision);
      if (decision.outcome === 'allow' && request.face !== 'check') this.noteUse(request, decision);
      return decision;
    } catch {
      return deny('audit_unavailable'); // the audit log has reported why
    }
  }

  private async decideSafely(request: AccessRequest): Promise<Decision> {
    try {
      return await this.decideNow(request);
    } catch (error) {
      if (error instanceof AppError && error.code === ReturnCode.BUSY) return deny('overloaded');
      // Without a lease: whoever keeps it has reported why.
      if (!(error instanceof AppError)) this.parts.onError(error);
      return deny('store_unavailable');
    }
  }

  private async decideNow(request: AccessRequest): Promise<Decision> {
    const { facts, verifier, weakKeyGuard } = this.parts;
    const isWellFormed = accessKeyIdPattern.test(request.accessKeyId);
    if (!isWellFormed)
      return decideAdmission(request, await facts.loadSwitches()) ?? deny('credentials_malformed');
    const check = new SecretCheck(verifier, weakKeyGuard, request);
    try {
      return await this.decideAboutKey(request, check);
    } finally {
      await check.end();
    }
  }

  private async decideAboutKey(request: AccessRequest, check: SecretCheck): Promise<Decision> {
    const { facts } = this.parts;
    let counted: { limit: RateLimit; state: RateState } | undefined;
    for (;;) {
      const view = facts.view(request.accessKeyId) ?? (await facts.load(request.accessKeyId));
      if (!facts.isCurrent(view)) continue;
      // From here to the decision nothing waits: this is the last look.
      const decidedAtMs = facts.checkLease();
      if (decidedAtMs === undefined) {
        await facts.renewLease();
        continue;
      }
      const refusal = decideAdmission(request, view.switches);
      if (refusal !== undefined) return refusal;
      const { key } = view;
      const answer = key === undefined ? 'wrong' : check.answer(key, view.switches, decidedAtMs);
      const isCounted = request.face === 'check' || request.isCounted === true;
      const limit = isCounted ? undefined : (key?.rateLimit ?? request.defaultRateLimit);
      const isRight = answer === 'right';
      if (limit !== undefined && (isRight || check.isLikelyRight) && !isSameLimit(counted?.limit, limit)) {
        const state = this.parts.rateLimiter.take(request.accessKeyId, limit);
        if (state instanceof Promise || !isRight) {
          // In one round trip with the proof, where that is asked for too.
          const [taken] = await Promise.all([state, typeof answer === 'function' && answer()]);
          counted = { limit, state: taken };
          continue;
        }
        counted = { limit, state };
      }
      if (typeof answer === 'function') await answer();
      else
        return this.decideFrom(
          request,
          { ...view, secret: answer, rate: limit && counted?.state },
          decidedAtMs,
        );
    }
  }

  private decideFrom(
    request: AccessRequest,
    view: FactsView & { secret: SecretAnswer; rate: RateState | undefined },
    decidedAtMs: number,
  ): Decision {
    const { secret, rate } = view;
    if (secret === 'not_heard') return deny('too_many_attempts');
    const { roles, catalogue, rootUser } = this.parts;
    const decision = decide(
      request,
      {
        ...view.switches,
        key: view.key,
        owner: view.owner,
        rootUser,
        nowMs: decidedAtMs,
        rate,
        findApi: (name) => agreedEntry(roles.find(name), view.switches.sharedRoles),
        findCommand: (name) => catalogue.find(name),
      },
      secret === 'right',
    );
    if (secret === 'replaced') return { ...deny('secret_replaced'), decidedAtMs };
    decision.decidedAtMs = decidedAtMs;
    if (rate !== undefined && secret === 'right') decision.rate = rate;
    return decision;
  }

  private noteUse(
    { client, command }: AccessRequest,
    { accessKeyId, decidedAtMs = Date.now() }: Allow,
  ): void {
    this.parts.keyUses.note(accessKeyId, decidedAtMs, client.text, command);
  }

  private record(request: AccessRequest, decision: Decision): Promise<void> {
    const isAllowed = decision.outcome === 'allow';
    const actor: Actor = { kind: 'access_key', accessKeyId: printable(request.accessKeyId) };
    if (decision.user !== undefined) actor.user = decision.user;
    const event: NewAuditEvent = {
      type: 'decision',
      outcome: decision.outcome,
      actor,
      clientAddress: request.client.text,
      command: printable(request.command),
    };
    if (decision.decidedAtMs !== undefined) event.time = new Date(decision.decidedAtMs).toISOString();
    if (decision.outcome === 'deny') Object.assign(event, { reason: decision.reason, code: decision.code });
    // Of a client who couldn't prove who he is, what he sent is not kept.
    if (decision.user !== undefined && request.args !== undefined) {
      const spec = this.parts.catalogue.find(request.command);
      event.args = maskArguments(spec, request.args, request.secretArgs);
    }
    const login: LoginOutcome | undefined =
      decision.outcome === 'deny' && !isTheClientsFault(decision)
        ? undefined
        : {
            who: printable(request.accessKeyId),
            clientAddress: request.client.text,
            launched: isAllowed ? request.command : undefined,
          };
    const { audit } = this.parts;
    if (decision.outcome === 'deny' && decision.reason === 'secret_replaced')
      this.alerts.replacedSecretUsed(event);
    return decision.user === undefined ? audit.appendFailure(event, login) : audit.append(event, login);
  }
}

function isSameLimit(counted: RateLimit | undefined, limit: RateLimit): boolean {
  return counted?.count === limit.count && counted.windowSeconds === limit.windowSeconds;
}
