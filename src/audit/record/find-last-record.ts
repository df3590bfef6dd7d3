import { readHead, type LineHead } from './chain.js';

const newline = 10;
const pieceBytes = 65_536;

/** The newest line of a chain before `end`, read from there backwards; what is no line of a chain is passed over. */
export function findLastHead(
  end: number,
  read: (position: number, length: number) => Buffer,
): LineHead | undefined {
  return findLast(end, read)?.head;
}

/** The same with the line itself. */
export function findLast(
  end: number,
  read: (position: number, length: number) => Buffer,
): { head: LineHead; line: Buffer } | undefined {
  let rest: Buffer = Buffer.alloc(0);
  while (end > 0) {
    const start = Math.max(0, end - pieceBytes);
    const bytes = Buffer.concat([read(start, end - start), rest]);
    let lineEnd = bytes.length;
    for (;;) {
      const lineStart = lineEnd === 0 ? -1 : bytes.lastIndexOf(newline, lineEnd - 1);
      if (lineStart === -1 && start > 0) break; // the line goes on before this piece
      const line = bytes.subarray(lineStart + 1, lineEnd);
      const head = readHead(line);
      if (head !== undefined) return { head, line };
      if (lineStart === -1) return undefined;
      lineEnd = lineStart;
    }
    rest = bytes.subarray(0, lineEnd);
    end = start;
  }
  return undefined;
}
