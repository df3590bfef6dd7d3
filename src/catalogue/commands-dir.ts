import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { commandNamePattern } from '../text/names.js';
import { describeCommand, type CommandSpec } from './command-spec.js';

const headBytes = 4096;
const intervalMs = 1000;

/**
 * A directory of executables: what commands it has, and what the `# info:`, `# options:` and `# secrets:` lines at the
 * head of each say. It is looked at again at most once a second, when somebody asks.
 */
export class CommandsDir {
  private readonly specs = new Map<string, { signature: string; spec: CommandSpec }>();
  private lookedAtMs = -Infinity;

  constructor(
    readonly directory: string,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  find(name: string): CommandSpec | undefined {
    this.lookIfDue();
    return this.specs.get(name)?.spec;
  }

  /** What the executable says at this moment, and what tells it from any other file in its place. */
  findNow(name: string): { spec: CommandSpec; signature: string } | undefined {
    if (!commandNamePattern.test(name)) return undefined;
    try {
      this.lookAt(name);
    } catch {
      this.specs.delete(name);
    }
    return this.specs.get(name);
  }

  list(): CommandSpec[] {
    this.lookIfDue();
    return [...this.specs.values()].map(({ spec }) => spec);
  }

  /** The executable of a command that `find` knows. */
  executable(name: string): string {
    return join(this.directory, name);
  }

  private lookIfDue(): void {
    if (this.monotonicMs() - this.lookedAtMs < intervalMs) return;
    this.lookedAtMs = this.monotonicMs();
    const names = new Set(this.readNames());
    for (const name of this.specs.keys()) if (!names.has(name)) this.specs.delete(name);
    for (const name of names) {
      try {
        this.lookAt(name);
      } catch {
        this.specs.delete(name); // such as a link to itself: no executable, and no reason to see none of the others
      }
    }
  }

  /** Where they can't be listed at the moment, those that are known are looked at, each for itself. */
  private readNames(): string[] {
    try {
      return readdirSync(this.directory).filter((name) => commandNamePattern.test(name));
    } catch {
      return [...this.specs.keys()];
    }
  }

  private lookAt(name: string): void {
    const file = join(this.directory, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || (stats.mode & 0o111) === 0) {
      this.specs.delete(name);
      return;
    }
    if (this.specs.get(name)?.signature === signatureOf(stats)) return;
    const { head, signature } = readHead(file, stats);
    const readsSecrets = headerLine(head, 'secrets') === 'stdin';
    const spec = describeCommand(name, headerLine(head, 'info'), headerLine(head, 'options'), readsSecrets);
    this.specs.set(name, { signature, spec });
  }
}

function signatureOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(':');
}

function headerLine(head: string, name: 'info' | 'options' | 'secrets'): string {
  const value = new RegExp(`^# ${name}:[ \\t]*(.*)$`, 'm').exec(head)?.[1]?.trim() ?? '';
  return /^none$/i.test(value) ? '' : value;
}

/** The head and the signature of one and the same file, also when another takes its place meanwhile. */
function readHead(file: string, stats: Stats): { head: string; signature: string } {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    // An executable that may not be read has no lines to tell; what is in the way of others passes.
    if ((error as NodeJS.ErrnoException).code === 'EACCES')
      return { head: '', signature: signatureOf(stats) };
    throw error;
  }
  try {
    const signature = signatureOf(fstatSync(descriptor));
    const buffer = Buffer.alloc(headBytes);
    return { head: buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, headBytes, 0)), signature };
  } finally {
    closeSync(descriptor);
  }
}
