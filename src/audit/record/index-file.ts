import type { FileHandle } from 'node:fs/promises';
import { entryBytes, makeEntry, markOf, regionOf, type IndexSeal } from './index-block.js';
import { readAt, type RecordFile } from './record-files.js';

const newline = 10;
export const blockBytes = 65_536;

export async function countEntries(handle: FileHandle): Promise<number> {
  return Math.floor((await handle.stat()).size / entryBytes);
}

export async function isOf(entry: Buffer, file: RecordFile): Promise<boolean> {
  const { position, length, isHere } = markOf(entry);
  return regionOf(entry).end <= file.size && isHere(await readAt(file.descriptor, position, length));
}

/** Whole lines, about as many as are in a block, and one at least; empty: there is no line's end any more. */
export async function readBlock({ descriptor, size }: RecordFile, start: number): Promise<Buffer> {
  for (let length = blockBytes; ; length *= 2) {
    const bytes = await readAt(descriptor, start, Math.min(length, size - start));
    const end = bytes.lastIndexOf(newline) + 1;
    if (end > 0 || start + length >= size) return bytes.subarray(0, end);
  }
}

/** Undefined where there are not so many: it is being made anew. */
export async function readEntries(
  handle: FileHandle,
  from: number,
  count: number,
): Promise<Buffer | undefined> {
  const { buffer, bytesRead } = await handle.read(
    Buffer.alloc(count * entryBytes),
    0,
    count * entryBytes,
    from * entryBytes,
  );
  return bytesRead < buffer.length ? undefined : buffer;
}

/** Whether each entry is the one that the record gives. */
export async function isRight(handle: FileHandle, file: RecordFile, seal: IndexSeal): Promise<boolean> {
  const count = await countEntries(handle);
  let start = 0;
  for (let index = 0; index < count; index++) {
    const entry = await readEntries(handle, index, 1);
    if (entry === undefined) return false;
    if (regionOf(entry).end > file.size) return true; // the service has gone on
    // As long as it says: what was appended later may have been too little for an entry of its own then.
    const lines = await readAt(file.descriptor, start, Math.max(0, regionOf(entry).end - start));
    if (lines.at(-1) !== newline) return false;
    if (!entry.equals(seal.put(makeEntry(lines, start), file.firstSequence))) return false;
    start += lines.length;
  }
  return true;
}
