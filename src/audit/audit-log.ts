import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AuditEvent } from './audit-event.js';
import { formatAuthLogLine, type LoginOutcome } from './auth-log.js';

/** ID and time are given by the log, unless the event has waited for its place in the record. */
export type NewAuditEvent = Omit<AuditEvent, 'id' | 'time'> & Partial<Pick<AuditEvent, 'id' | 'time'>>;

export interface AuditLogOptions {
  dataDir: string;
  /** `always`: each write is on the disk before the answer; `second`: at most a second of decisions is not. */
  sync: 'second' | 'always';
  onError: (error: unknown) => void;
  now?: () => number;
}

interface Waiting {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * The audit record: `<data>/audit/events.jsonl`, one event a line, appended and never changed. All events of one turn
 * of the event loop are written together, and `append` resolves when the kernel has them, so that `kill -9` loses
 * none that was answered. `<data>/auth.log` has the login outcomes in Hestia's format, for fail2ban.
 */
export class AuditLog {
  private readonly record: AppendOnlyFile;
  private readonly authLog: AppendOnlyFile;
  private lines = '';
  private authLines = '';
  private waiting: Waiting[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly now: () => number;

  constructor(private readonly options: AuditLogOptions) {
    this.now = options.now ?? Date.now;
    this.record = new AppendOnlyFile(auditRecordFile(options.dataDir), options.onError);
    this.authLog = new AppendOnlyFile(join(options.dataDir, 'auth.log'), options.onError);
    this.timer = setInterval(() => {
      this.record.syncLater();
    }, 1000);
    this.timer.unref();
  }

  /**
   * Adds an event, and the login outcome that goes with it.
   *
   * @returns when the event is in the kernel's hands; rejects when it could not be written
   */
  append(event: NewAuditEvent, login?: LoginOutcome): Promise<void> {
    const nowMs = this.now();
    const { id = randomUUID(), time = new Date(nowMs).toISOString(), ...rest } = event;
    this.lines += `${JSON.stringify({ id, time, ...rest })}\n`;
    if (login !== undefined) this.authLines += formatAuthLogLine(login, nowMs);
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ resolve, reject }) === 1) setImmediate(() => this.write());
    });
  }

  close(): void {
    clearInterval(this.timer);
    this.write();
    this.record.close();
    this.authLog.close();
  }

  private write(): void {
    const { lines, authLines, waiting } = this;
    if (waiting.length === 0) return;
    this.lines = '';
    this.authLines = '';
    this.waiting = [];
    try {
      this.record.append(lines);
      if (this.options.sync === 'always') this.record.sync();
    } catch (error) {
      this.options.onError(error);
      for (const { reject } of waiting) reject(error);
      return;
    }
    try {
      if (authLines !== '') this.authLog.append(authLines);
    } catch (error) {
      this.options.onError(error); // a convenience for fail2ban; the record above is what counts
    }
    for (const { resolve } of waiting) resolve();
  }
}

export function auditRecordFile(dataDir: string): string {
  return join(dataDir, 'audit', 'events.jsonl');
}

/** A file that grows by whole lines; one that was moved away (log rotation) or deleted is begun anew. */
class AppendOnlyFile {
  private descriptor: number;
  private inode: number;
  /** The last line was cut off, by a kill or a full disk: the next one must not be glued to it. */
  private isTorn: boolean;
  private checkedAtMs = 0;
  private isDirty = false;
  private isSyncing = false;

  constructor(
    private readonly file: string,
    private readonly onError: (error: unknown) => void,
  ) {
    ({ descriptor: this.descriptor, inode: this.inode, isTorn: this.isTorn } = openToAppend(file));
  }

  append(text: string): void {
    this.reopenIfMoved();
    const bytes = Buffer.from(this.isTorn ? `\n${text}` : text);
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.descriptor, bytes, written);
      this.isTorn = written < bytes.length;
    }
    this.isDirty = true;
  }

  sync(): void {
    fdatasyncSync(this.descriptor);
    this.isDirty = false;
  }

  syncLater(): void {
    if (!this.isDirty || this.isSyncing) return;
    this.isDirty = false;
    this.isSyncing = true;
    fdatasync(this.descriptor, (error) => {
      this.isSyncing = false;
      if (error !== null) this.onError(error);
    });
  }

  close(): void {
    try {
      fdatasyncSync(this.descriptor);
    } catch (error) {
      this.onError(error); // a failing disk keeps nobody from going on with another file, or from stopping
    }
    closeSync(this.descriptor);
  }

  private reopenIfMoved(): void {
    const nowMs = performance.now();
    if (nowMs - this.checkedAtMs < 1000) return;
    if (statSync(this.file, { throwIfNoEntry: false })?.ino !== this.inode) {
      // First the new one: where that fails, the number of a closed one could soon be another file's.
      const opened = openToAppend(this.file);
      this.close();
      ({ descriptor: this.descriptor, inode: this.inode, isTorn: this.isTorn } = opened);
    }
    this.checkedAtMs = nowMs;
  }
}

function openToAppend(file: string): { descriptor: number; inode: number; isTorn: boolean } {
  const descriptor = openSync(file, 'a+', 0o600);
  const { ino: inode, size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  const isTorn = size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 10;
  return { descriptor, inode, isTorn };
}
