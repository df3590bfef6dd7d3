import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, notFound, ReturnCode } from '../errors.js';

/** What Node.js reads at once. */
const maxBytes = 2_000_000_000;

/**
 * Writes a new file that only its owner may read, whole or not at all: it is on the disk, under its name, when this
 * returns.
 *
 * @throws AppError 4 (there is such a file), 3 (no such directory), 13 (it can't be written)
 */
export async function writeNewFile(file: string, chunks: readonly Buffer[]): Promise<void> {
  if (existsSync(file)) throw exists(file);
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}.part`);
  try {
    await withFile(temporary, 'wx', async (handle) => {
      for (const chunk of joined(chunks)) await handle.writeFile(chunk);
      await handle.sync();
    });
    await giveName(temporary, file);
    await withFile(dirname(file), 'r', (handle) => handle.sync());
  } catch (error) {
    throw problemOf(error, file);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** @throws AppError 3 (no such file), 13 (it can't be read) */
export async function readWholeFile(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw new AppError(ReturnCode.LIMIT, `${file} is larger than a copy can be`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT') throw notFound(file);
    throw new AppError(ReturnCode.DISK, `${file} can't be read: ${code}`);
  }
}

/** A link fails where there is a file of that name, in one step; some file systems have none. */
async function giveName(temporary: string, file: string): Promise<void> {
  try {
    await link(temporary, file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw error;
    if (existsSync(file)) throw exists(file);
    await rename(temporary, file);
  }
}

async function withFile(
  file: string,
  flags: string,
  work: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
}

/** Lines in pieces that are worth a write. */
function* joined(chunks: readonly Buffer[]): Generator<Buffer> {
  for (let start = 0; start < chunks.length; start += 1000)
    yield Buffer.concat(chunks.slice(start, start + 1000));
}

function problemOf(error: unknown, file: string): unknown {
  if (error instanceof AppError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'EEXIST') return exists(file);
  if (code === 'ENOENT') return notFound(`the directory ${dirname(file)}`);
  return new AppError(ReturnCode.DISK, `${file} can't be written: ${code}`);
}

function exists(file: string): AppError {
  return new AppError(ReturnCode.EXISTS, `${file} is there already, and stays as it is`);
}
