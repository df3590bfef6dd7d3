import type { Actor, NewAuditEvent } from '../audit/audit-event.js';
import type { LoginOutcome } from '../audit/auth-log.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { RoleDirectory } from '../apis/role-directory.js';
import { agreedEntry } from '../apis/shared-roles.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { maskArguments } from '../catalogue/command-spec.js';
import { AppError, ReturnCode, type DenyReason } from '../errors.js';
import { accessKeyIdPattern } from '../names.js';
import {
  deny,
  isTheClientsFault,
  printable,
  type AccessRequest,
  type Decision,
  type Deny,
} from './access-request.js';
import { decide, decideAdmission } from './decide.js';
import type { Facts, FactsView } from './facts.js';
import type { SecretVerifier } from './secret-verifier.js';
import type { Attempt, GuardedRequest, WeakKeyGuard } from './weak-key-guard.js';

export interface AuthorizerParts {
  facts: Facts;
  verifier: SecretVerifier;
  weakKeyGuard: WeakKeyGuard;
  roles: RoleDirectory;
  catalogue: Catalogue;
  audit: AuditLog;
  rootUser: string;
  onError: (error: unknown) => void;
  /** Told of each decision as it is answered. */
  onDecided?: (decision: Decision, ms: number) => void;
}

/** What a request has found out on its way to the last look. */
interface Progress {
  proved?: { version: string; isRight: boolean };
  /** For a key whose secret can be guessed. */
  attempt?: Attempt | undefined;
}

/** The one way to a decision: every face that asks about an access key calls `authorize`. */
export class Authorizer {
  constructor(private readonly parts: AuthorizerParts) {}

  /**
   * Decides, and records the decision before it is answered. Never throws: whatever is broken ends in a denial.
   */
  async authorize(request: AccessRequest): Promise<Decision> {
    const askedAtMs = performance.now();
    const decision = await this.answer(request, await this.decideSafely(request));
    this.parts.onDecided?.(decision, performance.now() - askedAtMs);
    return decision;
  }

  /** Records a denial that the face itself had to make, because the request can't even be asked. */
  async refuse(request: AccessRequest, reason: DenyReason): Promise<Deny> {
    return this.answer(request, deny(reason));
  }

  private async answer<D extends Decision>(request: AccessRequest, decision: D): Promise<D | Deny> {
    try {
      await this.record(request, decision);
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
    const { facts } = this.parts;
    const isWellFormed = accessKeyIdPattern.test(request.accessKeyId);
    if (!isWellFormed)
      return decideAdmission(request, await facts.loadSwitches()) ?? deny('credentials_malformed');
    const progress: Progress = {};
    try {
      return await this.decideAboutKey(request, progress);
    } finally {
      await progress.attempt?.end(false); // it is over, unless something broke: then it stays counted
    }
  }

  private async decideAboutKey(request: AccessRequest, progress: Progress): Promise<Decision> {
    const { facts, verifier, weakKeyGuard } = this.parts;
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
      if (key === undefined) return this.decideFrom(request, view, false, decidedAtMs);
      const guarded = key.isWeak ? guardedRequest(request, view) : undefined;
      if (guarded !== undefined && progress.attempt === undefined && !weakKeyGuard.isHeard(guarded)) {
        progress.attempt = await weakKeyGuard.admit(guarded);
        if (progress.attempt === undefined) return deny('too_many_attempts');
        continue;
      }
      const { proved, attempt } = progress;
      const isRight =
        proved?.version === key.version
          ? proved.isRight
          : verifier.verifyQuickly(key.id, key, request.secretAccessKey);
      if (isRight !== undefined && attempt?.isOver !== false)
        return this.decideFrom(request, view, isRight, decidedAtMs);
      const found = isRight ?? (await verifier.verifySlowly(key.id, key, request.secretAccessKey));
      await attempt?.end(found);
      progress.proved = { version: key.version, isRight: found };
    }
  }

  private decideFrom(
    request: AccessRequest,
    view: FactsView,
    isSecretRight: boolean,
    decidedAtMs: number,
  ): Decision {
    const { roles, catalogue, rootUser } = this.parts;
    const decision = decide(
      request,
      {
        ...view.switches,
        key: view.key,
        owner: view.owner,
        rootUser,
        findApi: (name) => agreedEntry(roles.find(name), view.switches.sharedRoles),
        findCommand: (name) => catalogue.find(name),
      },
      isSecretRight,
    );
    decision.decidedAtMs = decidedAtMs;
    return decision;
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
      const args = request.args.filter((arg) => arg !== undefined);
      event.args = maskArguments(this.parts.catalogue.find(request.command), args);
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
    return decision.user === undefined ? audit.appendFailure(event, login) : audit.append(event, login);
  }
}

/** At the command line the address is an argument, so it says nothing of who asks. */
function guardedRequest(request: AccessRequest, { switches }: FactsView): GuardedRequest {
  return {
    guardedId: request.accessKeyId,
    client: request.client,
    isAddressClaimed: request.face === 'check',
    secret: request.secretAccessKey,
    allowList: switches.allowList,
  };
}
