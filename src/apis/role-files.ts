import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError, ReturnCode } from '../errors.js';
import { grantsNothing, readOnlyApi } from './read-only-api.js';
import { formatRoleFile, parseRoleFile } from './role-file.js';
import { shippedRoles } from './shipped-roles.js';

/** The texts of the six role files that a new installation starts with, by name. */
export function shippedTexts(): Map<string, string> {
  const roles = Object.entries(shippedRoles);
  return new Map(roles.map(([name, { role, commands }]) => [name, formatRoleFile(role, commands, [])]));
}

/** Lays files into a directory that did not exist before; one that exists is the operator's. */
export function layFiles(directory: string, texts: ReadonlyMap<string, string>): void {
  if (mkdirSync(directory, { recursive: true, mode: 0o755 }) === undefined) return;
  for (const [name, text] of texts) writeRoleFile(directory, name, text);
}

/** The texts of role files, and the names of those that are none. One of these has a text, so that its name is known. */
export function readRoleTexts(
  directory: string,
  names: readonly string[],
): { texts: Map<string, string>; unreadable: string[] } {
  const texts = new Map<string, string>();
  const unreadable: string[] = [];
  for (const name of names) {
    try {
      const text = readFileSync(join(directory, name), 'utf8');
      parseRoleFile(text);
      texts.set(name, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      unreadable.push(name);
      if (name === readOnlyApi) texts.set(name, grantsNothing);
    }
  }
  return { texts, unreadable };
}

/** A reader sees the old file or the new one, never a part; the new one is on the disk when this returns. */
export function writeRoleFile(directory: string, name: string, text: string): void {
  orDiskError(name, () => {
    const temporary = writeTemporary(directory, name, text);
    try {
      renameSync(temporary, join(directory, name));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
  syncDirectory(directory);
}

export function removeRoleFile(directory: string, name: string): void {
  orDiskError(name, () => {
    unlinkSync(join(directory, name));
  });
  syncDirectory(directory);
}

/**
 * Fails where `writeRoleFile` or `removeRoleFile` would, and leaves everything as it is.
 *
 * @param text - null: it is to be removed
 */
export function tryRoleFile(directory: string, name: string, text: string | null): void {
  orDiskError(name, () => {
    if (statSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory() === true)
      throw new Error('a directory is in its place');
    // Removing needs no room.
    if (text === null) accessSync(directory, constants.W_OK | constants.X_OK);
    else rmSync(writeTemporary(directory, name, text));
  });
}

function writeTemporary(directory: string, name: string, text: string): string {
  // A leading dot keeps it from being taken for an API.
  const temporary = join(directory, `.${name}.${String(process.pid)}.new`);
  try {
    const descriptor = openSync(temporary, 'w', 0o644);
    try {
      writeFileSync(descriptor, text); // unlike writeSync it goes on after a part was written, and so fails on a full disk
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return temporary;
}

function orDiskError(name: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const message = `the API role file ${name} could not be changed`;
    throw new AppError(ReturnCode.DISK, message, { cause: error });
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
