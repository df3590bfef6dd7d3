import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOutOfDescriptors } from '../concurrency/out-of-descriptors.js';
import { lookEveryMs, signatureOf, WatchedFile } from '../concurrency/watched-file.js';
import { apiNamePattern } from '../text/names.js';
import { besideFile, removedByHand } from './read-only-api.js';
import { parseRoleFile, RoleFileError, type RoleFile } from './role-file.js';
import { whatIsMissing, whyIgnored, type RoleNotice } from './role-notices.js';

/** An API as the directory has it: a role, or why its file grants nothing. */
export type ApiEntry =
  { name: string; role: RoleFile; problem?: undefined } | { name: string; role?: undefined; problem: string };

interface KnownFile {
  watched: WatchedFile;
  entry: ApiEntry;
}

/**
 * The API role files, kept in memory and looked at again while the service runs. Operators edit them by hand, so
 * - an edit, a new file or a removed one counts within a second, also when no timer could fire: a question after
 *   a pause looks at the directory first;
 * - a file that changed is believed only after it has kept still for a moment, so that a half-written one never is;
 * - a file that doesn't parse, or can't be read, grants nothing;
 * - without descriptors, files that are unchanged go on to count, and the others are read once there are some;
 * - what is no role file, or grants nothing as it is, is told of once, and listed as a notice.
 */
