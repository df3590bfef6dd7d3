import type { AuditAlert, NewAuditEvent } from '../audit/audit-event.js';
import type { AuditLog } from '../audit/audit-log.js';

const everyMs = 60_000;
/** Keys and addresses; when there are more within a minute the oldest may be told again. */
const limit = 10_000;

/** Tells, by an event of its own, of attempts that somebody should look at; each attempt is recorded anyway. */
export class Alerts {
  private readonly toldAtMs = new Map<string, number>();

  constructor(
    private readonly audit: Pick<AuditLog, 'append'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Somebody came with a secret that was this key's and has ended: once a minute for a key and an address. */
  replacedSecretUsed(decision: NewAuditEvent): void {
    this.tell('replaced_secret_used', decision);
  }

  /** Whether the use of a canary would be told: once a minute for a key and an address. */
  isCanaryDue(decision: NewAuditEvent): boolean {
    return this.isDue(nameOf('canary_used', decision));
  }

  /** Somebody came with the secret of a canary. It is written together with the decision, so before the answer. */
  canaryUsed(decision: NewAuditEvent, user: string): void {
    this.tell('canary_used', decision, { user });
  }

  private isDue(name: string): boolean {
    return this.now() - (this.toldAtMs.get(name) ?? -Infinity) >= everyMs;
  }

  private tell(alert: AuditAlert, decision: NewAuditEvent, about: Record<string, string> = {}): void {
    const { actor, clientAddress = '', addressClaimedBy, command } = decision;
    const name = nameOf(alert, decision);
    if (!this.isDue(name)) return;
    this.toldAtMs.delete(name);
    this.toldAtMs.set(name, this.now());
    if (this.toldAtMs.size > limit)
      for (const oldest of [...this.toldAtMs.keys()].slice(0, limit / 10)) this.toldAtMs.delete(oldest);
    const from = {
      ...{ actor, clientAddress },
      ...(addressClaimedBy !== undefined && { addressClaimedBy }),
      ...(command !== undefined && { command }),
    };
    const target = { accessKeyId: keyOf(decision), ...about };
    const event = { type: 'alert', outcome: 'deny', alert, ...from, target } as const;
    // Where it can't be recorded the decision isn't either, and the audit log has reported why: the next one is told.
    this.audit.append(event).catch(() => this.toldAtMs.delete(name));
  }
}

function keyOf({ actor }: NewAuditEvent): string {
  return actor.kind === 'access_key' ? actor.accessKeyId : '';
}

function nameOf(alert: AuditAlert, decision: NewAuditEvent): string {
  return `${alert} ${keyOf(decision)} ${decision.clientAddress ?? ''}`;
}
