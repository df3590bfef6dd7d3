import { randomBytes } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, invalid, ReturnCode } from '../errors.js';
import type { SystemUser } from './backends/exec-backend.js';
import type { Caller } from './builtin-command.js';
import {
  identityOf,
  isPlainName,
  isSame,
  TemporaryFileNotes,
  type Maker,
  type Note,
} from './temporary-file-notes.js';

export interface TemporaryFilesOptions {
  /** HEARTHKEY_TMP_DIR: anybody on the machine may be able to write there. */
  directory: string;
  /** A directory of the service's own, for a note about each file that it made. */
  notesDirectory: string;
  /** The user that commands run as, so that they can read the files. */
  owner: SystemUser | undefined;
  now?: () => number;
}

/** Clients know this directory by this name, wherever it is. */
const clientsDirectory = '/tmp';
/** Other credentials of the same user may replace a file that is older: nobody comes back for it. */
const staleMs = 600_000;
const filesLimit = 10_000;
const secretBytes = 4096;

/**
 * The files that `v-make-tmp-file` makes for later commands. Each has a note in a directory that is the service's own,
 * so that only a file that was made here is ever replaced or read, also after a restart. A file appears whole or not at
 * all, and no link is followed.
 */
export class TemporaryFiles {
  private queue: Promise<unknown> = Promise.resolve();
  /** How many more files may be made before they are counted again. */
  private room = 0;

  private readonly notes: TemporaryFileNotes;

  constructor(private readonly options: TemporaryFilesOptions) {
    this.notes = new TemporaryFileNotes(options.notesDirectory);
  }

  /**
   * @param place - a plain name, or `/tmp/NAME`
   * @throws AppError 2 for any other place, and where something is there that this caller may not replace
   */
  make(content: string, place: string, caller: Caller): Promise<void> {
    const name = plainNameOf(place, this.options.directory);
    return this.inTurn(() => this.write(name, `${content}\n`, makerOf(caller)));
  }

  /**
   * The arguments of a command with the true paths of the files that were made here.
   *
   * @throws AppError 10 where a file was made by another user
   */
  async locate(args: readonly string[], caller: Caller): Promise<string[]> {
    const reader = makerOf(caller);
    return Promise.all(
      args.map(async (arg) => {
        const name = this.nameOf(arg);
        const note = name === undefined ? undefined : await this.find(name);
        if (name === undefined || note === undefined) return arg;
        if (!mayUse(reader, note.maker))
          throw new AppError(ReturnCode.FORBIDDEN, `the file ${arg} was made by another user`);
        return join(this.options.directory, name);
      }),
    );
  }

  /**
   * The first line of a file that this caller made.
   *
   * @param then - `remove`: whatever comes of the command, the secret does not stay on the disk
   * @returns undefined where there is no such file
   */
  readSecret(place: string, caller: Caller, then: 'keep' | 'remove'): Promise<string | undefined> {
    return this.inTurn(async () => {
      const name = this.nameOf(place);
      const note = name === undefined ? undefined : await this.find(name);
      if (name === undefined || note === undefined || !mayTrust(makerOf(caller), note.maker))
        return undefined;
      const text = await this.readHead(name, note);
      if (text !== undefined && then === 'remove') {
        await unlink(join(this.options.directory, name));
        await this.notes.forget(name);
      }
      return text?.split(/\r?\n/, 1)[0];
    });
  }

  /** Whether a text stands for a file of this directory. */
  isPlace(text: string): boolean {
    return [clientsDirectory, this.options.directory].some((directory) => text.startsWith(`${directory}/`));
  }

  private nameOf(text: string): string | undefined {
    return nameBelow(text, clientsDirectory) ?? nameBelow(text, this.options.directory);
  }