export class RoleDirectory {
  private files = new Map<string, KnownFile>();
  private ignored = new Map<string, string>();
  /** Of the API that is built in. That a file is gone is believed of a command only: without it the name grants more. */
  private fileOfBuiltIn: 'none' | 'there' | 'removed' = 'none';
  private lookedAtMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly directory: string,
    private readonly onProblem: (name: string, problem: string) => void,
    private readonly monotonicMs: () => number = () => performance.now(),
    /** An API that is there without a file. */
    private readonly builtIn?: ApiEntry,
  ) {}

  /** Reads all files as they are and keeps looking; throws when the directory can't be read. */
  start(): void {
    try {
      readdirSync(this.directory);
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new Error(`the API role files in ${this.directory} can't be read (${why})`, { cause: error });
    }
    this.look(true);
    this.timer = setInterval(() => {
      this.look(false);
    }, lookEveryMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  find(name: string): ApiEntry | undefined {
    this.lookIfDue();
    const entry = this.files.get(name)?.entry;
    if (name !== this.builtIn?.name) return entry;
    if (this.fileOfBuiltIn === 'removed') return removedByHand;
    // What is there and no file, such as a link to nothing, has the name too.
    return besideFile(this.builtIn, this.fileOfBuiltIn === 'there' ? {} : undefined);
  }

  /** In the order of their names, by code point; the one that is built in is among them. */
  list(): ApiEntry[] {
    this.lookIfDue();
    const names = new Set([...this.files.keys(), ...(this.builtIn === undefined ? [] : [this.builtIn.name])]);
    return [...names]
      .flatMap((name) => this.find(name) ?? [])
      .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  }

  /** The same without the one that is built in. */
  listFiles(): ApiEntry[] {
    return this.list().filter(({ role }) => role?.isReadOnlyApi !== true);
  }

  /** What is ignored, and what can be read and grants less than it seems to; in the order of the names. */
  notices(): RoleNotice[] {
    this.lookIfDue();
    const names = new Set([...this.files.keys(), ...this.ignored.keys()]);
    return [...names]
      .flatMap((name) => this.noticesOf(name))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The same of one name. */
  noticesOf(name: string): RoleNotice[] {
    const role = this.find(name)?.role;
    const missing = role === undefined || role.isReadOnlyApi === true ? undefined : whatIsMissing(role);
    const ignored = this.ignored.get(name);
    return [
      ...(missing === undefined ? [] : [{ name, kind: 'incomplete', problem: missing } as const]),
      ...(ignored === undefined ? [] : [{ name, kind: 'ignored', problem: ignored } as const]),
    ];
  }

  /** Takes over at once what a command has just written, or removed, as a whole. */
  adopt(name: string): void {
    const signature = signatureOf(this.pathOf(name));
    this.files.delete(name); // what it granted before is over, whatever is there now
    if (name === this.builtIn?.name) this.fileOfBuiltIn = this.readNames().includes(name) ? 'there' : 'none';
    if (signature !== undefined) this.believe(name, signature);
  }

  private lookIfDue(): void {
    if (this.monotonicMs() - this.lookedAtMs > 2 * lookEveryMs) this.look(false);
  }

  private look(isFirst: boolean): void {
    const nowMs = this.monotonicMs();
    const lastLookMs = this.lookedAtMs;
    this.lookedAtMs = nowMs;
    const all = this.readNames();
    this.noteIgnored(all);
    this.lookForBuiltIn(all);
    const names = new Set(all.filter((name) => apiNamePattern.test(name)));
    for (const name of this.files.keys()) if (!names.has(name)) this.files.delete(name);
    for (const name of names) this.lookAt(name, { nowMs, lastLookMs, isFirst });
  }

  private readNames(): string[] {
    try {
      return readdirSync(this.directory);
    } catch (error) {
      // Each is still looked at for itself, so one that was edited or removed counts no longer.
      return isOutOfDescriptors(error) ? this.knownNames() : [];
    }
  }

  private knownNames(): string[] {
    const builtIn = this.fileOfBuiltIn === 'there' ? [this.builtIn?.name ?? ''] : [];
    return [...new Set([...this.files.keys(), ...this.ignored.keys(), ...builtIn])];
  }

  private noteIgnored(names: readonly string[]): void {
    const before = this.ignored;
    this.ignored = new Map();
    for (const name of names) {
      const problem = whyIgnored(this.pathOf(name), name);
      if (problem === undefined) continue;
      this.ignored.set(name, problem);
      if (before.get(name) !== problem) this.onProblem(name, problem);
    }
  }

  private lookForBuiltIn(names: readonly string[]): void {
    const { builtIn, fileOfBuiltIn: before } = this;
    if (builtIn === undefined) return;
    if (names.includes(builtIn.name)) this.fileOfBuiltIn = 'there';
    else if (before !== 'none') this.fileOfBuiltIn = 'removed';
    if (before === 'there' && this.fileOfBuiltIn === 'removed')
      this.onProblem(builtIn.name, removedByHand.problem);
  }

  private lookAt(name: string, look: { nowMs: number; lastLookMs: number; isFirst: boolean }): void {
    const { nowMs, lastLookMs, isFirst } = look;
    const signature = signatureOf(this.pathOf(name));
    if (signature === undefined) {
      this.files.delete(name);
      return;
    }
    if (isFirst) {
      this.believe(name, signature);
      return;
    }
    const file = this.files.get(name) ?? { watched: new WatchedFile(), entry: beingWritten(name) };
    this.files.set(name, file);
    const state = file.watched.look(signature, nowMs, lastLookMs);
    if (state === 'settled') this.believe(name, signature);
    else if (state === 'restless') file.entry = beingWritten(name);
  }

  private believe(name: string, signature: string): void {
    const before = problemOf(this.files.get(name)?.entry);
    const { entry, isRead } = readEntry(this.pathOf(name), name);
    if (signatureOf(this.pathOf(name)) !== signature) return; // it changed while it was read: the next look decides
    const watched = isRead ? new WatchedFile(signature) : new WatchedFile();
    this.files.set(name, { watched, entry });
    const problem = problemOf(entry);
    if (problem !== undefined && problem !== before) this.onProblem(name, problem);
  }

  private pathOf(name: string): string {
    return join(this.directory, name);
  }
}

function problemOf(entry: ApiEntry | undefined): string | undefined {
  return entry?.role === undefined ? entry?.problem : whatIsMissing(entry.role);
}

function beingWritten(name: string): ApiEntry {
  return { name, problem: 'is being written' };
}

/** @returns `isRead`: what it says goes on to count, for as long as the file is the same */
function readEntry(file: string, name: string): { entry: ApiEntry; isRead: boolean } {
  try {
    return { entry: { name, role: parseRoleFile(readFileSync(file, 'utf8')) }, isRead: true };
  } catch (error) {
    if (error instanceof RoleFileError) return { entry: { name, problem: error.message }, isRead: true };
    const problem = `can't be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`;
    return { entry: { name, problem }, isRead: !isOutOfDescriptors(error) };
  }
}
