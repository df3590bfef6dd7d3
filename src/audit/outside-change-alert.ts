import type { Logger } from '../config/logger.js';
import type { AuditLog } from './audit-log.js';

/** A script that changes a table row by row is told of once a minute. */
const everyMs = 60_000;

/** Tells that another program has changed a table of the store: no command was run, so no other event says so. */
export class OutsideChangeAlert {
  private readonly toldAtMs = new Map<string, number>();

  constructor(
    private readonly audit: Pick<AuditLog, 'append'>,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  tell(table: string): void {
    const nowMs = this.now();
    if (nowMs - (this.toldAtMs.get(table) ?? -Infinity) < everyMs) return;
    this.toldAtMs.set(table, nowMs);
    this.logger.warn(`another program changed the table ${table} of the store; the facts are read anew`);
    const about = { type: 'alert', outcome: 'done', alert: 'changed_outside' } as const;
    // The audit log reports that it can't be written; then nothing is allowed, either.
    this.audit.append({ ...about, actor: { kind: 'service' }, target: { table } }).catch(() => undefined);
  }
}
