import { findCandidates, nearBytes, type Candidate } from './find-candidates.js';

/** A candidate, with the line that it is in, counted from 1. */
export interface LocatedCandidate extends Candidate {
  line: number;
}

/** So much is kept of what was read before: longer than a secret, an ID and what may stand between them. */
const contextBytes = 2 * nearBytes;
const lineEnd = 10;

/**
 * Finds candidates in a stream of bytes, in memory that doesn't grow with it. Push its parts one after the other, then
 * `end`.
 */
export class ChunkScan {
  /** Not yet looked at to its end, with the context before it. */
  private rest = Buffer.alloc(0);
  /** Where in `rest` goes on what was not reported yet. */
  private reportFrom = 0;
  /** Of the first byte in `rest`. */
  private line = 1;
  private isAtStart = true;

  /** @param fileId - an ID of an access key by which the stream is named: it counts as standing at its start */
  constructor(private readonly fileId?: string) {}

  push(chunk: Buffer): LocatedCandidate[] {
    return this.scan(chunk, false);
  }

  end(): LocatedCandidate[] {
    return this.scan(Buffer.alloc(0), true);
  }

  private scan(chunk: Buffer, isLast: boolean): LocatedCandidate[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const reportTo = isLast ? bytes.length : Math.max(this.reportFrom, bytes.length - contextBytes);
    const idBefore = this.isAtStart ? this.fileId : undefined;
    const found = findCandidates(bytes, { from: this.reportFrom, to: reportTo, idBefore });
    const located = this.locate(bytes, found);
    if (isLast) return located;
    const cut = Math.max(0, reportTo - contextBytes);
    this.isAtStart &&= cut === 0;
    this.line += linesIn(bytes, 0, cut);
    this.rest = Buffer.from(bytes.subarray(cut)); // a copy: the chunk may be read into again
    this.reportFrom = reportTo - cut;
    return located;
  }

  private locate(bytes: Buffer, found: readonly Candidate[]): LocatedCandidate[] {
    let [place, line] = [0, this.line];
    return found.map((candidate) => {
      line += linesIn(bytes, place, candidate.offset);
      place = candidate.offset;
      return { ...candidate, line };
    });
  }
}

function linesIn(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let place = from; place < to; place++) if (bytes[place] === lineEnd) lines++;
  return lines;
}
