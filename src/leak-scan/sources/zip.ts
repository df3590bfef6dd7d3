import { createInflateRaw } from 'node:zlib';
import { Readable } from 'node:stream';
import type { Chunks } from './byte-reader.js';
import type { Member } from './tar.js';

/** A file, or bytes in memory, that can be read at any place. */
export interface RandomAccess {
  size: number;
  read(offset: number, length: number): Buffer;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
/** Of an archive in parts, or of one that was to be in parts. */
const partsSignatures = [0x08074b50, 0x30304b50] as const;
const firstSignatures: readonly number[] = [localSignature, endSignature, ...partsSignatures];
const longestComment = 65_535;
/** What stands round the files: of each its header and what is behind it, and once the end of the list. */
const [mostBesidesEach, mostBesides] = [256, 4096] as const;
const partBytes = 262_144;
const [stored, deflated] = [0, 8] as const;

interface Entry {
  name: string;
  method: number;
  isEncrypted: boolean;
  packedSize: number;
  localOffset: number;
  /** What it takes in the list. */
  listedBytes: number;
  comment: Buffer;
}

/** A file in a zip archive, or what stands beside it there. */
export interface ZipMember extends Member {
  /** Why it can't be read. */
  problem?: string;
  /** It is the comment on the file of this name; without a name, the comment on the archive. */
  isComment?: boolean;
  /** There is nothing but its name. */
  isFolder?: boolean;
}

/** Whether these first bytes are a zip archive's, whole or parted. */
export function isZip(head: Buffer): boolean {
  return head.length >= 4 && firstSignatures.includes(head.readUInt32LE(0));
}

/**
 * The files in a zip archive and the comments on them, by the list at its end. One that is cut off or damaged ends with an error. Where much of it
 * belongs to no file, the last member has no name, and says so.
 */
export function* readZip(archive: RandomAccess): Generator<ZipMember, void> {
  const directory = directoryOf(archive);
  let unlisted = archive.size - mostBesides - directory.comment.length;
  if (directory.comment.length > 0) yield { name: '', chunks: [directory.comment], isComment: true };
  for (const entry of entriesOf(archive, directory)) {
    const { name, comment, packedSize } = entry;
    unlisted -= entry.listedBytes + packedSize + mostBesidesEach;
    const problem = problemOf(entry);
    if (name.endsWith('/') && packedSize === 0) yield { name, chunks: [], isFolder: true };
    else if (problem !== undefined) yield { name, chunks: [], problem };
    else yield { name, chunks: chunksOf(archive, entry) };
    if (comment.length > 0) yield { name, chunks: [comment], isComment: true };
  }
  if (unlisted > 0) yield { name: '', chunks: [], problem: 'much of it belongs to no file that it lists' };
}

function problemOf({ isEncrypted, method }: Entry): string | undefined {
  if (isEncrypted) return 'it is encrypted';
  return method === stored || method === deflated ? undefined : 'it is compressed in a way that is not read';
}

function* entriesOf(archive: RandomAccess, { offset, size }: Directory): Generator<Entry, void> {
  const fixed = 46;
  for (let place = offset; place + fixed <= offset + size;) {
    const head = archive.read(place, fixed);
    if (head.length < fixed || head.readUInt32LE(0) !== entrySignature) throw damaged();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => head.readUInt16LE(at)) as [
      number,
      number,
      number,
    ];
    const listedBytes = fixed + nameLength + extraLength + commentLength;
    const more = archive.read(place + fixed, nameLength + extraLength + commentLength);
    const extra = more.subarray(nameLength, nameLength + extraLength);
    const [unpacked, packed, local] = [24, 20, 42].map((at) => head.readUInt32LE(at)) as [
      number,
      number,
      number,
    ];
    const [, packedSize, localOffset] = widened([unpacked, packed, local], extra);
    yield {
      name: more.toString('utf8', 0, nameLength),
      method: head.readUInt16LE(10),
      isEncrypted: (head.readUInt16LE(8) & 1) !== 0,
      ...{ packedSize, localOffset, listedBytes },
      comment: more.subarray(nameLength + extraLength),
    };
    place += listedBytes;
  }
}

