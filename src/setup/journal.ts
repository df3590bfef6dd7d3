import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { lockDataDir } from '../storage/sqlite/data-dir.js';
import { AppError, ReturnCode } from '../errors.js';

/** What a file was before a step changed it. */
export interface FileEntry {
  kind: 'file';
  path: string;
  /** The copy in the journal's folder; undefined: there was no file. */
  backup: string | undefined;
  /** Where the new file is written before it takes the other's place. */
  temporary: string;
  /** SHA-256 of what the step writes. */
  after: string;
  /** Of the folder, in nanoseconds since 1970, before the step. */
  folderMtime: string;
  /** A file that names this one; while it does, this one has to stay. */
  usedBy?: string;
}

export type Entry =
  | { kind: 'run'; what: string }
  | FileEntry
  /** The step has ended: the time of the folder is known from then on. */
  | { kind: 'written'; path: string; folderMtime: string }
  | { kind: 'folder'; path: string; parentMtime: string }
  | { kind: 'nginx'; program: string; prefix: string; conf: string }
  | { kind: 'unit'; name: string; wasActive: boolean; wasEnabled: boolean }
  /** The run ended well. */
  | { kind: 'done' };

/**
 * What `hearthkey setup` has changed, written to the disk before each change, so that it can be undone after a kill at
 * any moment. The folder is beside the settings file, whatever the settings say.
 */
export class Journal {
  private readonly file: string;
  /** Copies that are all that is left of a file. */
  private readonly left: string[] = [];

  constructor(readonly folder: string) {
    this.file = join(folder, 'journal.jsonl');
  }

  static beside(envFile: string): Journal {
    return new Journal(`${envFile}.setup`);
  }

  get exists(): boolean {
    return existsSync(this.file);
  }

  /** @returns what lets go of it */
  lock(): () => void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    try {
      const lock = lockDataDir(this.folder);
      return () => lock.release();
    } catch {
      throw new AppError(ReturnCode.BUSY, 'another hearthkey setup is running');
    }
  }

  /** Every entry; a line that a kill has torn was followed by no change, and is left out. */
  entries(): Entry[] {
    if (!this.exists) return [];
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Entry);
  }

  /** Whether a run began and did not end. */
  get isUnfinished(): boolean {
    const kinds = this.entries().map(({ kind }) => kind);
    return kinds.lastIndexOf('run') > kinds.lastIndexOf('done');
  }

  add(entry: Entry): void {
    const text = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
    // What a kill has torn ends here.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.write(`${whole}${JSON.stringify(entry)}\n`);
  }

  /** Drops the entries from this one on: they are undone. */
  keep(count: number): void {
    this.write(
      this.entries()
        .slice(0, count)
        .map((entry) => `${JSON.stringify(entry)}\n`)
        .join(''),
    );
  }

  /** A new name in the folder for a copy of the file. */
  backupName(path: string): string {
    return join(this.folder, `${basename(path)}.${String(Date.now())}.${String(this.entries().length)}`);
  }

  /** The copy stays when the rest is removed. */
  leave(backup: string): void {
    this.left.push(backup);
  }

  remove(): void {
    if (this.left.length === 0) rmSync(this.folder, { recursive: true, force: true });
    else rmSync(this.file, { force: true });
  }

  private write(text: string): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const temporary = `${this.file}.new`;
    writeFileSync(temporary, text, { mode: 0o600, flush: true });
    renameInto(temporary, this.file);
  }
}

/** Moves a file into its place, and has the folder on the disk. */
export function renameInto(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
