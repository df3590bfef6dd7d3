import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AuditEvent, AuditNote, NewAuditEvent } from './audit-event.js';
import { noteBody } from './record/note-body.js';
import type { PutAway } from './put-away/statement.js';
import { RecordTree } from './tree/record-tree.js';
import { Batch } from './batch.js';
import { AuditRecord } from './record/audit-record.js';
import type { AuditLogOptions } from './audit-log-options.js';
import { AuthLog, type LoginOutcome } from './auth-log.js';
import type { Head } from './record/chain.js';
import { eventJson } from './event-json.js';
import { FailureSums } from './failure-sums.js';
import { formatInstant } from './times.js';

/** Since when nothing can be recorded, and what that has cost. */
interface Fault {
  error: Error;
  sinceMs: number;
  denied: number;
  unrecordedResults: number;
}

/** Twice a second: a record that was deleted or can be written again is noticed within a second, with room to spare. */
const watchMs = 500;

/**
 * The audit record: `<data>/audit/events.jsonl`, one event a line, appended and never changed. All events of one turn
 * of the event loop are written together, and `append` resolves when the kernel has them, so that `kill -9` loses
 * none that was answered. `<data>/auth.log` has the login outcomes in Hestia's format, for fail2ban.
 *
 * While the record can't be written, or was deleted or cut by somebody, every `append` rejects; twice a second it is
 * tried again, and the first thing that is then recorded is since when and how many decisions were denied.
 */
export class AuditLog {
  readonly tree: RecordTree;
  /** What it is written with, and what was found of it. */
  readonly record: AuditRecord;
  private readonly authLog: AuthLog;
  private readonly failures = new FailureSums(this);
  /** Of this turn of the event loop; undefined while it has none. */
  private batch: Batch | undefined;
  private fault: Fault | undefined;
  private deniedBefore = 0;
  private ticks = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly now: () => number;

  constructor(private readonly options: AuditLogOptions) {
    this.now = options.now ?? Date.now;
    const { dataDir, keyFile, node, store, rotation, onError, onNote = () => undefined } = options;
    this.authLog = new AuthLog(join(dataDir, 'auth.log'), onError);
    this.record = new AuditRecord({ dataDir, keyFile, node, store, rotation, now: this.now, onNote });
    this.tree = new RecordTree(dataDir, this.record);
    this.guarded(() => this.record.begin());
    this.timer = setInterval(() => this.tick(), watchMs);
    this.timer.unref();
  }

  /** Which chain this is, and how far it has come. */
  get chainId(): string {
    return this.record.chainId;
  }

  get head(): Head {
    return this.record.head;
  }

  /** The database has a signed head up to there. */
  keepStored(sequence: number): void {
    this.guarded(() => this.record.keepStored(sequence));
  }

  /** Says what is wrong, and begins a new tree with it. */
  beginTree(note: AuditNote, target: Record<string, string>, problem: string): void {
    this.guarded(() => this.record.beginTree(note, target, problem));
  }

  /** First it is noted; false where that can't be done now. @throws Error where the files can't be moved */
  enact(statement: PutAway, target: Record<string, string>): boolean {
    const body = noteBody('record_put_away', target, this.now());
    const isNoted = this.guarded(() => this.record.append([body]));
    if (isNoted) this.record.enact(statement);
    return isNoted;
  }

  /** Undefined while the record can be written. */
  get unavailableSinceMs(): number | undefined {
    return this.fault?.sinceMs;
  }

  /** How many decisions were denied because they could not be recorded, since the process started. */
  get deniedCount(): number {
    return this.deniedBefore + (this.fault?.denied ?? 0);
  }

  /**
   * Adds an event, and the login outcome that goes with it.
   *
   * @returns when the event is in the kernel's hands; rejects when it could not be written
   */
  append(event: NewAuditEvent, login?: LoginOutcome): Promise<void> {
    if (this.fault !== undefined) return Promise.reject(this.refuse(event.type));
    const nowMs = this.now();
    const batch = this.presentBatch();
    batch.bodies.push(bodyOf(event, nowMs));
    batch.types.push(event.type);
    if (login !== undefined) this.authLog.add(login, nowMs);
    return batch.written;
  }

