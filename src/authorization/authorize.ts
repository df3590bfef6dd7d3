import type { RoleDirectory } from '../apis/role-directory.js';
import { agreedEntry } from '../apis/shared-roles.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { DenyReason } from '../errors.js';
import { hasTrials } from '../keys/trials/trial.js';
import { accessKeyIdPattern } from '../text/names.js';
import { deny, type AccessRequest, type Decision, type Deny } from './access-request.js';
import { decideAboutKey, decideAdmission } from './decide.js';
import { DecisionRecorder, type Decided, type DecisionRecorderParts } from './decision-recorder.js';
import { denyForError } from './failed-decision.js';
import type { DecisionFacts } from './facts/decision-facts.js';
import type { Facts, FactsView } from './facts/facts.js';
import { askedQuotas, rateOfQuota, takenFor } from './limits/asked-quotas.js';
import { RequestCounter, type Counted, type RequestCounterParts } from './limits/request-counter.js';
import type { TakenQuota } from './limits/quota-counter.js';
import { withCanary } from './secrets/canary-secret.js';
import { SecretCheck, type SecretAnswer } from './secrets/secret-check.js';
import type { SecretVerifier } from './secrets/secret-verifier.js';
import { judgeTrials } from './trials/judge-trials.js';
import type { Rates } from './trials/tried-limits.js';
import type { WeakKeyGuard } from './limits/weak-key-guard.js';

export interface AuthorizerParts extends DecisionRecorderParts, RequestCounterParts {
  facts: Facts;
  verifier: SecretVerifier;
  weakKeyGuard: WeakKeyGuard;
  roles: RoleDirectory;
  catalogue: Catalogue;
  rootUser: string;
}

/**
 * The one way to a decision: every adapter that asks about an access key calls `authorize`.
 *
 * authorize → evaluate → record. `evaluate` looks at the facts (`evaluateView`) in four steps: admission (switches,
 * address; decide.ts), the secret (secrets/secret-check.ts), the rate limit (limits/request-counter.ts), and the rules about the key
 * (`applyRules`, decision-steps.ts). What they allow counts for quotas (there, too). Where a step has to wait, for argon2,
 * Redis, the lease or the database, all are taken again on the facts of that later moment: nothing waits between the last
 * look at the facts and the decision.
 */
export class Authorizer {
  private readonly recorder: DecisionRecorder;
  private readonly counter: RequestCounter;

  constructor(private readonly parts: AuthorizerParts) {
    this.counter = new RequestCounter(parts);
    this.recorder = new DecisionRecorder(parts);
  }

  /**
   * Decides, and records the decision before it is answered. Never throws: whatever is broken ends in a denial.
   */
  authorize(request: AccessRequest): Promise<Decision> {
    const askedAtMs = performance.now();
    const decided = this.evaluate(request);
    return decided instanceof Promise
      ? decided.then((decision) => this.recorder.record(request, decision, askedAtMs))
      : this.recorder.record(request, decided, askedAtMs);
  }

  /** The same for several requests at once: by themselves, and in their order. */
  async authorizeAll(requests: readonly AccessRequest[]): Promise<Decision[]> {
    const askedAtMs = performance.now();
    const asked = requests.map((request) => ({ request, decision: this.evaluate(request) }));
    if (asked.every(isDecided)) return this.recorder.recordAll(asked, askedAtMs);
    return Promise.all(
      asked.map(async ({ request, decision }) => this.recorder.record(request, await decision, askedAtMs)),
    );
  }

  /**
   * Decides about a command that comes later in a request, if at all. A denial is recorded, for it ends the request;
   * an allowance is not, for nothing runs by it: `authorize` is asked again right before.
   */
  async precheck(request: AccessRequest): Promise<Decision> {
    const askedAtMs = performance.now();
    const decision = await this.evaluate({ ...request, isInQuota: true });
    return decision.outcome === 'deny' ? this.recorder.record(request, decision, askedAtMs) : decision;
  }

  /** Records a denial that the adapter itself had to make, because the request can't even be asked. */
  async refuse(request: AccessRequest, reason: DenyReason): Promise<Deny> {
    const askedAtMs = performance.now();
    const { facts, verifier } = this.parts;
    const { accessKeyId } = request;
    // The record writes an ID in full only where there is such a key.
    const view = accessKeyIdPattern.test(accessKeyId)
      ? (facts.view(accessKeyId) ?? (await facts.load(accessKeyId).catch(() => undefined)))
      : undefined;
    return this.recorder.record(request, withCanary(deny(reason), request, view, verifier), askedAtMs);
  }

  /** Without a promise where nothing has to be waited for: so it is for a key in use. */
  private evaluate(request: AccessRequest): Decision | Promise<Decision> {
    try {
      const decided = this.evaluateNow(request);
      return decided instanceof Promise ? decided.catch((error: unknown) => this.broken(error)) : decided;
    } catch (error) {
      return this.broken(error);
    }
  }

