import type { NewAuditEvent } from '../audit/audit-event.js';
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
  replacedSecretUsed({ actor, clientAddress = '', command }: NewAuditEvent): void {
    const accessKeyId = actor.kind === 'access_key' ? actor.accessKeyId : '';
    const name = `${accessKeyId} ${clientAddress}`;
    const nowMs = this.now();
    if (nowMs - (this.toldAtMs.get(name) ?? -Infinity) < everyMs) return;
    this.toldAtMs.delete(name);
    this.toldAtMs.set(name, nowMs);
    if (this.toldAtMs.size > limit)
      for (const oldest of [...this.toldAtMs.keys()].slice(0, limit / 10)) this.toldAtMs.delete(oldest);
    const about = { type: 'alert', outcome: 'deny', alert: 'replaced_secret_used' } as const;
    const from = { actor, clientAddress, ...(command !== undefined && { command }) };
    // Where it can't be recorded the decision isn't either, and the audit log has reported why.
    this.audit.append({ ...about, ...from, target: { accessKeyId } }).catch(() => undefined);
  }
}
