import { createHash } from 'node:crypto';
import { constants, realpathSync } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Something in the tree that can't be used as it is; `message` says why and may be shown. */
export class TreeError extends Error {}

/** An existing Hestia tree: foreign input, read and never written, with a limit on everything. */
export class HestiaTree {
  private real: string | undefined;
  /** SHA-256 of the files that were read, and of the names in folders, by their paths. */
  private readonly hashes = new Map<string, string>();
  private isSealed = false;

  constructor(readonly root: string) {}

  /**
   * From now on nothing is read but what was read before, as it was then.
   *
   * @returns a name for all of it; 64 hexadecimal digits
   */
  seal(): string {
    this.isSealed = true;
    const files = [...this.hashes].sort(([one], [other]) => (one < other ? -1 : 1));
    return sha256(JSON.stringify(files));
  }

  /** Where the tree really is, whatever links lead there. */
  realRoot(): string {
    this.real ??= realpathSync(this.root);
    return this.real;
  }

  /** The names in a folder of the tree, in the order of code points; none where there is no such folder. */
  async list(folder: string): Promise<string[]> {
    try {
      const names = (await readdir(join(this.root, folder))).sort((one, other) => (one < other ? -1 : 1));
      // A name can be all that there is of a thing: a legacy key is one.
      this.remember(folder, sha256(JSON.stringify(names)));
      return names;
    } catch (error) {
      if (error instanceof TreeError) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw unusable(error);
    }
  }

  /**
   * The text of a file, which has to be a regular one (following no link, waiting at no pipe), at most so many bytes
   * long, and UTF-8.
   *
   * @throws TreeError
   */
  async read(path: string, limitBytes: number): Promise<string> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(join(this.root, path), flags).catch((error: unknown) => {
      throw unusable(error);
    });
    try {
      if (!(await file.stat()).isFile()) throw new TreeError('is not a regular file');
      const text = decode(await readAll(file, limitBytes));
      this.remember(path, sha256(text));
      return text;
    } catch (error) {
      throw error instanceof TreeError ? error : unusable(error);
    } finally {
      await file.close();
    }
  }

  private remember(path: string, hash: string): void {
    if (this.isSealed && this.hashes.get(path) !== hash)
      throw new TreeError('has changed since the import began');
    this.hashes.set(path, hash);
  }

  /** What stands at a path itself, following no link. */
  async kindOf(path: string): Promise<{ is: 'file' | 'folder' | 'other'; modifiedAtMs: number } | undefined> {
    try {
      const stats = await lstat(join(this.root, path));
      const is = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
      return { is, modifiedAtMs: Math.floor(stats.mtimeMs) };
    } catch {
      return undefined;
    }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A name from the tree as it may be shown: on one line, and not endless. */
export function printableName(name: string): string {
  const text = name.replace(/[^\x20-\x7e]/g, '?');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** One byte more than allowed is asked for: also a file that grows while it is read is found out. */
async function readAll(file: FileHandle, limitBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(limitBytes + 1);
  for (let length = 0; ;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (length > limitBytes) throw new TreeError(`is longer than ${limitBytes} bytes`);
    if (bytesRead === 0) return buffer.subarray(0, length);
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TreeError('is not UTF-8');
  }
}

function unusable(error: unknown): TreeError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ELOOP: 'is a symbolic link',
    ENOENT: 'is not there',
    EISDIR: 'is not a regular file',
    ENXIO: 'is not a regular file',
    ENOTDIR: 'is not a folder',
  };
  return new TreeError(known[code] ?? `can't be read (${code})`);
}
