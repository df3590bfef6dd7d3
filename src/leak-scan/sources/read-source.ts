import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { ByteReader, type Chunks } from './byte-reader.js';
import { isTar, readTar } from './tar.js';
import { isZip, readZip, type RandomAccess } from './zip.js';

/** Bytes with the place that a finding in them has. */
export interface Source {
  name: string;
  chunks: Chunks;
  /** The file itself, where there is one: a zip archive is read from its end. */
  file?: RandomAccess | undefined;
}

/** Takes the text of one file, and is told what could not be read. */
export interface SourceReader {
  text(name: string, chunks: AsyncIterable<Buffer>): Promise<void>;
  unread(name: string, why: string): void;
}

/** Archives in archives; deeper ones are made to keep somebody busy. */
const deepestArchive = 4;
/** A zip archive within another archive is read from memory. */
const mostInMemory = 67_108_864;
const headLength = 512;
const partBytes = 262_144;
const known: readonly [magic: string, name: string][] = [
  ['\xfd7zXZ\0', 'xz'],
  ['BZh', 'bzip2'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['7z\xbc\xaf\x27\x1c', '7z'],
  ['Rar!\x1a\x07', 'rar'],
];

/** What an archive may come to when it is unpacked: this many times its size, and this much besides. */
export const unpackedLimit = { times: 100, bytes: 1_073_741_824 } as const;

/** How much more may be unpacked of one file, and of all that is in it. */
class Budget {
  constructor(private left: number) {}

  async *spend(chunks: Chunks): AsyncGenerator<Buffer, void> {
    for await (const chunk of chunks) {
      this.left -= chunk.length;
      if (this.left < 0)
        throw new Error('it is far larger unpacked than packed, so the rest of it was left out');
      yield chunk;
    }
  }
}

/**
 * Reads a file, and what is in it where it is an archive (tar, gzip, zip), told by its first bytes. Memory is bounded
 * whatever the file holds.
 *
 * @param size - of the file as it lies there; undefined: not known
 */
export async function readSource(
  source: Source,
  size: number | undefined,
  reader: SourceReader,
  limit: { times: number; bytes: number } = unpackedLimit,
): Promise<void> {
  const budget = new Budget((size ?? 0) * limit.times + limit.bytes);
  await readNested(source, 0, budget, reader);
}

async function readNested(
  source: Source,
  depth: number,
  budget: Budget,
  reader: SourceReader,
): Promise<void> {
  const { name } = source;
  const bytes = new ByteReader(source.chunks);
  try {
    const head = await bytes.peek(headLength);
    const isArchive = isGzip(head) || isZip(head) || isTar(head);
    if (isArchive && depth >= deepestArchive) reader.unread(name, 'it is an archive in too many others');
    else if (isGzip(head))
      await readNested({ name, chunks: gunzipped(budget, bytes) }, depth + 1, budget, reader);
    else if (isZip(head)) await readMembersOfZip(source, bytes, depth, budget, reader);
    else if (isTar(head))
      for await (const member of readTar(bytes))
        await readNested(
          { name: `${name}!${member.name}`, chunks: member.chunks },
          depth + 1,
          budget,
          reader,
        );
    else {
      const packedAs = known.find(([magic]) => head.toString('latin1', 0, magic.length) === magic)?.[1];
      if (packedAs !== undefined) reader.unread(name, `it is compressed with ${packedAs}, which is not read`);
      else await reader.text(name, decoded(head, bytes.all()));
    }
  } catch (error) {
    reader.unread(name, (error as Error).message);
  } finally {
    await bytes.close();
  }
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

function gunzipped(budget: Budget, bytes: ByteReader): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: partBytes });
  const packed = Readable.from(bytes.all()).on('error', (error) => gunzip.destroy(error));
  return budget.spend(packed.pipe(gunzip));
}

async function readMembersOfZip(
  { name, file }: Source,
  bytes: ByteReader,
  depth: number,
  budget: Budget,
  reader: SourceReader,
): Promise<void> {
  const archive = file ?? (await inMemory(bytes));
  if (archive === undefined) {
    reader.unread(name, 'it is a large zip archive in another archive');
    return;
  }
  for (const member of readZip(archive)) {
    const inside = `${name}!${member.name}`;
    if (member.problem !== undefined) reader.unread(inside, member.problem);
    else await readNested({ name: inside, chunks: budget.spend(member.chunks) }, depth + 1, budget, reader);
  }
}

async function inMemory(bytes: ByteReader): Promise<RandomAccess | undefined> {
  const all = Buffer.concat([await bytes.read(mostInMemory + 1)]);
  if (all.length > mostInMemory) return undefined;
  return { size: all.length, read: (offset, length) => all.subarray(offset, offset + length) };
}

/** Texts of 16 bits a character, as Windows writes them: of each the byte that an ID or a secret has. */
async function* decoded(head: Buffer, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const order =
    head[0] === 0xff && head[1] === 0xfe ? 0 : head[0] === 0xfe && head[1] === 0xff ? 1 : undefined;
  let place = 0;
  for await (const chunk of chunks) {
    if (order === undefined) {
      yield chunk;
      continue;
    }
    const kept: number[] = [];
    for (const byte of chunk) if (place++ % 2 === order) kept.push(byte);
    yield Buffer.from(kept);
  }
}
