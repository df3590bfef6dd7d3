import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NewAuditEvent } from '../../src/audit/audit-event.js';
import { AuditLog } from '../../src/audit/audit-log.js';
import { auditRecordFile } from '../../src/audit/record/record-files.js';
import { temporaryFolder } from './folders.js';
import { recordedEvents, recordedNotes } from './record.js';
import { within } from './waiting.js';

export const event: NewAuditEvent = { type: 'change', outcome: 'done', actor: { kind: 'service' } };

/** A new record in a data directory; what can't be recorded fails the test. */
export function auditLogIn(dataDir: string): AuditLog {
  mkdirSync(join(dataDir, 'audit'));
  const onError = (error: unknown): never => {
    throw error as Error;
  };
  return new AuditLog({ dataDir, sync: 'second', onError });
}

/** An audit log in a temporary folder, at a fixed time. */
export class TestAuditLog {
  readonly dataDir = temporaryFolder();
  readonly file = auditRecordFile(this.dataDir);
  readonly errors: unknown[] = [];
  private log: AuditLog | undefined;

  constructor() {
    mkdirSync(join(this.dataDir, 'audit'));
  }

  open(sync: 'second' | 'always' = 'second'): AuditLog {
    const onError = (error: unknown): unknown => this.errors.push(error);
    this.log = new AuditLog({ dataDir: this.dataDir, sync, onError, now: () => 1_767_323_045_678 });
    return this.log;
  }

  close(): void {
    this.log?.close();
    this.log = undefined;
  }

  /** For a log that can't be closed, because its file can't be synced. */
  abandon(): void {
    this.log = undefined;
  }

  codes(file = this.file): unknown[] {
    return recordedEvents(file).map(({ code }) => code);
  }

  notes(): unknown[] {
    return recordedNotes(this.file).map(([note]) => note);
  }
}

/** Appends as soon as it can be recorded again. */
export function appendAgain(log: AuditLog, again: NewAuditEvent): Promise<void> {
  return within(2000, 'it is recorded again', () =>
    log.append(again).then(
      () => true,
      () => false,
    ),
  );
}