/** Numbers that did not fit into 32 bits stand in a field of their own, in this order. */
function widened(numbers: [number, number, number], extra: Buffer): [number, number, number] {
  const wide = fieldOf(extra, 1);
  let place = 0;
  return numbers.map((number) => {
    if (number !== 0xffffffff || wide === undefined || place + 8 > wide.length) return number;
    place += 8;
    return safe(wide.readBigUInt64LE(place - 8));
  }) as [number, number, number];
}

function fieldOf(extra: Buffer, wanted: number): Buffer | undefined {
  for (let place = 0; place + 4 <= extra.length;) {
    const [id, length] = [extra.readUInt16LE(place), extra.readUInt16LE(place + 2)];
    if (id === wanted) return extra.subarray(place + 4, place + 4 + length);
    place += 4 + length;
  }
  return undefined;
}

/** Where the list of files is, and what stands behind it. */
interface Directory {
  offset: number;
  size: number;
  comment: Buffer;
}

function directoryOf(archive: RandomAccess): Directory {
  const fixed = 22;
  const tailLength = Math.min(archive.size, fixed + longestComment);
  const tailOffset = archive.size - tailLength;
  const tail = archive.read(tailOffset, tailLength);
  for (let place = tail.length - fixed; place >= 0; place--) {
    if (tail.readUInt32LE(place) !== endSignature) continue;
    const [size, offset] = [tail.readUInt32LE(place + 12), tail.readUInt32LE(place + 16)];
    const comment = tail.subarray(place + fixed);
    if (size !== 0xffffffff && offset !== 0xffffffff) return { offset, size, comment };
    return { ...directory64Of(archive, tailOffset + place), comment };
  }
  throw damaged();
}

function directory64Of(archive: RandomAccess, endOffset: number): { offset: number; size: number } {
  const locator = archive.read(endOffset - 20, 20);
  if (locator.length < 20 || locator.readUInt32LE(0) !== locator64Signature) throw damaged();
  const end = archive.read(safe(locator.readBigUInt64LE(8)), 56);
  if (end.length < 56 || end.readUInt32LE(0) !== end64Signature) throw damaged();
  return { size: safe(end.readBigUInt64LE(40)), offset: safe(end.readBigUInt64LE(48)) };
}

function chunksOf(archive: RandomAccess, { method, packedSize, localOffset }: Entry): Chunks {
  const packed = packedChunks(archive, localOffset, packedSize);
  if (method === stored) return packed;
  return inflated(packed, packedSize);
}

function* packedChunks(archive: RandomAccess, localOffset: number, size: number): Generator<Buffer, void> {
  const head = archive.read(localOffset, 30);
  if (head.length < 30 || head.readUInt32LE(0) !== localSignature) throw damaged();
  let place = localOffset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  for (let left = size; left > 0;) {
    const part = archive.read(place, Math.min(left, partBytes));
    if (part.length === 0) throw damaged();
    yield part;
    place += part.length;
    left -= part.length;
  }
}

/** @throws at its end, where that is not the end of the bytes */
async function* inflated(packed: Iterable<Buffer>, packedSize: number): AsyncGenerator<Buffer, void> {
  const inflate = createInflateRaw({ chunkSize: partBytes });
  const source = Readable.from(packed).on('error', (error) => inflate.destroy(error));
  yield* source.pipe(inflate) as AsyncIterable<Buffer>;
  if (inflate.bytesWritten < packedSize)
    throw new Error('something stands behind its end, which was not read');
}

function safe(number: bigint): number {
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged();
  return Number(number);
}

function damaged(): Error {
  return new Error('the zip archive is damaged');
}
