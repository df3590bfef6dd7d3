import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statfsSync,
  type Stats,
} from 'node:fs';
import { basename, join } from 'node:path';
import { systemReason } from '../../text/system-reason.js';
import type { RandomAccess } from './zip.js';

/** Something below a path that was named. */
export type Found =
  /** The name of anything, whether it can be read or not; `from`: where in the path it begins. */
  | { kind: 'name'; path: string; from: number }
  | { kind: 'file'; path: string }
  /** A repository of git: the folder that git is given. */
  | { kind: 'repository'; path: string }
  | { kind: 'unread'; path: string; why: string };

/**
 * The files below a path, in the order of their names. Symbolic links are followed where they are named, and nowhere
 * else; devices, sockets and pipes are passed over, and file systems that the kernel makes up. What git keeps of a
 * history is left to git.
 */
export function* walk(path: string): Generator<Found, void> {
  yield* walkBelow(path, undefined);
}

/** @param parentDev - the device of the folder that it was found in; undefined: it was named */
function* walkBelow(path: string, parentDev: number | undefined): Generator<Found, void> {
  const isNamed = parentDev === undefined;
  yield { kind: 'name', path, from: isNamed ? 0 : path.length - basename(path).length };
  let stat: Stats;
  try {
    stat = isNamed ? fstatOf(path) : lstatSync(path);
  } catch (error) {
    yield { kind: 'unread', path, why: systemReason(error) };
    return;
  }
  if (stat.isFile()) yield { kind: 'file', path };
  else if (!stat.isDirectory()) {
    if (isNamed) yield { kind: 'unread', path, why: 'it is neither a file nor a folder' };
  } else if (!isNamed && stat.dev !== parentDev && isMadeUp(path))
    yield { kind: 'unread', path, why: 'it is a file system of the kernel' };
  else yield* walkFolder(path, stat.dev);
}

function* walkFolder(path: string, dev: number): Generator<Found, void> {
  let names: string[];
  try {
    names = readdirSync(path).sort();
  } catch (error) {
    yield { kind: 'unread', path, why: systemReason(error) };
    return;
  }
  const isRepository = ['HEAD', 'objects', 'refs'].every((name) => names.includes(name));
  if (isRepository) yield { kind: 'repository', path };
  for (const name of names)
    if (!(isRepository && name === 'objects')) yield* walkBelow(join(path, name), dev);
}

/**
 * What `statfs` says of proc, sysfs, debugfs, tracefs, securityfs, configfs, cgroup (1 and 2), bpf, pstore and efivarfs
 * (linux/magic.h).
 */
const madeUpTypes: ReadonlySet<number> = new Set([
  ...[0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x73636673, 0x62656570],
  ...[0x27e0eb, 0x63677270, 0xcafe4a11, 0x6165676c, 0xde5e81e4],
]);

/** What is in it is made as it is read: states of processes, the memory of the machine. */
function isMadeUp(path: string): boolean {
  try {
    return madeUpTypes.has(statfsSync(path).type);
  } catch {
    return false;
  }
}

function fstatOf(path: string) {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return fstatSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A regular file that is open. */
export interface OpenFile extends RandomAccess {
  chunks: Generator<Buffer, void>;
  close(): void;
}

const partBytes = 1_048_576;
/** A file as large that has hardly anything on its disk is holes, which take hours to read. */
const [sparseFrom, leastOnDisk] = [1_073_741_824, 0.01] as const;
const blockBytes = 512;
/** Of a file that says that it is empty: what the kernel makes up may go on without end. */
const [mostUnsized, unsizedPartBytes] = [67_108_864, 65_536] as const;

/**
 * Opens a file. Nothing waits for a pipe, and no link is followed that took its place.
 *
 * @throws where it can't be read
 */
export function openFile(path: string, isNamed: boolean): OpenFile {
  const noFollow = isNamed ? 0 : constants.O_NOFOLLOW;
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | noFollow);
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw new Error(`${basename(path)} is no file any more`);
  }
  if (stat.size >= sparseFrom && stat.blocks * blockBytes < stat.size * leastOnDisk) {
    closeSync(descriptor);
    throw new Error('it is a large file of holes');
  }
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
  };
  return {
    size: stat.size,
    read,
    chunks: chunksOf(descriptor, stat.size),
    close: () => closeSync(descriptor),
  };
}

/** As much as it had when it was opened: a log may grow faster than it is read. */
function* chunksOf(descriptor: number, size: number): Generator<Buffer, void> {
  for (let left = size === 0 ? mostUnsized : size; left > 0;) {
    const bytes = Buffer.allocUnsafe(size === 0 ? unsizedPartBytes : Math.min(partBytes, left));
    const length = readSync(descriptor, bytes, 0, bytes.length, null);
    if (length === 0) return;
    yield bytes.subarray(0, length);
    left -= length;
  }
  if (size === 0) throw new Error('it says that it is empty, and goes on: the rest was not read');
}
