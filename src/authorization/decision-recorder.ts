import { randomUUID } from 'node:crypto';
import type { Actor, NewAuditEvent } from '../audit/audit-event.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { LoginOutcome } from '../audit/auth-log.js';
import { formatInstant } from '../audit/times.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { maskArguments } from '../catalogue/command-spec.js';
import type { DenyReason } from '../errors.js';
import type { CanaryUses } from '../keys/canaries/canary-uses.js';
import type { KeyUses } from '../keys/usage/key-uses.js';
import { accessKeyIdPattern, maskUnknownName } from '../text/names.js';
import {
  deny,
  isTheClientsFault,
  type AccessRequest,
  type Allow,
  type Decision,
  type Deny,
} from './access-request.js';
import type { Facts } from './facts/facts.js';
import type { FailureLimits } from './limits/failure-limits.js';
import { Alerts } from './alerts.js';

export interface DecisionRecorderParts {
  audit: AuditLog;
  catalogue: Pick<Catalogue, 'find'>;
  facts: Pick<Facts, 'knowsKey'>;
  keyUses: KeyUses;
  failureLimits: FailureLimits;
  canaryUses: Pick<CanaryUses, 'note'>;
  onError: (error: unknown) => void;
  /** Told of the use of a canary when there is an event about it. */
  onCanaryUsed?: (about: {
    accessKeyId: string;
    user: string;
    clientAddress: string;
    command: string;
  }) => void;
  /** Told of each decision as it is answered. */
  onDecided?: (decision: Decision, ms: number) => void;
}

export interface Decided {
  request: AccessRequest;
  decision: Decision;
}

/** Those of a client who could not prove who he is. */
const failedReasons: ReadonlySet<DenyReason> = new Set<DenyReason>([
  ...(['credentials_malformed', 'key_unknown', 'secret_mismatch', 'secret_replaced'] as const),
  'too_many_attempts',
]);

/** What becomes of a decision about an access key once it is made: it is recorded, counted and answered. */
export class DecisionRecorder {
  private readonly alerts: Alerts;

  constructor(private readonly parts: DecisionRecorderParts) {
    this.alerts = new Alerts(parts.audit);
  }

  /** Records the decision; what is answered, once it is recorded, is that or a denial. */
  record<D extends Decision>(request: AccessRequest, decision: D, askedAtMs: number): Promise<D | Deny> {
    const answer = (isRecorded: boolean): D | Deny => this.answer(request, decision, isRecorded, askedAtMs);
    return this.write(request, decision).then(
      () => answer(true),
      () => answer(false),
    );
  }

  /** The same for several, in their order: what is written together they wait for as one. */
  async recordAll(decided: readonly Decided[], askedAtMs: number): Promise<Decision[]> {
    const asked = decided.map((one) => ({ ...one, record: this.write(one.request, one.decision) }));
    const isIn = new Map<Promise<void>, boolean>();
    const records = [...new Set(asked.map(({ record }) => record))];
    await Promise.all(
      records.map((record) =>
        record.then(
          () => isIn.set(record, true),
          () => isIn.set(record, false),
        ),
      ),
    );
    return asked.map(({ request, decision, record }) =>
      this.answer(request, decision, isIn.get(record) === true, askedAtMs),
    );
  }

  private answer<D extends Decision>(
    request: AccessRequest,
    decision: D,
    isRecorded: boolean,
    askedAtMs: number,
  ): D | Deny {
    if (isRecorded && decision.outcome === 'allow' && request.mode !== 'inspect')
      this.noteUse(request, decision);
    // The audit log has reported why it could not be recorded.
    const answer = isRecorded ? this.withFailureLimit(request, decision) : deny('audit_unavailable');
    this.parts.onDecided?.(answer, performance.now() - askedAtMs);
    return answer;
  }

  /** The record has the reason; a client that fails too often is told that, and nothing of the key. */
  private withFailureLimit<D extends Decision>(request: AccessRequest, decision: D): D | Deny {
    const { mode, accessKeyId } = request;
    if (mode === 'inspect' || decision.outcome === 'allow' || !failedReasons.has(decision.reason))
      return decision;
    // Whether there is such a key must not be seen from when the limit begins.
    const keyId = accessKeyIdPattern.test(accessKeyId) ? accessKeyId : undefined;
    return this.parts.failureLimits.refuse(request, keyId) ?? decision;
  }

