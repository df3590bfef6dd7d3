import { readdirSync, readFileSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { isOutOfDescriptors } from '../concurrency/out-of-descriptors.js';
import { readConfLines, readSuspension, valuesOf, type ConfLines } from '../text/conf-file.js';
import { userNamePattern } from '../text/names.js';
import type { User, UserRole } from './user.js';
import { UserIdentities, type UserIdentity } from './user-identity.js';

interface ReadUser {
  /** Undefined: the panel has no such user. */
  user: User | undefined;
  /** Undefined: the file doesn't tell, since it is not in order, perhaps half-written. */
  identity: UserIdentity | undefined;
  /** The file could not be opened for a reason that is none of its own: it is read again at the next look. */
  isUnread?: boolean;
}

interface SeenUser extends ReadUser {
  /** What the file looked like when it was read; empty: there was none. */
  signature: string;
  lookedAtMs: number;
}

/** How old an answer may be: what the panel itself changes counts well within a second. */
const freshMs = 200;
const nobody: ReadUser = { user: undefined, identity: undefined };
/** No file has this signature. */
const unread = 'unread';
/** Names that the panel doesn't have are asked for by mistake or malice; they must not fill the memory. */
const limit = 100_000;

/**
 * The users of a panel on this machine, read live from `data/users` of its tree: a folder for each, with a `user.conf`
 * of lines `NAME='VALUE'`. Only who is asked for is looked at, so that thousands of users cost nothing.
 */
export class HestiaUsers {
  private readonly seen = new Map<string, SeenUser>();
  private readonly identities = new UserIdentities();

  /** @param rootUser - a tree without this user is no panel at work: nothing is concluded from who is missing in it */
  constructor(
    private readonly directory: string,
    private readonly onProblem: (name: string, problem: string) => void,
    private readonly monotonicMs: () => number = () => performance.now(),
    private readonly rootUser?: string,
  ) {}

  /** The user as the panel has it now; undefined also for another user who took over a known name. Never waits. */
  look(name: string): User | undefined {
    const { user, identity } = this.lookAtTree(name);
    if (identity !== undefined && name !== this.rootUser && !this.identities.meet(name, identity))
      return undefined;
    return user;
  }

  private lookAtTree(name: string): SeenUser {
    const nowMs = this.monotonicMs();
    const before = this.seen.get(name);
    if (before !== undefined && nowMs - before.lookedAtMs < freshMs) return before;
    const signature = this.signatureOf(name);
    if (signature === '' && this.isAtWork()) this.identities.miss(name);
    if (before !== undefined && before.signature === signature) {
      before.lookedAtMs = nowMs;
      return before;
    }
    const read = signature === '' ? nobody : this.read(name, before?.signature === unread);
    if (this.seen.size >= limit) this.seen.clear();
    const seen = { ...read, signature: read.isUnread === true ? unread : signature, lookedAtMs: nowMs };
    this.seen.set(name, seen);
    return seen;
  }

  /** The next question looks at the tree, whatever was seen just before. */
  forget(name: string): void {
    this.seen.delete(name);
  }

  /** The user whom the tree has by that name at this moment, be it the one who was known or another. */
  lookAnew(name: string): User | undefined {
    this.forget(name);
    return this.lookAtTree(name).user;
  }

  /** Whether the tree has an administrator of that name now, be it the one who was known or another. */
  isAdministrator(name: string): boolean {
    return [name, name.toLowerCase()].some((each) => this.lookAtTree(each).user?.role === 'admin');
  }

  /** Whether the user was there since this process began: only then can it be told who comes back. */
  isIdentified(name: string): boolean {
    return this.identities.isKnown(name);
  }

  /** Only of these users it has to be told whether another one takes over the name. */
  identifyOnly(names: ReadonlySet<string>): void {
    this.identities.keepOnly(names);
  }

  /** Names that another user has now; each is refused until `forgetIdentity`. */
  replacedNames(): string[] {
    return this.identities.replacedNames();
  }

  /** Nothing is left here that belonged to the user: the next user of that name starts anew. */
  forgetIdentity(name: string): void {
    this.identities.forget(name);
    this.seen.delete(name);
  }

  /** Whether the tree is that of a panel at work. */
  isAtWork(): boolean {
    return this.rootUser === undefined || this.signatureOf(this.rootUser) !== '';
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
  private read(name: string, wasUnread: boolean): ReadUser {
    let text = '';
    let isUnread = false;
    try {
      text = readFileSync(this.confFile(name), 'utf8');
    } catch (error) {
      isUnread = isOutOfDescriptors(error);
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      if (!isUnread || !wasUnread) this.onProblem(name, `user.conf can't be read: ${code}`);
    }
    const suspension = readSuspension(text);
    if (suspension === 'unclear' && !isUnread)
      this.onProblem(name, "user.conf has no single line SUSPENDED='no' or 'yes'");
    const lines = readConfLines(text);
    const value = (key: string): string => valuesOf(lines, key)[0] ?? '';
    const user = {
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
      role: readRole(lines),
    };
    const isTold = suspension !== 'unclear';
    const identity = isTold ? this.identityOf(name, value('DATE'), value('TIME')) : undefined;
    return { user, identity, isUnread };
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

  private identityOf(name: string, date: string, time: string): UserIdentity {
    const folder = stats(join(this.directory, name));
    return {
      created: date === '' || time === '' ? '' : `${date} ${time}`,
      folder: folder === undefined ? '' : `${String(folder.ino)}:${String(folder.birthtimeNs)}`,
    };
  }

  private confFile(name: string): string {
    return join(this.directory, name, 'user.conf');
  }
}

/** Only a clear one makes an administrator. */
function readRole(lines: ConfLines): UserRole {
  const roles = valuesOf(lines, 'ROLE');
  return roles.length > 0 && roles.every((role) => role === 'admin') ? 'admin' : 'user';
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
