import { hash } from 'node:crypto';
import { readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What was not named for longer was taken away on purpose: its alerts are not for a later one at the same place. */
const takenOverWithinMs = 30 * 86_400_000;

interface Left {
  name: string;
  /** Of its files, without what they end in. */
  base: string;
  writtenAtMs: number;
}

/**
 * A webhook is named after its URL. One whose path was changed, as it is with a new token, goes on where the one of
 * that server was that is named no more: it gets what that one has not.
 *
 * @param names - of all receivers
 */
export async function takeOverRenamed(dataDir: string, names: readonly string[]): Promise<void> {
  const folder = join(dataDir, 'alerts');
  const files = await readdir(folder).catch((): string[] => []);
  const isNew = (name: string): boolean => !files.includes(`${baseOf(name)}.json`);
  const left = (await readCursors(folder, files)).filter(({ name }) => !names.includes(name));
  for (const name of names.filter(isNew)) {
    const [newest] = left
      .filter((one) => serverOf(one.name) === serverOf(name))
      .sort((one, other) => other.writtenAtMs - one.writtenAtMs);
    if (newest === undefined) continue;
    left.splice(left.indexOf(newest), 1);
    const move = (end: string): Promise<void> =>
      rename(join(folder, `${newest.base}.${end}`), join(folder, `${baseOf(name)}.${end}`));
    // The cursor last: without it the state says how far the receiver is.
    await move('state').catch(ignoreAbsence);
    await move('json');
  }
}

async function readCursors(folder: string, files: readonly string[]): Promise<Left[]> {
  const found: Left[] = [];
  for (const file of files.filter((each) => /^[0-9a-f]{16}\.json$/.test(each))) {
    const path = join(folder, file);
    const { mtimeMs: writtenAtMs } = await stat(path);
    const name = await sinkOf(path);
    if (name !== undefined && writtenAtMs > Date.now() - takenOverWithinMs)
      found.push({ name, base: file.replace(/\.json$/, ''), writtenAtMs });
  }
  return found;
}

function baseOf(name: string): string {
  return hash('sha256', name).slice(0, 16);
}

/** Undefined where the file is damaged: its receiver can't be told. */
async function sinkOf(path: string): Promise<string | undefined> {
  try {
    const { sink } = JSON.parse(await readFile(path, 'utf8')) as { sink?: unknown };
    return typeof sink === 'string' ? sink : undefined;
  } catch {
    return undefined;
  }
}

/** The name without the digest of its path. */
function serverOf(name: string): string {
  return name.split('/…')[0] ?? name;
}

function ignoreAbsence(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