  private noteUse(
    { client, addressClaimedBy }: AccessRequest,
    { accessKeyId, command, decidedAtMs = Date.now() }: Allow,
  ): void {
    const address = addressClaimedBy === undefined ? client.text : `${client.text} (claimed)`;
    this.parts.keyUses.note(accessKeyId, decidedAtMs, address, command.name);
  }

  /** @returns when it is recorded; rejects when it can't be, and never throws */
  private write(request: AccessRequest, decision: Decision): Promise<void> {
    try {
      return this.append(request, decision);
    } catch (error) {
      this.parts.onError(error);
      return Promise.reject(new Error('a decision could not be recorded', { cause: error }));
    }
  }

  private append(request: AccessRequest, decision: Decision): Promise<void> {
    const { audit, catalogue, facts } = this.parts;
    const isKeyKnown = decision.user !== undefined || facts.knowsKey(request.accessKeyId);
    const who = isKeyKnown ? request.accessKeyId : maskUnknownName(request.accessKeyId);
    const event = describeDecision(request, decision, who, catalogue);
    const login = loginOf(request, decision, who);
    const written =
      decision.user === undefined ? audit.appendFailure(event, login) : audit.append(event, login);
    // In the same turn of the event loop, so in the same write.
    if (decision.outcome === 'deny') this.alertOf(decision, event);
    return written;
  }

  private alertOf({ reason, canary }: Deny, event: NewAuditEvent): void {
    if (reason === 'secret_replaced') this.alerts.replacedSecretUsed(event);
    // Of each denial, so that one of a canary takes no longer.
    const isDue = this.alerts.isCanaryDue(event);
    if (canary === undefined) return;
    if (isDue) this.alerts.canaryUsed(event, canary.user);
    // Behind the write, and so behind the answer.
    setImmediate(() => this.noteCanary(event, canary, isDue));
  }

  private noteCanary(
    { actor, clientAddress = '', addressClaimedBy, command = '' }: NewAuditEvent,
    { user, version }: NonNullable<Deny['canary']>,
    isTold: boolean,
  ): void {
    if (actor.kind !== 'access_key') return;
    const { accessKeyId } = actor;
    const address = addressClaimedBy === undefined ? clientAddress : `${clientAddress} (claimed)`;
    this.parts.canaryUses.note(accessKeyId, version, {
      usedAtMs: Date.now(),
      clientAddress: address,
      command,
    });
    if (isTold) this.parts.onCanaryUsed?.({ accessKeyId, user, clientAddress: address, command });
  }
}

/** What the record keeps of a decision about an access key. */
function describeDecision(
  request: AccessRequest,
  decision: Decision,
  who: string,
  catalogue: Pick<Catalogue, 'find'>,
): NewAuditEvent {
  const actor: Actor = { kind: 'access_key', accessKeyId: who };
  const command = catalogue.find(request.command);
  if (decision.user !== undefined) actor.user = decision.user;
  const event: NewAuditEvent = {
    id: randomUUID(),
    time: formatInstant(decision.decidedAtMs ?? Date.now()),
    type: 'decision',
    outcome: decision.outcome,
    actor,
    clientAddress: request.client.text,
    ...(request.addressClaimedBy === undefined ? {} : { addressClaimedBy: request.addressClaimedBy }),
    command:
      request.isIdentification === true
        ? request.command
        : (command?.name ?? maskUnknownName(request.command)),
  };
  if (decision.outcome === 'deny') {
    event.reason = decision.reason;
    event.code = decision.code;
  }
  // Of a client who couldn't prove who he is, what he sent is not kept.
  if (decision.user !== undefined && request.args !== undefined) {
    event.args = maskArguments(command, request.args, request.secretArgs);
  }
  if (decision.outcome === 'allow' && decision.trial?.length) event.trial = decision.trial;
  return event;
}

/**
 * @returns undefined where a denial says nothing of the client, and where the address is only claimed: what is in
 * `auth.log` gets an address banned, so nobody may put another's there
 */
function loginOf(request: AccessRequest, decision: Decision, who: string): LoginOutcome | undefined {
  const isAllowed = decision.outcome === 'allow';
  if (request.addressClaimedBy !== undefined) return undefined;
  if (!isAllowed && !isTheClientsFault(decision)) return undefined;
  return {
    who,
    clientAddress: request.client.text,
    launched: isAllowed ? request.command : undefined,
  };
}
