import { fstatSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { PeriodicTask } from '../../concurrency/periodic-task.js';
import type { AuditKey } from '../key/audit-key.js';
import {
  entryBytes,
  IndexSeal,
  makeEntry,
  regionOf,
  testOf,
  timesOf,
  type Query,
  type Region,
} from './index-block.js';
import {
  auditFolder,
  closeRecordFiles,
  fileState,
  isCurrentFile,
  openRecordFiles,
  type RecordFile,
} from './record-files.js';
import { FileSpans } from './file-spans.js';
import { blockBytes, countEntries, isOf, isRight, readBlock, readEntries } from './index-file.js';

const blocksPerTurn = 8;
const pauseMs = 20;
/** Its second form knows more members than the first one, which was called `index-N`. */
const nameOf = (firstSequence: number): string => `index-${String(firstSequence)}.2`;
const namePattern = /^index-\d+(?:\.\d+)?$/;
/** So many entries are looked at together, from the end. */
const entriesPerRead = 1024;
const followMs = 5000;
/** More than that since the last look, and following waits for a quieter moment; who asks is not kept waiting. */
const busyBytes = 4_194_304;

/**
 * What may be where in the record, so that a search reads only blocks of it: for every 64 KiB an entry of one KiB.
 * It lies beside the record as `index-N.2`, where N is the number of the file's first line, follows the record off the
 * path of decisions, and is made anew from the record where it is missing or doesn't fit. Each entry has a MAC, so that
 * one that somebody has altered hides nothing.
 */
export class RecordIndex {
  private following: Promise<void> = Promise.resolve();
  private readonly task = new PeriodicTask({
    run: () => this.catchUp(),
    intervalMs: followMs,
    firstMs: followMs,
    onError: (error) => this.onError(error),
  });
  private isStopped = false;
  /** First lines of files that have all entries and get no more lines. */
  private readonly filled = new Set<number>();
  private sizeBefore = 0;
  private readonly seal: IndexSeal;
  private readonly spans = new FileSpans();
  /** Stamps of index files all of whose entries had their MAC: most of the work of a search is to compare those. */
  private readonly genuine = new Set<string>();
  /** First lines of files whose index was altered, until it is made anew. */
  private readonly altered = new Set<number>();
  /** The same, until a verification has told of them. */
  private readonly untold = new Set<number>();

  /** @param isUpgrade - there may be an index from before entries had a MAC */
  constructor(
    private readonly dataDir: string,
    key: AuditKey,
    private readonly onError: (error: unknown) => void,
    private readonly isUpgrade = false,
  ) {
    this.seal = new IndexSeal(key);
  }

  /** Keeps the index of the present file close behind it. */
  follow(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.task.stop();
  }

  /** Regions of the file with events that may be asked for, the newest first; all that is in none of them is not. */
  async *search(file: RecordFile, query: Query): AsyncGenerator<Region> {
    if (this.spans.isOutside(file, query)) return;
    const handle = Number.isFinite(file.firstSequence)
      ? await this.openIndex(file).catch((error: unknown) => this.report(error))
      : undefined;
    if (handle === undefined) {
      yield { start: 0, end: file.size };
      return;
    }
    try {
      // Where the index can't be written, all of the record is read.
      const count = (await this.extend(handle, file).catch((error: unknown) => this.report(error))) ?? 0;
      // The index may be ahead of the file as it was when it was opened.
      const within = ({ start, end }: Region): Region => ({ start, end: Math.min(end, file.size) });
      const last = count === 0 ? undefined : await readEntries(handle, count - 1, 1);
      let next = last === undefined ? 0 : regionOf(last).end;
      let unread = Math.min(next, file.size);
      if (unread < file.size) yield { start: unread, end: file.size };
      const span = this.spans.begin(file, unread);
      const mayHave = testOf(query);
      const stamp = fileState(handle.fd);
      const isKnown = this.genuine.has(stamp);
      for (let end = count; end > 0 && next >= 0; end -= entriesPerRead) {
        const begin = Math.max(0, end - entriesPerRead);
        const entries = await readEntries(handle, begin, end - begin);
        if (entries === undefined) {
          yield { start: 0, end: unread };
          return;
        }
        for (let index = end - begin - 1; index >= 0 && next >= 0; index--) {
          const entry = entries.subarray(index * entryBytes, (index + 1) * entryBytes);
          const isGenuine = isKnown || this.seal.isOn(entry, file.firstSequence);
          const isNext = isGenuine && regionOf(entry).end === next;
          next = isNext ? regionOf(entry).start : -1;
          if (!isNext) continue;
          const region = within(regionOf(entry));
          unread = Math.min(unread, region.start);
          span.add(timesOf(entry));
          if (region.start < region.end && mayHave(entry)) yield region;
        }
      }
      // An entry was altered, or those at the beginning were taken away.
      if (next !== 0) {
        this.findAltered(file);
        yield { start: 0, end: unread };
        return;
      }
      span.end();
      if (!isCurrentFile(file) && stamp === fileState(handle.fd)) this.genuine.add(stamp);
    } finally {
      await handle.close();
    }
  }

  /** Compares the index of a file with one made anew, and puts that in its place. @returns what was wrong */
  async repair(file: RecordFile): Promise<{ place: string; problem: string } | undefined> {
    if (file.isCompressed || !Number.isFinite(file.firstSequence)) return undefined;
    const handle = await this.openIndex(file);
    try {
      await this.extend(handle, file);
      if (!(await isRight(handle, file, this.seal))) {
        this.findAltered(file);
        await this.extend(handle, file);
      }
      const place = nameOf(file.firstSequence);
      return this.untold.delete(file.firstSequence)
        ? { place, problem: 'the index did not tell what is in the record; it was made anew' }
        : undefined;
    } finally {
      await handle.close();
    }
  }

  private findAltered({ firstSequence }: RecordFile): void {
    this.altered.add(firstSequence);
    if (this.isUpgrade) return;
    this.untold.add(firstSequence);
    this.onError(new Error(`somebody has altered ${nameOf(firstSequence)}; it is made anew`));
  }

  private report(error: unknown): undefined {
    this.onError(error);
  }

  private async catchUp(): Promise<void> {
    const files = await openRecordFiles(this.dataDir);
    try {
      await this.dropOthers(files);
      const readable = files.filter((file) => !file.isCompressed && Number.isFinite(file.firstSequence));
      const file = readable.at(-1);
      if (file === undefined) return;
      const isBusy = file.size - this.sizeBefore > busyBytes;
      this.sizeBefore = file.size;
      // The oldest are asked for least.
      for (const each of isBusy ? [] : readable.toReversed()) await this.fill(each);
    } finally {
      closeRecordFiles(files);
    }
  }

  /** A few blocks at a time: a search of another file waits for no more, and decisions for less. */
  private async fill(file: RecordFile): Promise<void> {
    if (this.filled.has(file.firstSequence)) return;
    const handle = await this.openIndex(file);
    try {
      for (let before = -1, count = 0; count > before && !this.isStopped;) {
        if (before >= 0) await setTimeout(pauseMs);
        before = count;
        count = await this.extend(handle, file, blocksPerTurn);
      }
    } finally {
      await handle.close();
    }
    if (!isCurrentFile(file) && !this.isStopped) this.filled.add(file.firstSequence);
  }

  /** Those of files that were put away. */
  private async dropOthers(files: readonly RecordFile[]): Promise<void> {
    const wanted = files.map(({ firstSequence }) => nameOf(firstSequence));
    const present = (await readdir(auditFolder(this.dataDir))).filter((name) => namePattern.test(name));
    for (const name of present) {
      if (!wanted.includes(name)) await rm(join(auditFolder(this.dataDir), name), { force: true });
    }
  }

  private openIndex({ firstSequence }: RecordFile): Promise<FileHandle> {
    return open(join(auditFolder(this.dataDir), nameOf(firstSequence)), 'a+', 0o600);
  }

  /** One at a time; the number of entries after it. */
  private extend(handle: FileHandle, file: RecordFile, mostBlocks = Infinity): Promise<number> {
    const extended = this.following.then(() => this.extendAlone(handle, file, mostBlocks));
    this.following = extended.then(
      () => undefined,
      () => undefined,
    );
    return extended;
  }

  private async extendAlone(handle: FileHandle, opened: RecordFile, mostBlocks: number): Promise<number> {
    // As it is now: another reader may have extended the index since it was opened.
    const file = { ...opened, size: fstatSync(opened.descriptor).size };
    let count = await countEntries(handle);
    const last = count === 0 ? undefined : await readEntries(handle, count - 1, 1);
    const isGenuine =
      last !== undefined && this.seal.isOn(last, file.firstSequence) && (await isOf(last, file));
    if (last !== undefined && !isGenuine) this.findAltered(file);
    const fits = isGenuine && !this.altered.has(file.firstSequence);
    if (!fits) count = 0;
    let start = fits ? regionOf(last).end : 0;
    await handle.truncate(count * entryBytes); // also what a kill cut off
    // What is in none is read at every search; nothing more comes to a file that was moved away.
    const least = isCurrentFile(file) ? blockBytes : 1;
    for (let left = mostBlocks; file.size - start >= least && left > 0; left--) {
      const lines = await readBlock(file, start);
      if (lines.length === 0) break;
      await handle.appendFile(this.seal.put(makeEntry(lines, start), file.firstSequence));
      start += lines.length;
      count++;
    }
    this.altered.delete(file.firstSequence);
    return count;
  }
}
