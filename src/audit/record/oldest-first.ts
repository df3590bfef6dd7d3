import type { Query } from './index-block.js';
import { firstLine, timeOf } from './first-line.js';
import {
  closeRecordFiles,
  newestHead,
  openRecordFiles,
  readAt,
  readRecordFile,
  type RecordFile,
} from './record-files.js';
import type { RecordIndex } from './record-index.js';

/** Some milliseconds of reading: decisions come in between. */
const chunkBytes = 65_536;

/**
 * Lines that may be asked for, as they stand in the record, the oldest first: all that are, and others. They come in
 * pieces, each read by itself, so that a search of any length keeps neither decisions waiting nor the record in memory.
 * Compressed files are left out.
 */
export async function* linesOldestFirst(
  dataDir: string,
  index: RecordIndex,
  query: Query,
): AsyncGenerator<readonly string[]> {
  const files = await openRecordFiles(dataDir);
  try {
    for (const file of files) {
      if (file.isCompressed || file.problem !== undefined) continue;
      // One number for 64 KiB of the record.
      const regions = [];
      for await (const region of index.search(file, query)) regions.push(region);
      for (const { start, end } of regions.reverse()) yield* wholeLines(file, start, end);
    }
  } finally {
    closeRecordFiles(files);
  }
}

/** From where on the record can be read without a gap. */
export interface RecordReach {
  /** The number of its first line there; undefined: nothing can be read. */
  number?: number;
  /** When that line was written; undefined: it doesn't say. */
  timeMs?: number;
  /** Nothing is missing before it. */
  isWhole: boolean;
}

/** How far back the record goes: older files may have been put away, compressed or moved elsewhere. */
export async function reachOf(dataDir: string): Promise<RecordReach> {
  const files = await openRecordFiles(dataDir);
  try {
    let first: RecordFile | undefined;
    for (const file of files.filter(({ size, problem }) => size > 0 || problem !== undefined).reverse()) {
      if (file.isCompressed || !Number.isFinite(file.firstSequence)) break;
      // A file between them may have been taken away.
      if (first !== undefined && newestHead(file)?.sequence !== first.firstSequence - 1) break;
      first = file;
    }
    if (first === undefined) return { isWhole: files.every(({ size }) => size === 0) };
    const line = await firstLine(readRecordFile(first));
    const timeMs = line === undefined ? Number.NaN : timeOf(line);
    const number = first.firstSequence;
    return { number, ...(!Number.isNaN(timeMs) && { timeMs }), isWhole: number === 1 };
  } finally {
    closeRecordFiles(files);
  }
}

async function* wholeLines(
  { descriptor }: RecordFile,
  begin: number,
  end: number,
): AsyncGenerator<readonly string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for (let place = begin; place < end; place += chunkBytes) {
    const read = await readAt(descriptor, place, Math.min(chunkBytes, end - place));
    if (read.length === 0) return; // it was cut meanwhile
    const bytes = rest.length === 0 ? read : Buffer.concat([rest, read]);
    const whole = bytes.lastIndexOf(10) + 1;
    rest = bytes.subarray(whole);
    if (whole > 0) yield bytes.toString('utf8', 0, whole - 1).split('\n');
  }
  // What has no end is no line of the record: nothing of it was ever answered for.
}
