import type { Head } from './chain.js';
import { findLast } from './find-last-record.js';
import { timeOf } from './first-line.js';
import { closeRecordFiles, openForTail, readPiece } from './record-files.js';

/**
 * When the newest line was written that is there at start.
 *
 * @param head - with which line the record ends, as it is known apart from the files
 * @returns undefined: the record is empty; NaN: the time is unknown, such as that of a line that somebody added
 */
export function newestTimeAtStart(dataDir: string, { sequence, hash }: Head): number | undefined {
  let files: ReturnType<typeof openForTail> = [];
  try {
    files = openForTail(dataDir);
    const [file] = files;
    const last =
      file && findLast(file.size, (position, length) => readPiece(file.descriptor, position, length));
    if (last === undefined && sequence === 0) return undefined;
    const isHead = last?.head.sequence === sequence && last.head.hash === hash;
    return isHead ? timeOf(last.line) : Number.NaN;
  } catch {
    return Number.NaN;
  } finally {
    closeRecordFiles(files);
  }
}
