import { randomUUID } from 'node:crypto';
import type { Actor, NewAuditEvent } from '../audit/audit-event.js';
import type { LoginOutcome } from '../audit/auth-log.js';
import { formatInstant } from '../audit/times.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { maskArguments } from '../catalogue/command-spec.js';
import { isTheClientsFault, printable, type AccessRequest, type Decision } from './access-request.js';

/** What the record keeps of a decision about an access key. */
export function describeDecision(
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
export function loginOf(request: AccessRequest, decision: Decision): LoginOutcome | undefined {
  const isAllowed = decision.outcome === 'allow';
  if (!isAllowed && !isTheClientsFault(decision)) return undefined;
  return {
    who: printable(request.accessKeyId),
    clientAddress: request.client.text,
    launched: isAllowed ? request.command : undefined,
  };
}
