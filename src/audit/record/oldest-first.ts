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
/** With more keys than this, parting all lines takes less time than looking for each of them. */
const mostTexts = 8;
const lineEnd = 10;

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
  const texts = textsOf(query);
  const files = await openRecordFiles(dataDir);
  try {
    for (const file of files) {
      if (file.isCompressed || file.problem !== undefined) continue;
      // One number for 64 KiB of the record.
      const regions = [];
      for await (const region of index.search(file, query)) regions.push(region);
      for (const { start, end } of regions.reverse()) yield* wholeLines(file, start, end, texts);
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
  texts: readonly Buffer[],
): AsyncGenerator<readonly string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for (let place = begin; place < end; place += chunkBytes) {
    const read = await readAt(descriptor, place, Math.min(chunkBytes, end - place));
    if (read.length === 0) return; // it was cut meanwhile
    const bytes = rest.length === 0 ? read : Buffer.concat([rest, read]);
    const whole = bytes.lastIndexOf(lineEnd) + 1;
    rest = bytes.subarray(whole);
    if (whole > 0) yield linesWith(texts, bytes.subarray(0, whole - 1));
  }
  // What has no end is no line of the record: nothing of it was ever answered for.
}

/** Of few keys, their IDs: most lines of a busy record are about others, and are passed over as bytes. */
function textsOf({ terms, oneOf = terms.filter(({ field }) => field === 'accessKeyId') }: Query): Buffer[] {
  return oneOf.length > mostTexts
    ? []
    : oneOf.map(({ value }) => Buffer.from(JSON.stringify(value).slice(1, -1)));
}

/** The lines that have one of these texts in them, in their order; all of them where there is no text. */
function linesWith(texts: readonly Buffer[], bytes: Buffer): string[] {
  if (texts.length === 0) return bytes.toString('utf8').split('\n');
  const ends = new Map<number, number>();
  for (const text of texts)
    for (let place = bytes.indexOf(text); place !== -1;) {
      const next = bytes.indexOf(lineEnd, place);
      const end = next === -1 ? bytes.length : next;
      ends.set(bytes.lastIndexOf(lineEnd, place) + 1, end);
      place = bytes.indexOf(text, end);
    }
  const found = [...ends].sort(([one], [other]) => one - other);
  return found.map(([begin, end]) => bytes.toString('utf8', begin, end));
}
