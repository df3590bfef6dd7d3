import type { AuditNote } from '../audit-event.js';
import type { AuditKey } from '../key/audit-key.js';
import { HeadFile, type KeptHead } from '../key/head-file.js';
import { defaultKeyFile, headFileFor, openAuditKey, type FoundKey } from '../key/key-file.js';
import { enactStatement, finishPuttingAway, takeOutFiles } from '../put-away/put-away-files.js';
import type { PutAway } from '../put-away/statement.js';
import { newestSigned } from '../tree/signed-note.js';
import { AppendOnlyFile } from './append-only-file.js';
import { LineChain, origin, type Head } from './chain.js';
import { chainIdInFolder, newChainId, writeChainId } from './chain-id.js';
import { dueNotes, type RecordNote } from './due-notes.js';
import { findLastHead } from './find-last-record.js';
import { judgeStart, type RecordFinding } from './judge-start.js';
import type { AuditRecordOptions, OnLines, TreeExtent } from './audit-record-options.js';
import { noteBody } from './note-body.js';
import { cutTornRotatedFile, setAside } from './set-aside.js';
import { makeLines } from './make-lines.js';
import { newestTimeAtStart } from './newest-time.js';
import { auditRecordFile, newestHeadOfFiles } from './record-files.js';
import { compareTail } from './record-tail.js';
import { Rotation } from './rotation.js';

/** The record on the disk: a keyed chain of lines over one file after another, and its head apart from them. */
export class AuditRecord {
  readonly key: AuditKey;
  readonly keyFile: string;
  readonly headFilePath: string;
  readonly chainId: string;
  /** What was not as it had been left. */
  readonly findings: RecordFinding[] = [];
  hasJustBeenSigned = false;
  /** The time of the newest line at start; undefined: the record was empty; NaN: it is unknown. */
  newestAtStartMs: number | undefined = Number.NaN;
  /** What was put away on purpose; undefined: nothing was. */
  putAway: PutAway | undefined;
  onLines: OnLines = () => undefined;
  readonly chain: LineChain;
  private readonly rotation: Rotation | undefined;
  private readonly headFile: HeadFile;
  private readonly kept: KeptHead | undefined;
  private readonly foundKey: FoundKey;
  private readonly folderChain: string | undefined;
  private file: AppendOnlyFile;
  private chainHead: Head | undefined;
  private treeBegin = 0;
  private stored = 0;
  /** Why the next line begins a new tree; undefined: it doesn't. */
  private newTree: string | undefined;
  /** Notes that are still to be written. */
  private notes: RecordNote[] = [];

  constructor(private readonly options: AuditRecordOptions) {
    const { dataDir, store } = options;
    this.keyFile = options.keyFile ?? defaultKeyFile(dataDir);
    this.foundKey = openAuditKey(this.keyFile);
    this.key = this.foundKey.key;
    this.headFilePath = headFileFor(this.keyFile, dataDir);
    this.headFile = new HeadFile(this.headFilePath, this.key);
    this.kept = this.headFile.read();
    this.folderChain = chainIdInFolder(dataDir);
    this.chainId = this.kept?.chain ?? store?.chain ?? this.folderChain ?? newChainId();
    this.chain = new LineChain(this.key, this.chainId);
    this.putAway = finishPuttingAway(dataDir, this.key, this.chainId);
    this.rotation = options.rotation && new Rotation(dataDir, options.rotation, options.now, options.onNote);
    this.file = new AppendOnlyFile(auditRecordFile(dataDir));
  }

  get head(): Head {
    const { sequence, hash } = this.chainHead ?? this.kept ?? this.options.store?.head ?? origin;
    return { sequence, hash };
  }

  /** The newest line up to which the database has a signed head. */
  get storedSequence(): number {
    return this.stored;
  }

  get tree(): TreeExtent {
    const begin = this.treeBegin;
    return { begin, size: begin === 0 ? 0 : this.head.sequence - begin + 1 };
  }

  /** At start: the record, the kept head and the database have to say the same; what doesn't is noted. */
  begin(): void {
    const { dataDir, node = '', store = {} } = this.options;
    this.cutTornLines();
    const { kept, foundKey, keyFile, folderChain } = this;
    const start = judgeStart({
      ...{ keyWasThere: foundKey.wasThere, keyFile, kept, node, folderChain, store },
      headFileIsEmpty: this.headFile.isEmpty,
      storeSigned: newestSigned(store.notes ?? [], this.key.verifierKey, this.chainId),
      newest: newestHeadOfFiles(dataDir),
      tail: kept && compareTail(dataDir, kept, this.chain),
    });
    const { sequence, hash } = start.head;
    const isUnknown = kept === undefined && sequence > 0;
    this.newestAtStartMs = isUnknown ? Number.NaN : newestTimeAtStart(dataDir, start.head);
    this.chainHead = { sequence, hash };
    if (start.newTree.includes('record_replaced'))
      setAside(this.file, dataDir, start.head, this.options.now());
    this.treeBegin = start.treeBegin;
    this.stored = kept?.stored ?? 0;
    for (const { note, target } of start.notes) this.note(note, target);
    this.findings.splice(0, Infinity, ...start.findings);
    if (start.newTree.length > 0) this.newTree = start.newTree.join(',');
    this.hasJustBeenSigned = start.newTree.includes('record_signed_from');
    if (folderChain !== this.chainId) writeChainId(dataDir, this.chainId);
    // Before the first line: a kill between the two must not look as if the head had been removed.
    this.keepHead();
    this.append([]);
  }

