import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';

/**
 * - `moved`: by log rotation, and another file is to be begun
 * - `deleted`, `truncated`, `grown`: somebody else changed it
 */
export type FileState = 'same' | 'moved' | 'deleted' | 'truncated' | 'grown';

const newline = 10;
const pieceBytes = 65_536;

/** A file that grows by whole lines, by this process alone. */
export class AppendOnlyFile {
  private readonly descriptor: number;
  private readonly inode: number;
  private readonly isRegular: boolean;
  private isDirty = false;
  private syncing: Promise<void> | undefined;
  /** Bytes of a batch that did not fit and could not be cut off again yet. */
  private toCut = 0;
  private bytes: number;

  /** Opens the file, mode 0600, and makes it where it is missing. */
  constructor(private readonly file: string) {
    this.descriptor = openSync(file, 'a+', 0o600);
    const stats = fstatSync(this.descriptor);
    this.inode = stats.ino;
    this.isRegular = stats.isFile();
    this.bytes = stats.size;
  }

  get size(): number {
    return this.bytes;
  }

  /** All of them or, when that fails, none: what was written of them is cut off again. */
  append(batch: Buffer): void {
    if (this.toCut > 0) this.cut(this.toCut);
    let written = 0;
    try {
      while (written < batch.length) written += writeSync(this.descriptor, batch, written);
    } catch (error) {
      if (written > 0 && this.isRegular) this.cutSafely(written);
      throw error;
    }
    this.bytes += batch.length;
    this.isDirty = true;
  }

  /** A last line that a kill cut off was never answered for: takes it away, and tells how many bytes those were. */
  cutTornLine(): number {
    if (!this.isRegular) return 0;
    let end = this.bytes;
    for (; end > 0;) {
      const start = Math.max(0, end - pieceBytes);
      const index = this.read(start, end - start).lastIndexOf(newline);
      if (index !== -1) {
        end = start + index + 1;
        break;
      }
      end = start;
    }
    const torn = this.bytes - end;
    if (torn > 0) this.cut(torn);
    this.bytes = end;
    return torn;
  }

  /** Takes away what stands behind that text, near the end of the file; undefined: the text is not there. */
  takeAwayAfter(text: string, mostBytes: number): Buffer | undefined {
    const start = Math.max(0, this.bytes - mostBytes);
    const bytes = this.read(start, this.bytes - start);
    const index = bytes.lastIndexOf(text);
    if (index === -1) return undefined;
    const rest = bytes.subarray(index + text.length);
    if (rest.length > 0) this.cut(rest.length);
    this.bytes -= rest.length;
    return rest;
  }

  read(position: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(this.descriptor, buffer, 0, length, position));
  }

  /** Whether the file is still where it was, and as this process left it. */
  look(): FileState {
    const { nlink, size } = fstatSync(this.descriptor);
    if (statSync(this.file, { throwIfNoEntry: false })?.ino !== this.inode)
      return nlink === 0 ? 'deleted' : 'moved';
    if (!this.isRegular || size === this.bytes + this.toCut) return 'same';
    return size < this.bytes ? 'truncated' : 'grown';
  }

  syncNow(): void {
    fdatasyncSync(this.descriptor);
    this.isDirty = false;
  }

  /** Resolves when what was appended before is on the disk. */
  async sync(): Promise<void> {
    // Of those that waited for one, the first may have begun another.
    while (this.syncing !== undefined) await this.syncing;
    if (!this.isDirty) return;
    this.isDirty = false;
    this.syncing = new Promise<void>((resolve, reject) => {
      fdatasync(this.descriptor, (error) => {
        if (error === null) resolve();
        else {
          this.isDirty = true;
          reject(error);
        }
      });
    }).finally(() => (this.syncing = undefined));
    await this.syncing;
  }

  /** Lets the file go, synced; `onError`: a failing disk keeps nobody from going on with another file. */
  close(onError: (error: unknown) => void): void {
    try {
      if (this.isRegular) fdatasyncSync(this.descriptor);
    } catch (error) {
      onError(error);
    }
    this.isDirty = false; // who waits to sync it must not sync another file
    // The number of a closed descriptor soon is another file's: what still runs on it ends first.
    const { descriptor } = this;
    if (this.syncing === undefined) closeSync(descriptor);
    else void this.syncing.catch(() => undefined).finally(() => closeSync(descriptor));
  }

  private cutSafely(length: number): void {
    try {
      this.cut(length);
    } catch {
      this.toCut = length; // tried again before anything else is appended
    }
  }

  /** By the length that the file really has: somebody may have cut it too. */
  private cut(length: number): void {
    const { size } = fstatSync(this.descriptor);
    ftruncateSync(this.descriptor, Math.max(0, size - length));
    this.toCut = 0;
  }
}
