import type { AuditLog } from '../audit/audit-log.js';
import type { RoleDirectory } from '../apis/role-directory.js';
import { agreedEntry } from '../apis/shared-roles.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { AppError, ReturnCode, type DenyReason } from '../errors.js';
import type { KeyUses } from '../keys/key-uses.js';
import type { RateLimit } from '../keys/rate-limit.js';
import { accessKeyIdPattern } from '../names.js';
import { deny, type AccessRequest, type Allow, type Decision, type Deny } from './access-request.js';
import { decideAboutKey, decideAdmission } from './decide.js';
import { DecisionRecorder } from './decision-recorder.js';
import type { DecisionFacts } from './decision-facts.js';
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

/** What a rate limit said, for the limit that the key had then. */
interface Counted {
  limit: RateLimit;
  state: RateState;
}

/** Those of a client who could not prove who he is. */
const failedReasons: ReadonlySet<DenyReason> = new Set<DenyReason>([
  ...(['credentials_malformed', 'key_unknown', 'secret_mismatch', 'secret_replaced'] as const),
]);

/** The one way to a decision: every face that asks about an access key calls `authorize`. */
export class Authorizer {
  private readonly recorder: DecisionRecorder;

  constructor(private readonly parts: AuthorizerParts) {
    const { audit, catalogue, onError } = parts;
    this.recorder = new DecisionRecorder(audit, catalogue, onError);
  }

