import type { AuditEvent } from '../audit-event.js';
import { findLine } from './find-event.js';
import type { Query } from './index-block.js';
import { linesOldestFirst, reachOf, type RecordReach } from './oldest-first.js';
import { closeRecordFiles, openRecordFiles, readAt } from './record-files.js';
import type { RecordIndex } from './record-index.js';

const chunkBytes = 65_536;
const everything: Query = { terms: [], sinceMs: -Infinity, untilMs: Infinity };

/** Reads the audit record from its end, rotated files too unless they are compressed, and no more than it has to. */
export class AuditReader {
  constructor(
    private readonly dataDir: string,
    private readonly index: RecordIndex,
  ) {}

  /** The newest events first, at most so many; what is no whole line is passed over. */
  async *newestFirst(limit: number): AsyncGenerator<AuditEvent> {
    let count = 0;
    for await (const event of this.search(everything)) {
      yield event;
      if (++count >= limit) return;
    }
  }

  /** The event with this number; undefined where it is not there, or in a compressed file. */
  async find(number: number): Promise<AuditEvent | undefined> {
    const line = await this.findLine(number);
    return line === undefined ? undefined : parseEvent(line);
  }

  /** The same as it stands in its file, without its end. */
  async findLine(number: number): Promise<string | undefined> {
    const files = await openRecordFiles(this.dataDir);
    try {
      const file = files.filter(({ firstSequence }) => firstSequence <= number).at(-1);
      const isReadable = file !== undefined && file.problem === undefined && !file.isCompressed;
      return isReadable ? await findLine(file, number) : undefined;
    } finally {
      closeRecordFiles(files);
    }
  }

  /** Lines that may be asked for, the oldest first, in pieces: all that are, and others. */
  linesOldestFirst(query: Query): AsyncGenerator<readonly string[]> {
    return linesOldestFirst(this.dataDir, this.index, query);
  }

  /** From where on it can be read without a gap. */
  reach(): Promise<RecordReach> {
    return reachOf(this.dataDir);
  }

  /** Events that may be asked for, the newest first: all that are, and some that are not. */
  async *search(query: Query): AsyncGenerator<AuditEvent> {
    const texts = query.terms.map(({ value }) => JSON.stringify(value));
    const oneOf = query.oneOf?.map(({ value }) => JSON.stringify(value));
    const mayBe = (line: string): boolean =>
      texts.every((text) => line.includes(text)) && (oneOf?.some((text) => line.includes(text)) ?? true);
    const files = await openRecordFiles(this.dataDir);
    try {
      for (const file of files.reverse()) {
        if (file.isCompressed) continue;
        for await (const { start, end } of this.index.search(file, query)) {
          for await (const line of linesFromEnd(file.descriptor, start, end)) {
            const event = mayBe(line) ? parseEvent(line) : undefined;
            if (event !== undefined) yield event;
          }
        }
      }
    } finally {
      closeRecordFiles(files);
    }
  }
}

function parseEvent(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}

async function* linesFromEnd(descriptor: number, begin: number, from: number): AsyncGenerator<string> {
  let end = from;
  let isAtEnd = true;
  let rest: Buffer = Buffer.alloc(0);
  while (end > begin) {
    const start = Math.max(begin, end - chunkBytes);
    const bytes = Buffer.concat([await readAt(descriptor, start, end - start), rest]);
    // The first line of a piece goes on before it, unless the piece is where the region begins.
    const wholeFrom = start === begin ? 0 : bytes.indexOf(10) + 1;
    const hasWholeLines = start === begin || wholeFrom > 0;
    rest = hasWholeLines ? bytes.subarray(0, wholeFrom) : bytes;
    const lines = hasWholeLines ? bytes.subarray(wholeFrom).toString('utf8').split('\n') : [];
    // What has no end is no line of the record: nothing of it was ever answered for, or somebody else wrote it.
    if (hasWholeLines && isAtEnd) {
      lines.pop();
      isAtEnd = false;
    }
    for (const line of lines.reverse()) if (line !== '') yield line;
    end = start;
  }
}
