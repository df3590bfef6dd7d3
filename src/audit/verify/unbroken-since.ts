import type { AuditLog } from '../audit-log.js';
import { readBeginning } from '../record/beginning.js';
import { origin, type Head } from '../record/chain.js';
import { findLine } from '../record/find-event.js';
import { firstLine, timeOf } from '../record/first-line.js';
import {
  closeRecordFiles,
  openRecordFiles,
  readRecordFile,
  type RecordFile,
} from '../record/record-files.js';
import { RecordWalk } from './record-walk.js';
import { walkFile } from './walk-file.js';
import type { RecordWalkOptions } from './walk-options.js';

/** A line, and when it was written; NaN: it doesn't say. */
export interface SinceLine {
  number: number;
  timeMs: number;
}

type Verified = Pick<AuditLog, 'head' | 'chainId' | 'record'>;

/**
 * From which line on the files that can be searched have every line up to the newest one, each verified with the audit
 * key. Compressed files can't be searched.
 *
 * @param from - files whose lines are all before this one are not read
 * @returns undefined: there is no such line
 */
export async function unbrokenSince(
  dataDir: string,
  log: Verified,
  from = 1,
): Promise<SinceLine | undefined> {
  let head: Head = origin;
  const files = await openRecordFiles(dataDir, () => (head = log.head));
  try {
    const searched = files.filter((file) => !file.isCompressed && Number.isFinite(file.firstSequence));
    const before = searched.findLastIndex(({ firstSequence }) => firstSequence <= from);
    let part: UnbrokenPart | undefined;
    for (const file of searched.slice(Math.max(0, before))) {
      if (part?.goesOnWith(file) !== true) part = await partFrom(file, head, log);
      await part?.take(file);
    }
    return await part?.end();
  } finally {
    closeRecordFiles(files);
  }
}

/** Undefined: nothing says from which chain value the first line of this file goes on, so it can't be verified. */
async function partFrom(
  file: RecordFile,
  head: Head,
  { chainId: chain, record }: Verified,
): Promise<UnbrokenPart | undefined> {
  const line = file.firstSequence === 1 ? undefined : await firstLine(readRecordFile(file));
  if (line !== undefined && readBeginning(line) === undefined) return undefined;
  const isNext: RecordWalkOptions['isNext'] = (...args) => record.chain.isNext(...args);
  return new UnbrokenPart(file, { known: [head], chain, isNext, mayBeginTrees: true });
}

/** Lines one after the other in which nothing is wrong. After a problem it begins again where a tree begins. */
class UnbrokenPart {
  private readonly walk: RecordWalk;
  private number: number;
  /** Problems of lines before that number. */
  private findingsBefore = 0;
  private isReadable = true;

  /** @param file - in which the first line is */
  constructor(
    private file: RecordFile,
    options: RecordWalkOptions,
  ) {
    this.number = file.firstSequence;
    const onLeaf: RecordWalkOptions['onLeaf'] = (sequence, _leaf, treeBegin) => {
      if (treeBegin === undefined || this.isUnbroken) return;
      this.number = sequence;
      this.findingsBefore = this.walk.findingCount;
    };
    this.walk = new RecordWalk({ ...options, from: this.number, onLeaf });
  }

  goesOnWith({ firstSequence }: RecordFile): boolean {
    const { state } = this.walk;
    return this.isUnbroken && state !== undefined && firstSequence === state.head.sequence + 1;
  }

  async take(file: RecordFile): Promise<void> {
    const { number } = this;
    try {
      await walkFile(this.walk, file);
    } catch {
      this.isReadable = false;
    }
    if (this.number !== number) this.file = file;
  }

  async end(): Promise<SinceLine | undefined> {
    this.walk.end();
    const line = this.isUnbroken ? await findLine(this.file, this.number) : undefined;
    return line === undefined ? undefined : { number: this.number, timeMs: timeOf(Buffer.from(line)) };
  }

  private get isUnbroken(): boolean {
    return this.isReadable && this.walk.findingCount === this.findingsBefore;
  }
}