  /**
   * Decides, and records the decision before it is answered. Never throws: whatever is broken ends in a denial.
   */
  authorize(request: AccessRequest): Promise<Decision> {
    const askedAtMs = performance.now();
    const decided = this.decideSafely(request);
    return decided instanceof Promise
      ? decided.then((decision) => this.finish(request, decision, askedAtMs))
      : this.finish(request, decided, askedAtMs);
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
  refuse(request: AccessRequest, reason: DenyReason): Promise<Deny> {
    return this.finish(request, deny(reason), performance.now());
  }

  /** Records the decision; what is answered, once it is recorded, is that or a denial. */
  private finish<D extends Decision>(
    request: AccessRequest,
    decision: D,
    askedAtMs: number,
  ): Promise<D | Deny> {
    return this.recorder.record(request, decision).then(
      () => {
        if (decision.outcome === 'allow' && request.face !== 'check') this.noteUse(request, decision);
        return this.answer(this.withFailureLimit(request, decision), askedAtMs);
      },
      () => this.answer(deny('audit_unavailable'), askedAtMs), // the audit log has reported why
    );
  }

  private answer<D extends Decision>(decision: D, askedAtMs: number): D {
    this.parts.onDecided?.(decision, performance.now() - askedAtMs);
    return decision;
  }

  /** The record has why it failed; whoever fails too often hears that, and nothing of the key. */
  private withFailureLimit<D extends Decision>(
    { face, client, accessKeyId }: AccessRequest,
    decision: D,
  ): D | Deny {
    if (face === 'check' || decision.outcome === 'allow' || !failedReasons.has(decision.reason))
      return decision;
    const keyId = decision.reason.startsWith('secret_') ? accessKeyId : undefined;
    return this.parts.failureLimits.refuse(client.address, keyId) ?? decision;
  }

  /** Without a promise where nothing has to be waited for: so it is for a key in use. */
  private decideSafely(request: AccessRequest): Decision | Promise<Decision> {
    try {
      const decided = this.decideNow(request);
      return decided instanceof Promise ? decided.catch((error: unknown) => this.broken(error)) : decided;
    } catch (error) {
      return this.broken(error);
    }
  }

  private broken(error: unknown): Deny {
    if (error instanceof AppError && error.code === ReturnCode.BUSY) return deny('overloaded');
    // Without a lease: whoever keeps it has reported why.
    if (!(error instanceof AppError)) this.parts.onError(error);
    return deny('store_unavailable');
  }

  private decideNow(request: AccessRequest): Decision | Promise<Decision> {
    const { facts, verifier, weakKeyGuard } = this.parts;
    const view = facts.view(request.accessKeyId);
    if (view === undefined && !accessKeyIdPattern.test(request.accessKeyId))
      return this.decideWithoutKey(request);
    const check = new SecretCheck(verifier, weakKeyGuard, request);
    if (view === undefined) return this.decideInTime(request, check);
    const found = this.look(request, check, view);
    return found instanceof Promise ? this.decideInTime(request, check, found) : found;
  }

  private async decideWithoutKey(request: AccessRequest): Promise<Decision> {
    const switches = await this.parts.facts.loadSwitches();
    return decideAdmission(request, switches) ?? deny('credentials_malformed');
  }

  /** @param waited - what the first look has to wait for */
  private async decideInTime(
    request: AccessRequest,
    check: SecretCheck,
    waited?: Promise<Counted | undefined>,
  ): Promise<Decision> {
    const { facts } = this.parts;
    try {
      let counted = await waited;
      for (;;) {
        const view = facts.view(request.accessKeyId) ?? (await facts.load(request.accessKeyId));
        if (!facts.isCurrent(view)) continue;
        const found = this.look(request, check, view, counted);
        if (!(found instanceof Promise)) return found;
        counted = (await found) ?? counted;
      }
    } finally {
      await check.end();
    }
  }

  /**
   * The last look: from here to the decision nothing waits.
   *
   * @returns the decision, or what has to be waited for before the next look; it ends with what was counted meanwhile
   */
  private look(
    request: AccessRequest,
    check: SecretCheck,
    view: FactsView,
    counted?: Counted,
  ): Decision | Promise<Counted | undefined> {
    const decidedAtMs = this.parts.facts.checkLease();
    if (decidedAtMs === undefined) return this.parts.facts.renewLease().then(() => undefined);
    const refusal = decideAdmission(request, view.switches);
    if (refusal !== undefined) return refusal;
    const { key } = view;
    const answer = key === undefined ? 'wrong' : check.answer(key, view.switches, decidedAtMs);
    const isCounted = request.face === 'check' || request.isCounted === true;
    const limit = isCounted ? undefined : (key?.rateLimit ?? request.defaultRateLimit);
    const isRight = answer === 'right';
    let rate = counted?.state;
    if (limit !== undefined && (isRight || check.isLikelyRight) && !isSameLimit(counted?.limit, limit)) {
      const state = this.parts.rateLimiter.take(request.accessKeyId, limit);
      if (state instanceof Promise || !isRight) {
        // In one round trip with the proof, where that is asked for too.
        const both = Promise.all([state, typeof answer === 'function' && answer()]);
        return both.then(([taken]) => ({ limit, state: taken }));
      }
      rate = state;
    }
    if (typeof answer === 'function') return answer().then(() => undefined);
    return this.decideFrom(request, view, answer, limit && rate, decidedAtMs);
  }

  private decideFrom(
    request: AccessRequest,
    { switches, key, owner }: FactsView,
    secret: SecretAnswer,
    rate: RateState | undefined,
    decidedAtMs: number,
  ): Decision {
    if (secret === 'not_heard') return deny('too_many_attempts');
    const { roles, catalogue, rootUser } = this.parts;
    const { settings, allowList, sharedRoles } = switches;
    const facts: DecisionFacts = {
      settings,
      allowList,
      key,
      owner,
      rootUser,
      rate,
      nowMs: decidedAtMs,
      findApi: (name) => agreedEntry(roles.find(name), sharedRoles),
      findCommand: (name) => catalogue.find(name),
    };
    const decision = decideAboutKey(request, facts, secret === 'right');
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
}

function isSameLimit(counted: RateLimit | undefined, limit: RateLimit): boolean {
  return counted?.count === limit.count && counted.windowSeconds === limit.windowSeconds;
}
