import { PeriodicTask } from '../../concurrency/periodic-task.js';
import type { AuditLog } from '../audit-log.js';
import type { Cursor, CursorFile } from './cursor-file.js';
import type { RecordTail } from './record-tail.js';
import type { RecordedEvent, Sink } from './sink.js';

export interface SinkExporterParts {
  name: string;
  from: 'begin' | 'end';
  /** What it gets, for the log; absent: the audit record. */
  what?: 'alerts';
  sink: Sink;
  tail: RecordTail;
  cursorFile: Pick<CursorFile, 'read' | 'write'>;
  log: Pick<AuditLog, 'chainId' | 'head' | 'sync'>;
  /** Called with each line that an operator should see. */
  onWarning: (text: string) => void;
  onRecovered: (text: string) => void;
  random?: () => number;
  now?: () => number;
  limits?: ExportLimits;
}

export interface ExportLimits {
  /** Between two looks for new events. */
  pollMs: number;
  /** After a failure, doubled with each one that follows. */
  retryMs: number;
  maxRetryMs: number;
  maxEvents: number;
  maxBytes: number;
}

const usualLimits: ExportLimits = {
  ...{ pollMs: 1000, retryMs: 1000, maxRetryMs: 60_000 },
  ...{ maxEvents: 2000, maxBytes: 1_048_576 },
};

/** What an operator is told of a sink. */
export interface SinkState {
  name: string;
  /** Events that are recorded and not acknowledged. */
  behind: number;
  /** When it last acknowledged events, or was found to have all; undefined: not since the start. */
  lastSuccessMs: number | undefined;
  /** Why the newest attempt failed; undefined: it didn't. */
  failure: string | undefined;
}

/**
 * Brings the record to one sink. The record itself is what waits for a sink that is away: nothing is held in memory but
 * one batch, and the cursor moves only once the sink has acknowledged it. Only what is on the disk is sent, so that no
 * receiver ever has an event that a power loss takes away here.
 */
export class SinkExporter {
  private cursor: Cursor;
  /** What was given to the sink; it may not have acknowledged all of it. */
  private givenUpTo = 0;
  private syncedUpTo = 0;
  /** Of those up to there it was told which can't be read. */
  private toldUpTo = 0;
  private failures = 0;
  private failure: string | undefined;
  private lastSuccessMs: number | undefined;
  private readonly stopping = new AbortController();
  private readonly task: PeriodicTask;
  private readonly limits: ExportLimits;

  constructor(private readonly parts: SinkExporterParts) {
    this.limits = parts.limits ?? usualLimits;
    this.cursor = { chain: parts.log.chainId, number: parts.log.head.sequence };
    this.task = new PeriodicTask({
      run: () => this.sendAll(),
      intervalMs: () => this.delayMs(),
      onError: (error) => this.onFailed(error),
    });
  }

  get state(): SinkState {
    const behind = Math.max(0, this.parts.log.head.sequence - this.cursor.number);
    return { name: this.parts.name, behind, lastSuccessMs: this.lastSuccessMs, failure: this.failure };
  }

  private get subject(): string {
    return this.parts.what === undefined ? 'the audit record is' : `${this.parts.what} are`;
  }

  /** The number of the newest event that the sink has. */
  get acknowledged(): number {
    return this.cursor.number;
  }

  async start(): Promise<void> {
    this.cursor = await this.firstCursor();
    this.givenUpTo = this.cursor.number;
    // Before anything else: a sink that is named anew begins here also when the service is killed now.
    await this.parts.cursorFile.write(this.cursor);
    this.task.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.task.stop();
    this.parts.tail.close();
    await this.parts.sink.close?.();
  }

  private async firstCursor(): Promise<Cursor> {
    const { cursorFile, log, from, name, onWarning } = this.parts;
    const begin = { chain: log.chainId, number: 0 };
    const known = await cursorFile.read();
    if (known === undefined) return from === 'begin' ? begin : { ...begin, number: log.head.sequence };
    if (known !== 'damaged' && known.chain === log.chainId && known.number <= log.head.sequence) return known;
    // It can't be told what the sink has: repeats are found by chain and number, a gap would be found by nobody.
    const why = known === 'damaged' ? 'its cursor is damaged' : 'its cursor is not of this record';
    onWarning(`${this.subject} sent to ${name} from the beginning: ${why}`);
    return begin;
  }

  private async sendAll(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && (await this.hasMore())) {
      const { maxEvents, maxBytes } = this.limits;
      const limits = { upTo: this.syncedUpTo, maxEvents, maxBytes };
      const events = await this.parts.tail.read(this.givenUpTo, limits);
      const last = events.at(-1);
      if (last === undefined)
        throw new Error(`event ${String(this.givenUpTo + 1)} and those after it can't be read`);
      this.warnOfGap(events[0]?.number ?? last.number);
      await this.give(events);
      this.givenUpTo = last.number;
      this.onSucceeded();
    }
    if (!signal.aborted && this.cursor.number < this.givenUpTo) await this.give([]);
    if (!signal.aborted) this.onSucceeded();
  }

  private give(events: readonly RecordedEvent[]): Promise<void> {
    const acknowledge = async (number: number): Promise<void> => {
      if (number <= this.cursor.number) return;
      this.cursor = { ...this.cursor, number };
      await this.parts.cursorFile.write(this.cursor);
    };
    return this.parts.sink.send(events, this.stopping.signal, acknowledge, (number) =>
      this.warnOfUnreadable(number),
    );
  }

  private warnOfUnreadable(number: number): void {
    if (number <= this.toldUpTo) return;
    this.toldUpTo = number;
    this.parts.onWarning(
      `event ${String(number)} of the audit record is damaged: ${this.parts.name} doesn't get it (v-verify-audit)`,
    );
  }

  private warnOfGap(first: number): void {
    const missing = this.givenUpTo + 1;
    if (first > missing)
      this.parts.onWarning(
        `events ${String(missing)} to ${String(first - 1)} are not in the record any more: ${this.parts.name} doesn't get them`,
      );
  }

  private async hasMore(): Promise<boolean> {
    const { log } = this.parts;
    if (this.givenUpTo < this.syncedUpTo) return true;
    const { sequence } = log.head;
    if (sequence <= this.givenUpTo) return false;
    await log.sync();
    this.syncedUpTo = sequence;
    return true;
  }

  private onSucceeded(): void {
    const { now = Date.now, name, onRecovered } = this.parts;
    this.lastSuccessMs = now();
    if (this.failure !== undefined) onRecovered(`${this.subject} sent to ${name} again`);
    this.failure = undefined;
    this.failures = 0;
  }

  private onFailed(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    // The file may be put away before the sink is back: it is opened anew then.
    this.parts.tail.close();
    const failure = reasonOf(error);
    if (this.failure === undefined)
      this.parts.onWarning(
        `${this.parts.what ?? 'the audit record'} can't be sent to ${this.parts.name}: ${failure}; nothing is lost, it is tried again`,
      );
    this.failure = failure;
    this.failures++;
  }

  /** With jitter, so that the nodes don't come back to a receiver all at once. */
  private delayMs(): number {
    const { pollMs, retryMs, maxRetryMs } = this.limits;
    if (this.failures === 0) return pollMs;
    const longest = Math.min(maxRetryMs, retryMs * 2 ** (this.failures - 1));
    return longest * (0.5 + 0.5 * (this.parts.random ?? Math.random)());
  }
}

/** The text of the system and of ours; nothing that a receiver says is repeated. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  // Its text has the names of the certificate.
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'the certificate of the receiver is for another name';
  return message === '' ? (code ?? 'unknown reason') : message;
}
