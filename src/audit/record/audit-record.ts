import { randomUUID } from 'node:crypto';
import { AppendOnlyFile } from './append-only-file.js';
import type { AuditEvent, AuditNote } from '../audit-event.js';
import { chainLine, origin, type Head } from './chain.js';
import { readChainId } from './chain-id.js';
import { findLastHead } from './find-last-record.js';
import { auditRecordFile, newestHeadOfRotatedFiles } from './record-files.js';

export interface AuditRecordOptions {
  dataDir: string;
  /** What is known from elsewhere to have been in the record. */
  checkpoint: Head | undefined;
  now: () => number;
  /** Told what happened to the record, in words. */
  onNote: (text: string) => void;
}

/** The record on the disk: a chain of lines over one file after another. */
export class AuditRecord {
  readonly chainId: string;
  private file: AppendOnlyFile;
  private chainHead: Head | undefined;
  /** Notes that are still to be written. */
  private notes: { note: AuditNote; target: Record<string, string> }[] = [];

  constructor(private readonly options: AuditRecordOptions) {
    this.chainId = readChainId(options.dataDir);
    this.file = new AppendOnlyFile(auditRecordFile(options.dataDir));
  }

  get head(): Head {
    return this.chainHead ?? this.options.checkpoint ?? origin;
  }

  /** At start: the file tells how far the chain has come, unless the checkpoint knows better. */
  begin(): void {
    const found = this.findTail() ?? newestHeadOfRotatedFiles(this.options.dataDir);
    const { checkpoint } = this.options;
    if (found !== undefined && (checkpoint === undefined || found.sequence > checkpoint.sequence)) {
      this.chainHead = found;
    } else {
      this.chainHead = checkpoint ?? origin;
      this.noteDifference(found ?? origin, this.chainHead);
    }
    this.append([]);
  }

  /** Looks after the file: one that log rotation has moved away is begun anew. Anything else wrong is returned. */
  watch(): 'deleted' | 'truncated' | 'grown' | undefined {
    const state = this.file.look();
    if (state === 'same') return undefined;
    if (state !== 'moved') return state;
    this.reopen();
    return undefined;
  }

  /**
   * Goes on with whatever is in the record's place now, from where the chain really is.
   *
   * @param resumed - what a note tells of the time in which nothing could be recorded
   */
  reopen(resumed?: Record<string, string>): void {
    // First the new one: where that fails, the number of a closed one could soon be another file's.
    const opened = new AppendOnlyFile(auditRecordFile(this.options.dataDir));
    this.file.close(() => undefined);
    this.file = opened;
    // What an attempt before this one found is found again, but a torn line is cut only once.
    this.notes = this.notes.filter(({ note }) => note === 'torn_line_cut');
    if (this.chainHead !== undefined) {
      const found = this.findTail();
      if (found !== undefined) this.noteDifference(found, this.chainHead);
    }
    if (resumed !== undefined) this.notes.push({ note: 'recording_resumed', target: resumed });
    if (this.chainHead === undefined) this.begin();
    else this.append([]);
  }

  /** Appends the events, each an object as JSON, after the notes that are due; all in one write, or none. */
  append(bodies: readonly string[]): void {
    let { head } = this;
    const lines: string[] = [];
    for (const body of [...this.dueNotes(), ...bodies]) {
      const next = chainLine(head, body);
      lines.push(next.line);
      ({ head } = next);
    }
    if (lines.length === 0) return;
    this.file.append(lines);
    this.chainHead = head;
    this.notes = [];
  }

  syncNow(): void {
    this.file.syncNow();
  }

  sync(): Promise<void> {
    return this.file.sync();
  }

  close(onError: (error: unknown) => void): void {
    this.file.close(onError);
  }

  private dueNotes(): string[] {
    const due = this.file.size > 0 ? [] : [this.noteBody('record_begun', this.beginning())];
    for (const { note, target } of this.notes) due.push(this.noteBody(note, target));
    return due;
  }

  /** So that each file can be checked without those before it. */
  private beginning(): Record<string, string> {
    return { chain: this.chainId, previous: this.head.hash };
  }

  private noteBody(note: AuditNote, target: Record<string, string>): string {
    const time = new Date(this.options.now()).toISOString();
    const about = { type: 'note', outcome: 'done', actor: { kind: 'service' }, note, target } as const;
    const event: AuditEvent = { id: randomUUID(), time, ...about };
    return JSON.stringify(event);
  }

  private noteDifference(found: Head, known: Head): void {
    if (found.sequence === known.sequence && found.hash === known.hash) return;
    const target = { found: String(found.sequence), expected: String(known.sequence) };
    this.note(found.sequence < known.sequence ? 'record_cut' : 'record_replaced', target);
  }

  private note(note: AuditNote, target: Record<string, string>): void {
    this.notes.push({ note, target });
    this.options.onNote(`${note} ${JSON.stringify(target)}`);
  }

  /** The newest line of the file, after a torn one was cut off. */
  private findTail(): Head | undefined {
    const torn = this.file.cutTornLine();
    if (torn > 0) this.note('torn_line_cut', { bytes: String(torn) });
    return findLastHead(this.file.size, (position, length) => this.file.read(position, length));
  }
}
