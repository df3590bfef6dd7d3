import { constants, closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemReason } from '../../text/system-reason.js';
import type { RandomAccess } from './zip.js';

/** Something below a path that was named. */
export type Found =
  | { kind: 'file'; path: string }
  /** A repository of git: the folder that git is given. */
  | { kind: 'repository'; path: string }
  | { kind: 'unread'; path: string; why: string };

/**
 * The files below a path, in the order of their names. Symbolic links are followed where they are named, and nowhere
 * else; devices, sockets and pipes are passed over. What git keeps of a history is left to git.
 */
export function* walk(path: string): Generator<Found, void> {
  yield* walkBelow(path, true);
}

function* walkBelow(path: string, isNamed: boolean): Generator<Found, void> {
  let isFolder: boolean;
  try {
    const stat = isNamed ? fstatOf(path) : lstatSync(path);
    if (stat.isFile()) {
      yield { kind: 'file', path };
      return;
    }
    isFolder = stat.isDirectory();
  } catch (error) {
    yield { kind: 'unread', path, why: systemReason(error) };
    return;
  }
  if (isFolder) yield* walkFolder(path);
  else if (isNamed) yield { kind: 'unread', path, why: 'it is neither a file nor a folder' };
}

function* walkFolder(path: string): Generator<Found, void> {
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
    if (!(isRepository && name === 'objects')) yield* walkBelow(join(path, name), false);
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

function* chunksOf(descriptor: number, size: number): Generator<Buffer, void> {
  for (;;) {
    const bytes = Buffer.allocUnsafe(Math.min(partBytes, size + 1));
    const length = readSync(descriptor, bytes, 0, bytes.length, null);
    if (length === 0) return;
    yield bytes.subarray(0, length);
  }
}
