import { open, type FileHandle } from 'node:fs/promises';
import type { AuditEvent } from './audit-event.js';

const chunkBytes = 65_536;

/** Reads the audit record from its end, a piece at a time, so that its size doesn't matter. */
export class AuditReader {
  constructor(private readonly file: string) {}

  /** The newest events first, at most so many; a last line that a kill cut off is passed over. */
  async *newestFirst(limit: number): AsyncGenerator<AuditEvent> {
    let count = 0;
    for await (const line of linesFromEnd(this.file)) {
      const event = parseEvent(line);
      if (event === undefined) continue;
      yield event;
      if (++count >= limit) return;
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

async function* linesFromEnd(file: string): AsyncGenerator<string> {
  const handle = await open(file, 'r');
  try {
    let end = (await handle.stat()).size;
    let rest: Buffer = Buffer.alloc(0);
    while (end > 0) {
      const start = Math.max(0, end - chunkBytes);
      const bytes = Buffer.concat([await readBytes(handle, start, end - start), rest]);
      // The first line of a piece goes on before it, unless the piece is where the file begins.
      const wholeFrom = start === 0 ? 0 : bytes.indexOf(10) + 1;
      const hasWholeLines = start === 0 || wholeFrom > 0;
      rest = hasWholeLines ? bytes.subarray(0, wholeFrom) : bytes;
      const lines = hasWholeLines ? bytes.subarray(wholeFrom).toString('utf8').split('\n') : [];
      for (const line of lines.reverse()) if (line !== '') yield line;
      end = start;
    }
  } finally {
    await handle.close();
  }
}

async function readBytes(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