  /** Looks after the file: one that was moved away, or that is to be, is begun anew. Anything else wrong is returned. */
  watch(): 'deleted' | 'truncated' | 'grown' | undefined {
    this.restoreHeadFile();
    const state = this.file.look();
    if (state === 'same' && this.rotation?.moveIfDue(this.file, this.head.sequence) !== true)
      return undefined;
    if (state !== 'same' && state !== 'moved') return state;
    this.reopen();
    return undefined;
  }

  /** Goes on with the file in the record's place. `resumed` becomes the note of the time in which nothing was recorded. */
  reopen(resumed?: Record<string, string>): void {
    // First the new one: where that fails, the number of a closed one could soon be another file's.
    const opened = new AppendOnlyFile(auditRecordFile(this.options.dataDir));
    this.file.close(() => undefined);
    this.file = opened;
    // What an attempt before this one found is found again, but a torn line is cut only once.
    this.notes = this.notes.filter(({ note }) => note === 'torn_line_cut');
    if (this.chainHead !== undefined) {
      this.restoreHeadFile();
      this.noteTorn(opened.cutTornLine());
      const found = findLastHead(opened.size, (position, length) => opened.read(position, length));
      if (found !== undefined) this.noteDifference(found, this.chainHead);
    }
    if (resumed !== undefined) this.notes.push({ note: 'recording_resumed', target: resumed });
    if (this.chainHead === undefined) this.begin();
    else this.append([]);
  }

  /** Begins a new tree with the next line. */
  beginTree(note: AuditNote, target: Record<string, string>, problem: string): void {
    this.note(note, target);
    this.findings.push({ note, problem });
    this.newTree = note;
    this.append([]);
  }

  /** Appends the events, each an object as JSON, after the notes that are due; all in one write, or none. */
  append(bodies: readonly string[]): void {
    const all = [...this.dueNotes(), ...bodies];
    if (all.length === 0) return;
    const { head: before } = this;
    const { bytes, head, leaves } = makeLines(this.chain, before, all);
    this.file.append(bytes);
    this.chainHead = head;
    this.notes = [];
    const newTree = this.newTree === undefined ? undefined : before.sequence + 1;
    if (newTree !== undefined) {
      this.treeBegin = newTree;
      this.newTree = undefined;
      this.describeHead();
    }
    this.onLines(leaves, newTree);
    this.headFile.write(head.sequence, head.hash);
  }

  /** Takes files out of the record whose signed statement was laid beside it. */
  enact(statement: PutAway): void {
    enactStatement(this.options.dataDir);
    this.putAway = statement;
    takeOutFiles(this.options.dataDir, statement);
  }

  /** The database has a signed head up to there. */
  keepStored(sequence: number): void {
    if (sequence <= this.stored) return;
    this.stored = sequence;
    this.keepHead();
  }

  syncNow(): void {
    this.file.syncNow();
  }

  /** First the head: on the disk the record must not be behind it, or a power loss would look like a cut. */
  async sync(): Promise<void> {
    await this.headFile.sync();
    await this.file.sync();
  }

  close(onError: (error: unknown) => void): void {
    this.file.close(onError);
    try {
      this.headFile.close();
    } catch (error) {
      onError(error);
    }
  }

  private restoreHeadFile(): void {
    if (!this.headFile.restore()) return;
    this.options.onNote('the head file beside the audit key was deleted; it is made anew');
    this.keepHead();
  }

  private keepHead(): void {
    this.describeHead();
    this.headFile.write(this.head.sequence, this.head.hash);
  }

  private describeHead(): void {
    const { chainId: chain, treeBegin, stored, options } = this;
    this.headFile.describe({ chain, node: options.node ?? '', treeBegin, stored });
  }

  private dueNotes(): string[] {
    const { notes, newTree, head, chainId: chain, options } = this;
    const isNewFile = this.file.size === 0;
    const due = dueNotes({ notes, isNewFile, newTree, head, chain, keyName: this.key.name });
    return due.map(({ note, target }) => noteBody(note, target, options.now()));
  }

  private noteDifference(found: Head, known: Head): void {
    if (found.sequence === known.sequence && found.hash === known.hash) return;
    const target = { found: String(found.sequence), expected: String(known.sequence) };
    const note = found.sequence < known.sequence ? 'record_cut' : 'record_replaced';
    this.note(note, target);
    const problem = `somebody else changed the record while the service ran: its file ended with number ${target.found}, number ${target.expected} was written`;
    this.findings.push({ note, problem });
    this.newTree = note;
  }

  private note(note: AuditNote, target: Record<string, string>): void {
    this.notes.push({ note, target });
    this.options.onNote(`${note} ${JSON.stringify(target)}`);
  }

  /** Of the present file and, where it is new, of the one that was moved away just before a kill. */
  private cutTornLines(): void {
    this.noteTorn(this.file.cutTornLine());
    if (this.file.size === 0) this.noteTorn(cutTornRotatedFile(this.options.dataDir));
  }

  private noteTorn(torn: number): void {
    if (torn > 0) this.note('torn_line_cut', { bytes: String(torn) });
  }
}
