import type { AuditRecord } from '../record/audit-record.js';
import { readBeginning } from '../record/beginning.js';
import { contentOf, leafOf, readHead, type Head } from '../record/chain.js';
import { narrow } from '../record/find-event.js';
import { readRecordFile, type RecordFile } from '../record/record-files.js';

const newline = 10;

/** Lines of the tree are not what was written. */
export class AlteredRecord extends Error {
  constructor(readonly sequence: number) {
    super(`number ${String(sequence)} of the audit record is missing or not what was written`);
  }
}

/** Genuine lines in their order, from a number on. */
export class LeafReader {
  private before: Head | undefined;

  constructor(
    private readonly record: AuditRecord,
    private next: number,
  ) {}

  async *leaves(file: RecordFile): AsyncGenerator<string> {
    if (file.problem !== undefined) return;
    const from = file.isCompressed ? 0 : (await narrow(file, this.next - 1)).start;
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of readRecordFile(file, from)) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        const leaf = this.leafOf(bytes.subarray(start, end));
        if (leaf !== undefined) yield leaf;
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
  }

  private leafOf(line: Buffer): string | undefined {
    const head = readHead(line);
    if (head === undefined || head.sequence < this.next) {
      if (head !== undefined) this.before = head;
      return undefined;
    }
    if (head.sequence > this.next || head.rule !== 'mac') throw new AlteredRecord(this.next);
    const leaf = leafOf(contentOf(line, 'mac'));
    const previous =
      this.before?.sequence === this.next - 1 ? this.before.hash : readBeginning(line)?.previous;
    if (previous !== undefined && !this.record.chain.isNext(previous, leaf, head.hash))
      throw new AlteredRecord(this.next);
    this.before = head;
    this.next++;
    return leaf;
  }
}
