import { closeSync, constants, fstatSync, openSync, read, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { readHead, type LineHead } from './chain.js';
import { findLastHead } from './find-last-record.js';
import { firstLine } from './first-line.js';

const current = 'events.jsonl';
/** As log rotation names them: `events.jsonl.1`, `events.jsonl-20260131`, `events.jsonl.2.gz`. */
const recordFilePattern = /^events\.jsonl(?:[.-][\w.-]+)?$/;
/** Some two milliseconds of verification: decisions come in between. */
const pieceBytes = 65_536;
/** So often a file that is gone when it is opened makes the folder be read anew. */
const looks = 3;
const readAsync = promisify(read);

/** A file of the record as it was when it was opened: what is appended afterwards is not part of it. */
export interface RecordFile {
  name: string;
  descriptor: number;
  size: number;
  isCompressed: boolean;
  /** The number of its first line; Infinity where it can't be told, -Infinity where the file can't be read. */
  firstSequence: number;
  /** Why it could not be opened: then it has no descriptor (-1) and nothing to read (size 0). */
  problem?: NodeJS.ErrnoException;
  /** Why its first line could not be read. */
  readError?: unknown;
}

export function auditFolder(dataDir: string): string {
  return join(dataDir, 'audit');
}

export function auditRecordFile(dataDir: string): string {
  return join(auditFolder(dataDir), current);
}

/** Events are appended to it. */
export function isCurrentFile({ name }: Pick<RecordFile, 'name'>): boolean {
  return name === current;
}

/**
 * All files of the record that are there, oldest first, opened; the caller closes them. One that can't be read keeps
 * nobody from reading the others.
 *
 * @param atOpening - called in the very step in which they are opened: what is rotated or appended later is not seen
 */
export async function openRecordFiles(dataDir: string, atOpening?: () => void): Promise<RecordFile[]> {
  const files = openAll(dataDir);
  try {
    atOpening?.();
    for (const file of files) if (file.problem === undefined) file.firstSequence = await firstSequence(file);
    return files.sort((one, other) => one.firstSequence - other.firstSequence || nameOrder(one, other));
  } catch (error) {
    closeRecordFiles(files);
    throw error;
  }
}

function openAll(dataDir: string): RecordFile[] {
  for (let look = 1; ; look++) {
    const files = openOnce(auditFolder(dataDir));
    // One that is gone was rotated since the folder was read, and goes by another name now.
    if (look === looks || files.every(({ problem }) => problem?.code !== 'ENOENT')) return files;
    closeRecordFiles(files);
  }
}

function openOnce(folder: string): RecordFile[] {
  const files: RecordFile[] = [];
  try {
    for (const name of readdirSync(folder)) {
      if (recordFilePattern.test(name)) openOne(folder, name, files);
    }
    return files;
  } catch (error) {
    closeRecordFiles(files);
    throw error;
  }
}

/** Puts the file to the others, unless it is none: a folder, a pipe. */
function openOne(folder: string, name: string, files: RecordFile[]): void {
  const isCompressed = name.endsWith('.gz');
  let descriptor: number;
  try {
    // A pipe would be waited for until somebody writes into it.
    descriptor = openSync(join(folder, name), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const problem = error as NodeJS.ErrnoException;
    // That is no fault of the file's: without it the record would look cut.
    if (problem.code === 'EMFILE' || problem.code === 'ENFILE') throw error;
    files.push({ name, descriptor: -1, size: 0, isCompressed, firstSequence: -Infinity, problem });
    return;
  }
  const stats = fstatSync(descriptor);
  if (stats.isFile()) {
    files.push({ name, descriptor, size: stats.size, isCompressed, firstSequence: Infinity });
  } else closeSync(descriptor);
}

/** Those that are not compressed, the one with the newest line first; empty files come last. */
export function openForTail(dataDir: string): RecordFile[] {
  const files = openAll(dataDir).filter((file) => {
    const isReadable = file.problem === undefined && !file.isCompressed;
    if (!isReadable) closeRecordFiles([file]);
    return isReadable;
  });
  const newest = new Map(files.map((file) => [file, newestHead(file)?.sequence ?? 0]));
  return files.sort((one, other) => (newest.get(other) ?? 0) - (newest.get(one) ?? 0));
}

/** Where the chain goes on after a rotation while the service was down; compressed files are not looked into. */
export function newestHeadOfFiles(dataDir: string): LineHead | undefined {
  const files = openForTail(dataDir);
  try {
    const [file] = files;
    return file && newestHead(file);
  } finally {
    closeRecordFiles(files);
  }
}

/** The file that was moved away last, if it is not compressed. */
export function newestRotatedFile(dataDir: string): string | undefined {
  const files = openForTail(dataDir);
  try {
    const file = files.find(({ name }) => name !== current);
    return file && join(auditFolder(dataDir), file.name);
  } finally {
    closeRecordFiles(files);
  }
}

export function newestHead({ descriptor, size }: RecordFile): LineHead | undefined {
  return findLastHead(size, (position, length) => readPiece(descriptor, position, length));
}

/** Of an open file: every write and rename changes it, and nobody can set the time of change back. */
export function fileState(descriptor: number): string {
  const { ino, size, ctimeMs } = fstatSync(descriptor);
  return `${String(ino)} ${String(size)} ${String(ctimeMs)}`;
}

/** Whether what a compressed file holds is damaged: that error is final. An error of the disk may not be. */
export function isDamaged(error: unknown): boolean {
  // The code of an aborted reading is a number.
  return String((error as { code?: unknown }).code).startsWith('Z_');
}

export async function readAt(descriptor: number, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await readAsync(descriptor, Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

export function readPiece(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
}

export function closeRecordFiles(files: readonly RecordFile[]): void {
  for (const { descriptor, problem } of files) if (problem === undefined) closeSync(descriptor);
}

/**
 * What is in the file, in pieces.
 *
 * @param from - where to begin, in a file that is not compressed
 */
export function readRecordFile(file: RecordFile, from = 0): AsyncIterable<Buffer> {
  if (!file.isCompressed) return readPieces(file, from);
  // What goes wrong in it is thrown where it is read.
  return pipeline(Readable.from(readPieces(file, 0)), createGunzip(), () => undefined);
}

async function* readPieces({ descriptor, size }: RecordFile, from: number): AsyncGenerator<Buffer> {
  for (let position = from; position < size;) {
    const bytes = await readAt(descriptor, position, Math.min(pieceBytes, size - position));
    if (bytes.length === 0) return; // it was cut meanwhile
    yield bytes;
    position += bytes.length;
  }
}

/** Never throws: reading the whole file finds what is wrong with it. */
async function firstSequence(file: RecordFile): Promise<number> {
  try {
    return await readFirstSequence(file);
  } catch (error) {
    file.readError = error;
    return -Infinity;
  }
}

async function readFirstSequence(file: RecordFile): Promise<number> {
  const line = await firstLine(readRecordFile(file));
  return (line && readHead(line)?.sequence) ?? Infinity;
}

function nameOrder(one: RecordFile, other: RecordFile): number {
  if (one.name === current) return 1;
  return other.name === current ? -1 : other.name.localeCompare(one.name, undefined, { numeric: true });
}
