import { readRecordFile, type RecordFile } from '../record/record-files.js';
import type { RecordWalk } from './record-walk.js';
import type { TreeCheck } from './tree-check.js';
import type { FilePlace } from './verification-run.js';

const newline = 10;
/** Longer than any event; what goes on beyond that is not kept in memory to be called one line. */
const maxLineBytes = 33_554_432;

export interface FileWalk {
  check?: TreeCheck | undefined;
  /** Where to begin, in a file that is not compressed. */
  place?: FilePlace | undefined;
  /** Called after each piece with the progress; what it throws ends the walk. */
  onPiece?: (place: FilePlace) => Promise<void> | void;
}

/** Walks over the lines of a file, a piece at a time. @throws Error where it can't be read to its end */
export async function walkFile(
  walk: RecordWalk,
  file: RecordFile,
  { check, place = { offset: 0, line: 0 }, onPiece }: FileWalk = {},
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let { line: number, offset: read } = place;
  for await (const piece of readRecordFile(file, place.offset)) {
    read += piece.length;
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      const line = bytes.subarray(start, end);
      if (number === 0) walk.beginFile(line, file.name);
      walk.take(line, `${file.name} line ${String(++number)}`);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    await check?.compareTiles();
    await onPiece?.({ offset: read - rest.length, line: number });
    if (rest.length <= maxLineBytes) continue;
    walk.take(rest, `${file.name} line ${String(number + 1)}`);
    rest = Buffer.alloc(0);
  }
  // A start cuts off what a kill has torn; anything else that has no end was never written by the service.
  if (rest.length > 0) walk.takeRest(`${file.name} line ${String(number + 1)}`);
}