  /**
   * Adds a failed attempt of a client who could not prove who he is. Those of the same address, key and reason within
   * a second are summed.
   */
  appendFailure(event: NewAuditEvent, login?: LoginOutcome): Promise<void> {
    return this.failures.append(event, login);
  }

  /** A login outcome whose event stands for several; nobody waits for it. */
  addLogin(login: LoginOutcome): void {
    this.authLog.add(login, this.now());
    this.presentBatch();
  }

  /** Resolves, or rejects, together with the events of this turn of the event loop. */
  endOfTurn(): Promise<void> {
    return this.presentBatch().written;
  }

  /** Resolves when everything up to the present head is on the disk. */
  sync(): Promise<void> {
    return this.record.sync();
  }

  close(): void {
    clearInterval(this.timer);
    this.failures.flush();
    this.write();
    this.record.close(this.options.onError);
    this.authLog.close();
  }

  private presentBatch(): Batch {
    if (this.batch === undefined) {
      this.batch = new Batch();
      setImmediate(() => this.write());
    }
    return this.batch;
  }

  private write(): void {
    const { batch = new Batch() } = this;
    this.batch = undefined;
    const { bodies, types } = batch;
    const isWritten = this.guarded(() => {
      this.record.append(bodies);
      if (bodies.length > 0 && this.options.sync === 'always') this.record.syncNow();
    });
    if (isWritten) {
      this.authLog.write();
      batch.resolve();
    } else {
      this.authLog.forget();
      for (const type of types) this.refuse(type);
      batch.reject(this.fault?.error ?? new Error('the audit record is not available'));
    }
  }

  /** False when it could not be done: from then on nothing is recorded until `recover` succeeds. */
  private guarded(work: () => void): boolean {
    if (this.fault !== undefined) return false;
    try {
      work();
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  private fail(error: unknown): void {
    this.fault = { error: error as Error, sinceMs: this.now(), denied: 0, unrecordedResults: 0 };
    this.options.onError(error);
  }

  /** Counts what can't be recorded; returns why. */
  private refuse(type: AuditEvent['type']): Error {
    const { fault } = this;
    if (fault === undefined) return new Error('the audit record is available');
    if (type === 'decision') fault.denied++;
    if (type === 'result') fault.unrecordedResults++;
    return fault.error;
  }

  private tick(): void {
    if (this.fault !== undefined) this.recover(this.fault);
    else {
      this.guarded(() => {
        const state = this.record.watch();
        if (state !== undefined)
          throw new Error(`somebody else has changed the audit record: it was ${state}`);
      });
    }
    this.authLog.watch();
    if (++this.ticks % 2 === 0) this.syncLater();
  }

  private recover(fault: Fault): void {
    const { error, sinceMs, denied, unrecordedResults } = fault;
    const { code, message }: NodeJS.ErrnoException = error;
    const target = { since: new Date(sinceMs).toISOString(), why: code ?? message, denied: String(denied) };
    const lost = unrecordedResults > 0 ? { unrecordedResults: String(unrecordedResults) } : {};
    try {
      this.record.reopen({ ...target, ...lost });
    } catch {
      return; // still so; why was reported when it began
    }
    this.deniedBefore += fault.denied;
    this.fault = undefined;
  }

  private syncLater(): void {
    this.record.sync().catch((error: unknown) => {
      if (this.fault === undefined) this.fail(error);
    });
    this.authLog.syncLater();
  }
}

/** The event as JSON, with an ID and a time. */
function bodyOf(event: NewAuditEvent, nowMs: number): string {
  const { id = randomUUID(), time = formatInstant(nowMs) } = event;
  return eventJson(event, id, time);
}