  private broken(error: unknown): Deny {
    return denyForError(error, this.parts.onError);
  }

  private evaluateNow(request: AccessRequest): Decision | Promise<Decision> {
    const { facts, verifier, weakKeyGuard } = this.parts;
    const view = facts.view(request.accessKeyId);
    if (view === undefined && !accessKeyIdPattern.test(request.accessKeyId))
      return this.evaluateWithoutKey(request);
    const check = new SecretCheck(verifier, weakKeyGuard, request);
    if (view === undefined) return this.evaluateInTime(request, check);
    const found = this.evaluateView(request, check, view);
    return found instanceof Promise ? this.evaluateInTime(request, check, found) : found;
  }

  private async evaluateWithoutKey(request: AccessRequest): Promise<Decision> {
    const switches = await this.parts.facts.loadSwitches();
    return decideAdmission(request, switches) ?? deny('credentials_malformed');
  }

  /** @param waited - what the first look has to wait for */
  private async evaluateInTime(
    request: AccessRequest,
    check: SecretCheck,
    waited?: Promise<Counted>,
  ): Promise<Decision> {
    const { facts } = this.parts;
    let counted: Counted = {};
    let isAllowed = false;
    try {
      if (waited !== undefined) counted = await waited;
      for (;;) {
        const view = facts.view(request.accessKeyId) ?? (await facts.load(request.accessKeyId));
        if (!facts.isCurrent(view)) continue;
        const found = this.evaluateView(request, check, view, counted);
        if (found instanceof Promise) {
          counted = { ...counted, ...(await found) };
          continue;
        }
        isAllowed = found.outcome === 'allow';
        return found;
      }
    } finally {
      await check.end();
      if (!isAllowed) await counted.quota?.giveBack();
    }
  }

  /**
   * The last look: from here to the decision nothing waits.
   *
   * @returns the decision, or what has to be waited for before the next look; it ends with what was counted meanwhile
   */
  private evaluateView(
    request: AccessRequest,
    check: SecretCheck,
    view: FactsView,
    counted?: Counted,
  ): Decision | Promise<Counted> {
    const decidedAtMs = this.parts.facts.checkLease();
    if (decidedAtMs === undefined) return this.parts.facts.renewLease().then(nothing);
    const refusal = decideAdmission(request, view.switches);
    if (refusal !== undefined) return withCanary(refusal, request, view, this.parts.verifier);
    const secret =
      view.key === undefined ? check.answerOfNobody() : check.answer(view.key, view.switches, decidedAtMs);
    const rates = this.counter.takeRate(request, check, view, secret, counted);
    if (rates instanceof Promise) return rates;
    if (typeof secret === 'function') return secret().then(nothing);
    const quotas = askedQuotas(request, view);
    const taken = takenFor(quotas, counted?.quota);
    const decision = this.applyRules(request, view, secret, rates, decidedAtMs, taken);
    if (decision.outcome === 'allow' && quotas.length > 0 && taken === undefined)
      return this.counter.takeQuota(request, view, quotas, rates, counted?.quota);
    if (secret === 'canary' && decision.outcome === 'deny' && view.key !== undefined)
      decision.canary = { user: view.key.user, version: check.canaryVersion };
    return decision;
  }

  private applyRules(
    request: AccessRequest,
    { switches, key, makers, owner }: FactsView,
    secret: SecretAnswer,
    { state: rate, overTried }: Rates,
    decidedAtMs: number,
    quota: TakenQuota | undefined,
  ): Decision {
    if (secret === 'locked_out') return deny('too_many_attempts');
    const { roles, catalogue, rootUser } = this.parts;
    const { settings, allowList, sharedRoles } = switches;
    const facts: DecisionFacts = {
      settings,
      allowList,
      key,
      makers,
      owner,
      rootUser,
      isAdministrator: switches.isAdministrator,
      rate,
      quota: quota?.state,
      nowMs: decidedAtMs,
      findApi: (name) => agreedEntry(roles.find(name), sharedRoles),
      findCommand: (name) => catalogue.find(name),
    };
    const decision = decideAboutKey(request, facts, secret === 'right');
    if (secret === 'replaced') return { ...deny('secret_replaced'), decidedAtMs };
    decision.decidedAtMs = decidedAtMs;
    if (rate !== undefined && secret === 'right') decision.rate = rate;
    if (decision.outcome === 'deny' && decision.reason === 'quota_exceeded' && quota !== undefined)
      decision.rate = rateOfQuota(quota, decidedAtMs);
    if (decision.outcome === 'allow' && key !== undefined && hasTrials(key, makers))
      decision.trial = judgeTrials(request, facts, overTried, this.parts.onError);
    return decision;
  }
}

function nothing(): Counted {
  return {};
}

function isDecided(asked: {
  request: AccessRequest;
  decision: Decision | Promise<Decision>;
}): asked is Decided {
  return !(asked.decision instanceof Promise);
}
