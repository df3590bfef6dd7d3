import { readdirSync, readFileSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { readConfLines, readSuspension, valuesOf } from '../conf-file.js';
import { userNamePattern } from '../names.js';
import type { User } from './user.js';

interface SeenUser {
  /** What the file looked like when it was read; empty: there was none. */
  signature: string;
  /** Undefined: the panel has no such user. */
  user: User | undefined;
  lookedAtMs: number;
}

/** How old an answer may be: what the panel itself changes counts well within a second. */
const freshMs = 200;
/** Names that the panel doesn't have are asked for by mistake or malice; they must not fill the memory. */
const limit = 100_000;

/**
 * The users of a panel on this machine, read live from `data/users` of its tree: a folder for each, with a `user.conf`
 * of lines `NAME='VALUE'`. Only who is asked for is looked at, so that thousands of users cost nothing.
 */
export class HestiaUsers {
  private readonly seen = new Map<string, SeenUser>();

  constructor(
    private readonly directory: string,
    private readonly onProblem: (name: string, problem: string) => void,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** The user as the panel has it now. Never waits. */
  look(name: string): User | undefined {
    const nowMs = this.monotonicMs();
    const before = this.seen.get(name);
    if (before !== undefined && nowMs - before.lookedAtMs < freshMs) return before.user;
    const signature = this.signatureOf(name);
    if (before !== undefined && before.signature === signature) {
      before.lookedAtMs = nowMs;
      return before.user;
    }
    const user = signature === '' ? undefined : this.read(name);
    if (this.seen.size >= limit) this.seen.clear();
    this.seen.set(name, { signature, user, lookedAtMs: nowMs });
    return user;
  }

  /** The next question looks at the tree, whatever was seen just before. */
  forget(name: string): void {
    this.seen.delete(name);
  }

  find(name: string): Promise<User | undefined> {
    return Promise.resolve(this.look(name));
  }

  list(): Promise<User[]> {
    const users = this.names().flatMap((name) => this.look(name) ?? []);
    return Promise.resolve(users);
  }

  /** In their order; throws when the tree can't be read. */
  names(): string[] {
    return readdirSync(this.directory)
      .filter((name) => userNamePattern.test(name) && this.signatureOf(name) !== '')
      .sort();
  }

  /** A user whose file is missing, or says neither yes nor no, counts as suspended: what can't be read allows nothing. */
  private read(name: string): User {
    let text = '';
    try {
      text = readFileSync(this.confFile(name), 'utf8');
    } catch (error) {
      this.onProblem(
        name,
        `user.conf can't be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
      );
    }
    const suspension = readSuspension(text);
    if (suspension === 'unclear')
      this.onProblem(name, "user.conf has no single line SUSPENDED='no' or 'yes'");
    const lines = readConfLines(text);
    const value = (key: string): string => valuesOf(lines, key)[0] ?? '';
    return {
      name,
      email: value('CONTACT'),
      package: value('PACKAGE'),
      firstName: value('NAME'),
      lastName: '',
      hasPassword: false,
      isSuspended: suspension !== 'no',
      // Only a clear no lets the user in.
      isLoginDisabled: valuesOf(lines, 'LOGIN_DISABLED').some((said) => said !== 'no' && said !== ''),
      createdAtMs: timeOf(value('DATE'), value('TIME')),
    };
  }

  /** @returns the empty text when there is no such user */
  private signatureOf(name: string): string {
    if (!userNamePattern.test(name)) return '';
    const file = stats(this.confFile(name));
    if (file !== undefined) {
      return `${String(file.ino)}:${String(file.size)}:${String(file.mtimeNs)}:${String(file.ctimeNs)}`;
    }
    return stats(join(this.directory, name))?.isDirectory() === true ? 'without user.conf' : '';
  }

  private confFile(name: string): string {
    return join(this.directory, name, 'user.conf');
  }
}

function stats(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined; // not there, or not to be read: the same to us
  }
}

/** In the zone of the machine; 0 where the file has no time. */
function timeOf(date: string, time: string): number {
  const timeMs = new Date(`${date}T${time}`).getTime();
  return Number.isNaN(timeMs) ? 0 : timeMs;
}
