import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { ScanFailed } from '../scan-failed.js';
import { Allowance, Budget, BudgetSpent, unpackedLimit } from './archive-budget.js';
import { ByteReader, type Chunks } from './byte-reader.js';
import { decoded } from './decoded.js';
import { isTar, readTar } from './tar.js';
import { isZip, readZip, type RandomAccess } from './zip.js';

/** Bytes with the place that a finding in them has. */
export interface Source {
  name: string;
  chunks: Chunks;
  /** The file itself, where there is one: a zip archive is read from its end. */
  file?: RandomAccess | undefined;
}

/** Takes the text of one file and the names in archives, and is told what could not be read. */
export interface SourceReader {
  text(name: string, chunks: AsyncIterable<Buffer>): Promise<void>;
  /** @param from - where in it the name begins that something in an archive has */
  name(name: string, from: number): Promise<void>;
  unread(name: string, why: string): void;
}

/** What it takes to read what is in a source. */
interface Reading {
  budget: Budget;
  reader: SourceReader;
  depth: number;
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
  ['\x04\x22\x4d\x18', 'lz4'],
  ['LZIP', 'lzip'],
  ['\x5d\0\0', 'lzma'],
  ['\x1f\x9d', 'compress'],
  ['7z\xbc\xaf\x27\x1c', '7z'],
  ['Rar!\x1a\x07', 'rar'],
  ['MSCF', 'cab'],
  ['hsqs', 'squashfs'],
  ['\xed\xab\xee\xdb', 'rpm'],
  ['!<arch>\ndebian-binary', 'deb'],
];

/**
 * Reads a file, and what is in it where it is an archive (tar, gzip, zip), told by its first bytes. Memory is bounded
 * whatever the file holds.
 *
 * @param size - of the file as it lies there; undefined: not known
 * @param allowance - shared by all files of a scan
 * @throws ScanFailed, where the reader does
 */
export async function readSource(
  source: Source,
  size: number | undefined,
  reader: SourceReader,
  allowance = new Allowance(),
  limit: { times: number; bytes: number } = unpackedLimit,
): Promise<void> {
  const budget = new Budget(limit, allowance);
  if (size !== undefined) budget.earn(size);
  const chunks = size === undefined ? budget.earning(source.chunks) : source.chunks;
  try {
    await readNested({ ...source, chunks }, { budget, reader, depth: 0 });
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    reader.unread(source.name, error.message);
  }
}

async function readNested(source: Source, reading: Reading): Promise<void> {
  const { name } = source;
  const { reader } = reading;
  const bytes = new ByteReader(source.chunks);
  try {
    const head = await bytes.peek(headLength);
    const read = archiveReader(head);
    if (read === undefined) await readText(name, head, bytes, reader);
    else if (reading.depth >= deepestArchive) reader.unread(name, 'it is an archive in too many others');
    else await read(source, bytes, { ...reading, depth: reading.depth + 1 });
  } catch (error) {
    if (error instanceof ScanFailed || error instanceof BudgetSpent) throw error;
    reader.unread(name, (error as Error).message);
  } finally {
    await bytes.close();
  }
}

type ReadArchive = (source: Source, bytes: ByteReader, reading: Reading) => Promise<void>;

function archiveReader(head: Buffer): ReadArchive | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return readGzip;
  if (isZip(head)) return readMembersOfZip;
  return isTar(head) ? readMembersOfTar : undefined;
}

async function readText(name: string, head: Buffer, bytes: ByteReader, reader: SourceReader): Promise<void> {
  const packedAs = known.find(([magic]) => head.toString('latin1', 0, magic.length) === magic)?.[1];
  if (packedAs !== undefined) reader.unread(name, `it is compressed with ${packedAs}, which is not read`);
  else await reader.text(name, decoded(head, bytes.all()));
}

async function readGzip({ name }: Source, bytes: ByteReader, reading: Reading): Promise<void> {
  await readNested({ name, chunks: gunzipped(reading.budget, bytes) }, reading);
}

/** @throws at its end, where that is not the end of the bytes */
async function* gunzipped(budget: Budget, bytes: ByteReader): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip({ chunkSize: partBytes });
  let given = 0;
  const packed = Readable.from(
    (async function* () {
      for await (const part of bytes.all()) {
        given += part.length;
        yield part;
      }
    })(),
  ).on('error', (error) => gunzip.destroy(error));
  yield* budget.through(packed.pipe(gunzip));
  if (given > gunzip.bytesWritten || (await bytes.peek(1)).length > 0)
    throw new Error('something stands behind its end, which was not read');
}

async function readMembersOfTar({ name }: Source, bytes: ByteReader, reading: Reading): Promise<void> {
  let before = '';
  for await (const member of readTar(bytes)) {
    const inside = `${name}!${member.name}`;
    await reading.reader.name(inside, name.length + 1 + sharedFolders(before, member.name));
    before = member.name;
    await readNested({ name: inside, chunks: member.chunks }, reading);
  }
}

async function readMembersOfZip({ name, file }: Source, bytes: ByteReader, reading: Reading): Promise<void> {
  const { budget, reader } = reading;
  const archive = file ?? (await inMemory(bytes));
  if (archive === undefined) {
    reader.unread(name, 'it is a large zip archive in another archive');
    return;
  }
  let before = '';
  for (const member of readZip(budget.charged(archive))) {
    const inside = member.name === '' ? name : `${name}!${member.name}`;
    if (member.name !== '' && member.isComment !== true)
      await reader.name(inside, name.length + 1 + sharedFolders(before, member.name));
    before = member.name;
    if (member.isFolder === true) continue;
    if (member.problem !== undefined) reader.unread(inside, member.problem);
    else if (member.isComment === true)
      await reader.text(`${inside} (comment)`, budget.through(member.chunks));
    else await readNested({ name: inside, chunks: budget.through(member.chunks) }, reading);
  }
}

/** How much of a name belongs to folders that the name before it has too. */
function sharedFolders(before: string, name: string): number {
  let [shared, place] = [0, 0];
  for (; place < name.length && name[place] === before[place]; place++)
    if (name[place] === '/') shared = place + 1;
  return shared;
}

async function inMemory(bytes: ByteReader): Promise<RandomAccess | undefined> {
  const all = await bytes.read(mostInMemory + 1);
  if (all.length > mostInMemory) return undefined;
  return { size: all.length, read: (offset, length) => all.subarray(offset, offset + length) };
}
