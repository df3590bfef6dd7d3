import { randomUUID } from 'node:crypto';
import type { Actor, NewAuditEvent } from '../audit/audit-event.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { LoginOutcome } from '../audit/auth-log.js';
import { formatInstant } from '../audit/times.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { maskArguments } from '../catalogue/command-spec.js';
import { isTheClientsFault, printable, type AccessRequest, type Decision } from './access-request.js';
import { Alerts } from './alerts.js';

/** Puts decisions about access keys into the record. */
export class DecisionRecorder {
  private readonly alerts: Alerts;

  constructor(
    private readonly audit: AuditLog,
    private readonly catalogue: Catalogue,
    private readonly onError: (error: unknown) => void,
  ) {
    this.alerts = new Alerts(audit);
  }

  /** @returns when it is recorded; rejects when it can't be, and never throws */
  record(request: AccessRequest, decision: Decision): Promise<void> {
    try {
      return this.append(request, decision);
    } catch (error) {
      this.onError(error);
      return Promise.reject(new Error('a decision could not be recorded', { cause: error }));
    }
  }

  private append(request: AccessRequest, decision: Decision): Promise<void> {
    const { audit } = this;
    const event = describeDecision(request, decision, this.catalogue);
    const login = loginOf(request, decision);
    if (decision.outcome === 'deny' && decision.reason === 'secret_replaced')
      this.alerts.replacedSecretUsed(event);
    return decision.user === undefined ? audit.appendFailure(event, login) : audit.append(event, login);
  }
}

/** What the record keeps of a decision about an access key. */
function describeDecision(
  request: AccessRequest,
  decision: Decision,
  catalogue: Pick<Catalogue, 'find'>,
): NewAuditEvent {
  const actor: Actor = { kind: 'access_key', accessKeyId: printable(request.accessKeyId) };
  if (decision.user !== undefined) actor.user = decision.user;
  const event: NewAuditEvent = {
    id: randomUUID(),
    time: formatInstant(decision.decidedAtMs ?? Date.now()),
    type: 'decision',
    outcome: decision.outcome,
    actor,
    clientAddress: request.client.text,
    command: printable(request.command),
  };
  if (decision.outcome === 'deny') {
    event.reason = decision.reason;
    event.code = decision.code;
  }
  // Of a client who couldn't prove who he is, what he sent is not kept.
  if (decision.user !== undefined && request.args !== undefined) {
    event.args = maskArguments(catalogue.find(request.command), request.args, request.secretArgs);
  }
  return event;
}

/** @returns undefined where a denial says nothing of the client */
function loginOf(request: AccessRequest, decision: Decision): LoginOutcome | undefined {
  const isAllowed = decision.outcome === 'allow';
  if (!isAllowed && !isTheClientsFault(decision)) return undefined;
  return {
    who: printable(request.accessKeyId),
    clientAddress: request.client.text,
    launched: isAllowed ? request.command : undefined,
  };
}
