import { fstatSync } from 'node:fs';
import { isCurrentFile, type RecordFile } from '../record/record-files.js';
import type { RecordWalk } from './record-walk.js';
import type { SavedVerification, VerificationFile, VerifiedFile } from './saved-verification.js';
import type { TreeCheck } from './tree-check.js';

const usualIntervals = { saveMs: 2000, tellMs: 5000 };

/** How far a verification is. */
export interface Progress {
  bytes: number;
  totalBytes: number;
  /** The number of the newest line that was verified. */
  number: number;
}

export interface RunOptions {
  /** Aborted: how far it came is saved, and `Interrupted` is thrown. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Where how far it came is kept; undefined: nowhere. */
  file?: VerificationFile | undefined;
  /** To go on from, if it fits the record. */
  saved?: SavedVerification | undefined;
  chain: string;
  intervals?: typeof usualIntervals;
}

export class Interrupted extends Error {
  /** @param savedNumber - after which a later verification can go on; undefined: nothing was saved */
  constructor(
    number: number,
    readonly savedNumber: number | undefined,
  ) {
    super(`the verification was interrupted after number ${String(number)}`);
  }
}

/** Where in a file it goes on: behind so many bytes and lines. */
export interface FilePlace {
  offset: number;
  line: number;
}

/** One verification of a record: where it begins, how far it is, and what is left when it is interrupted. */
export class VerificationRun {
  /** The state from which it goes on; undefined: from the beginning. */
  readonly resumed: SavedVerification | undefined;
  private readonly done: VerifiedFile[] = [];
  /** Each file as it was before it was read: what is written into it afterwards was not verified. */
  private readonly states: ReadonlyMap<RecordFile, VerifiedFile>;
  private readonly startedAt: string;
  private savedAtMs = performance.now();
  private toldAtMs = performance.now();
  private bytesBefore = 0;
  private savedNumber: number | undefined;
  /** Until a file could not be read to its end: a later verification has to try again. */
  private maySave = true;

  constructor(
    private readonly options: RunOptions,
    private readonly files: readonly RecordFile[],
    private readonly begin: number,
  ) {
    const { saved } = options;
    const readable = files.filter(({ problem }) => problem === undefined);
    this.states = new Map(readable.map((file) => [file, stateOf(file)]));
    this.resumed = saved !== undefined && this.fits(saved) ? saved : undefined;
    this.savedNumber = this.resumed?.walk.head.sequence;
    this.startedAt = this.resumed?.startedAt ?? new Date().toISOString();
    for (const done of this.resumed?.done ?? []) {
      this.done.push(done);
      this.bytesBefore += done.size;
    }
  }

  /** Files that are still to be read; with the first one, where in it. */
  get rest(): { files: readonly RecordFile[]; place: FilePlace | undefined } {
    return { files: this.files.slice(this.done.length), place: this.resumed?.place };
  }

  /** Between the pieces of a file. @throws Interrupted */
  async at(
    file: RecordFile,
    place: FilePlace,
    walk: RecordWalk,
    check: TreeCheck | undefined,
  ): Promise<void> {
    const { signal, intervals: { saveMs, tellMs } = usualIntervals } = this.options;
    const isAborted = signal?.aborted === true;
    const nowMs = performance.now();
    if (isAborted || nowMs - this.savedAtMs >= saveMs) {
      this.savedAtMs = nowMs;
      await this.save(file, place, walk, check);
    }
    if (isAborted) throw new Interrupted(walk.head.sequence, this.savedNumber);
    if (nowMs - this.toldAtMs < tellMs) return;
    this.toldAtMs = nowMs;
    const totalBytes = this.files.reduce((sum, { size }) => sum + size, 0);
    this.options.onProgress?.({
      bytes: this.bytesBefore + place.offset,
      totalBytes,
      number: walk.head.sequence,
    });
  }

  /** @param isRead - false: it could not be read to its end */
  endFile(file: RecordFile, isRead: boolean): void {
    this.bytesBefore += file.size;
    const state = isRead ? this.states.get(file) : undefined;
    if (state !== undefined) this.done.push(state);
    else this.maySave = false;
  }

  async end(): Promise<void> {
    await this.options.file?.remove();
  }

  private async save(
    file: RecordFile,
    { offset, line }: FilePlace,
    walk: RecordWalk,
    check: TreeCheck | undefined,
  ): Promise<void> {
    const { state } = walk;
    const trees = check === undefined ? [] : check.rebuilt;
    const fileState = this.states.get(file);
    const { file: target, chain } = this.options;
    if (target === undefined || !this.maySave || fileState === undefined || file.isCompressed) return;
    if (state === undefined || trees === undefined) return;
    const place = { ...fileState, isCurrent: isCurrentFile(file), offset, line };
    const { begin, startedAt, done } = this;
    await target.write({ chain, begin, startedAt, walk: state, trees, done, place });
    this.savedNumber = state.head.sequence;
  }

  /** Whether nothing was done since to the files that were read, as far as the file system tells. */
  private fits({ chain, begin, done, place }: SavedVerification): boolean {
    const file = this.files[done.length];
    if (chain !== this.options.chain || begin !== this.begin || file === undefined) return false;
    const isSame = done.every((each, index) => {
      const there = this.stateAt(index);
      return there !== undefined && isSameFile(there, each);
    });
    const there = this.stateAt(done.length);
    if (!isSame || there === undefined || file.isCompressed) return false;
    // The present file grows, and closing it is a change too.
    if (!place.isCurrent) return isSameFile(there, place);
    return there.first === place.first && there.inode === place.inode && there.size >= place.offset;
  }

  private stateAt(index: number): VerifiedFile | undefined {
    const file = this.files[index];
    return file && this.states.get(file);
  }
}

/** @returns its size is what is read of it */
function stateOf({ descriptor, size, firstSequence: first }: RecordFile): VerifiedFile {
  const { ino: inode, ctimeMs: changedMs } = fstatSync(descriptor);
  return { first, inode, size, changedMs };
}

function isSameFile(one: VerifiedFile, other: VerifiedFile): boolean {
  return (
    one.first === other.first &&
    one.inode === other.inode &&
    one.size === other.size &&
    one.changedMs === other.changedMs
  );
}
