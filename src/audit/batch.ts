import type { AuditEvent } from './audit-event.js';

/** What is written together, and the callers that wait for it. */
export class Batch {
  readonly bodies: string[] = [];
  readonly types: AuditEvent['type'][] = [];
  resolve!: () => void;
  reject!: (error: Error) => void;
  readonly written = new Promise<void>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor() {
    // Nobody waits for a batch of nothing but login outcomes.
    this.written.catch(() => undefined);
  }
}
