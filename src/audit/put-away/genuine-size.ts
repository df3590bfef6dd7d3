import { readBeginning } from '../record/beginning.js';
import { contentOf, leafOf, readHead, type LineChain } from '../record/chain.js';
import { fileState, isDamaged, readRecordFile, type RecordFile } from '../record/record-files.js';

const newline = 10;
/** A file with more than this that is not genuine is read no further: it may go on with terabytes of zeros. */
const mostJunkBytes = 4_194_304;

/** The lines of a file that were written with the audit key. Lines from before there was a key don't count. */
interface GenuinePart {
  first: number;
  last: number;
  bytes: number;
}

/**
 * How much of the record's closed files this node has written. Anybody who can write to the data directory can make a
 * file look large, or put the same lines into two files: neither may cause genuine files to be put away for their size.
 * The present file doesn't count: it is never put away, and somebody may have put junk into it.
 */
export class GenuineSize {
  /** Of closed files as they were when they were read. */
  private known = new Map<string, GenuinePart>();

  constructor(private readonly chain: LineChain) {}

  /**
   * @param closed - the files but the present one, oldest first
   * @param onPiece - called between the pieces that are read; what it throws ends the reading
   */
  async of(closed: readonly RecordFile[], onPiece: () => void): Promise<number> {
    const known = new Map<string, GenuinePart>();
    let sum = 0;
    let last = 0;
    for (const file of closed) {
      if (file.problem !== undefined) continue;
      const state = fileState(file.descriptor);
      const part = this.known.get(state) ?? (await this.read(file, onPiece));
      known.set(state, part);
      if (part.first <= last) continue;
      // What is compressed takes less than its lines.
      sum += Math.min(file.size, part.bytes);
      last = Math.max(last, part.last);
    }
    this.known = known;
    return sum;
  }

  private async read(file: RecordFile, onPiece: () => void): Promise<GenuinePart> {
    const part = { first: 0, last: 0, bytes: 0 };
    const lines = new GenuineLines(this.chain, part);
    let rest: Buffer = Buffer.alloc(0);
    let read = 0;
    try {
      for await (const piece of readRecordFile(file)) {
        onPiece();
        read += piece.length;
        const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
        let start = 0;
        for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
          lines.take(bytes.subarray(start, end));
          start = end + 1;
        }
        rest = bytes.subarray(start);
        if (read - part.bytes > mostJunkBytes) break;
      }
    } catch (error) {
      // A damaged file counts up to the damage. Any other error may be gone at the next attempt.
      if (!isDamaged(error)) throw error;
    }
    return part;
  }
}

/** Counts the lines of one file that follow the one before under the audit key, each number once. */
class GenuineLines {
  private previous: string | undefined;

  constructor(
    private readonly chain: LineChain,
    private readonly part: GenuinePart,
  ) {}

  take(line: Buffer): void {
    const { part } = this;
    const head = readHead(line);
    if (head?.rule !== 'mac') return;
    const previous = this.previous ?? readBeginning(line)?.previous;
    this.previous = head.hash;
    if (previous === undefined || head.sequence <= part.last) return;
    if (!this.chain.isNext(previous, leafOf(contentOf(line, 'mac')), head.hash)) return;
    if (part.first === 0) part.first = head.sequence;
    part.last = head.sequence;
    part.bytes += line.length + 1;
  }
}