  private async write(name: string, text: string, maker: Maker): Promise<void> {
    const { directory, now = Date.now } = this.options;
    const file = join(directory, name);
    const there = await this.find(name);
    const isReplaced = there !== undefined && mayReplace(maker, there, now());
    if (!isReplaced && (await statsOf(file)) !== undefined) throw taken();
    await this.makeRoom();
    const written = join(directory, `.hearthkey-${randomBytes(12).toString('hex')}`);
    try {
      const stats = await this.writeNew(written, text);
      await this.notes.write(name, { ...identityOf(stats), madeAtMs: now(), maker });
      // A link is never made over what is there; a file of ours is replaced in one step.
      if (isReplaced) await rename(written, file);
      else await link(written, file);
    } catch (error) {
      if (there === undefined) await this.notes.forget(name);
      else await this.notes.write(name, there);
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken() : cannotMake(error);
    } finally {
      await unlink(written).catch(() => undefined); // gone where it was renamed
    }
  }

  private async writeNew(file: string, text: string): Promise<BigIntStats> {
    const { owner } = this.options;
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const handle = await open(file, flags, 0o600);
    try {
      await handle.writeFile(text);
      if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
      return await handle.stat({ bigint: true });
    } finally {
      await handle.close();
    }
  }

  /** What was noted of a file, where that very file is still there. */
  private async find(name: string): Promise<Note | undefined> {
    const note = await this.notes.read(name);
    if (note === undefined) return undefined;
    const stats = await statsOf(join(this.options.directory, name));
    return stats !== undefined && isSame(stats, note) ? note : undefined;
  }

  /** Never waits for a pipe, follows no link, and reads the very file that the note tells of. */
  private async readHead(name: string, note: Note): Promise<string | undefined> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await open(join(this.options.directory, name), flags).catch(() => undefined);
    if (handle === undefined) return undefined;
    try {
      if (!isSame(await handle.stat({ bigint: true }), note)) return undefined;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(secretBytes), 0, secretBytes, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  /** Notes of files that commands have taken away since are removed; too many files are refused. */
  private async makeRoom(): Promise<void> {
    this.room -= 1;
    if (this.room >= 0) return;
    let count = 0;
    for (const name of await this.notes.names()) {
      if ((await this.find(name)) === undefined) await this.notes.forget(name);
      else count += 1;
    }
    if (count >= filesLimit)
      throw new AppError(ReturnCode.LIMIT, `there are ${String(count)} temporary files already`);
    // As many more as there are: counting costs each of them little.
    this.room = Math.min(Math.max(100, count), filesLimit - count) - 1;
  }

  /** One after the other: two that make a file of the same name must not mix. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}

/**
 * The name of a file that a client wants to be made: it says the name alone, or the name below `/tmp`.
 *
 * @throws AppError 2 for a path of any other form
 */
export function plainNameOf(place: string, directory = clientsDirectory): string {
  const name = nameBelow(place, clientsDirectory) ?? nameBelow(place, directory) ?? place;
  if (!isPlainName(name))
    throw invalid(`expected a plain file name of letters, digits and _ . -, or ${clientsDirectory}/NAME`);
  return name;
}

function nameBelow(text: string, directory: string): string | undefined {
  const name = text.slice(directory.length + 1);
  return text.startsWith(`${directory}/`) && isPlainName(name) ? name : undefined;
}

function makerOf({ actor, authority }: Caller): Maker {
  const user = 'user' in actor ? (actor.user ?? '') : '';
  const id = actor.kind === 'access_key' ? `access_key ${actor.accessKeyId}` : `${actor.kind} ${user}`;
  return { id, user, mayEverything: authority === 'everything' };
}

/** A weaker credential must not put its own content where a stronger one has left a file. */
function mayReplace(maker: Maker, { maker: before, madeAtMs }: Note, nowMs: number): boolean {
  if (maker.mayEverything || maker.id === before.id) return true;
  return maker.user === before.user && nowMs - madeAtMs > staleMs;
}

function mayUse(reader: Maker, maker: Maker): boolean {
  return reader.mayEverything || reader.user === maker.user;
}

/** Whether what the file says counts as said by the reader: nobody else could have chosen it. */
function mayTrust(reader: Maker, maker: Maker): boolean {
  return reader.id === maker.id || (reader.mayEverything && maker.mayEverything);
}

async function statsOf(file: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(file, { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cannotMake(error);
  }
}

function taken(): AppError {
  return invalid('there is something of that name already');
}

function cannotMake(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError(ReturnCode.DISK, 'the temporary file could not be written', { cause: error });
}
