import type { KeptHead } from '../key/head-file.js';
import { readBeginning } from './beginning.js';
import { contentOf, leafOf, origin, readHead, type Head, type LineChain } from './chain.js';
import { closeRecordFiles, openForTail, readPiece, type RecordFile } from './record-files.js';

const newline = 10;
const pieceBytes = 65_536;
/** A service that was killed is ahead of the kept head by one batch; more than this was not written by it. */
export const mostBytes = 67_108_864;

/**
 * What the end of the record is, compared with the head that was kept apart from it.
 *
 * - `follows`: the kept line is there, and those after it are genuine; `head` is behind them
 * - `cut`: lines are missing at the end
 * - `replaced`: the kept line is another, or what stands after it was not written with the audit key
 */
export interface Tail {
  state: 'follows' | 'cut' | 'replaced';
  head: Head;
  /** The number of the newest line that is there. */
  found: number;
  /** The line with which the newest tree behind the kept head begins; undefined: none does. */
  treeBegin?: number | undefined;
}

export function compareTail(dataDir: string, kept: KeptHead, chain: LineChain): Tail {
  const lines = linesAfter(dataDir, kept.sequence);
  const { after, isAll } = lines;
  const anchor = kept.sequence === 0 ? origin : lines.anchor;
  const known: Head = { sequence: kept.sequence, hash: kept.hash };
  const found = Math.max(anchor?.sequence ?? 0, ...after.map((line) => readHead(line)?.sequence ?? 0));
  if (anchor?.sequence !== kept.sequence || !isAll) {
    const isCut = after.length === 0 && (anchor?.sequence ?? 0) < kept.sequence;
    return { state: isCut ? 'cut' : 'replaced', head: known, found };
  }
  if (anchor.hash !== kept.hash) return { state: 'replaced', head: known, found };
  let head = known;
  let treeBegin: number | undefined;
  for (const line of after) {
    const next = readHead(line);
    const isNext = next?.rule === 'mac' && next.sequence === head.sequence + 1;
    if (!isNext || !chain.isNext(head.hash, leafOf(contentOf(line, 'mac')), next.hash))
      return { state: 'replaced', head, found };
    head = { sequence: next.sequence, hash: next.hash };
    if (readBeginning(line)?.tree !== undefined) treeBegin = next.sequence;
  }
  return { state: 'follows', head, found, treeBegin };
}

interface Lines {
  /** The newest line whose number is not greater. */
  anchor: Head | undefined;
  /** Lines after it, oldest first; what is no line of a record is among them. */
  after: Buffer[];
  /** False: there is more than can have been written after the kept head. */
  isAll: boolean;
}

function linesAfter(dataDir: string, sequence: number): Lines {
  const files = openForTail(dataDir);
  const after: Buffer[] = [];
  let bytes = 0;
  try {
    for (const file of files) {
      for (const line of linesBackwards(file)) {
        const head = readHead(line);
        if (head !== undefined && head.sequence <= sequence)
          return { anchor: head, after: after.reverse(), isAll: true };
        after.push(line);
        bytes += line.length;
        if (bytes > mostBytes) return { anchor: undefined, after, isAll: false };
      }
    }
    return { anchor: undefined, after: after.reverse(), isAll: true };
  } finally {
    closeRecordFiles(files);
  }
}

/** Whole lines from the end of the file; copies. */
function* linesBackwards({ descriptor, size }: RecordFile): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - pieceBytes);
    const bytes = Buffer.concat([readPiece(descriptor, start, end - start), rest]);
    let lineEnd = bytes.length;
    for (;;) {
      const lineStart = lineEnd === 0 ? -1 : bytes.lastIndexOf(newline, lineEnd - 1);
      if (lineStart === -1 && start > 0) break;
      if (lineEnd > lineStart + 1) yield Buffer.from(bytes.subarray(lineStart + 1, lineEnd));
      if (lineStart === -1) return;
      lineEnd = lineStart;
    }
    rest = bytes.subarray(0, lineEnd);
    end = start;
  }
}
