import type { BigIntStats } from 'node:fs';
import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A plain name: no path, nothing hidden. Zones may have letters beyond ASCII in their names. */
const namePattern = /^[\p{L}\p{N}_-][\p{L}\p{M}\p{N}_.-]*$/u;
const nameBytes = 255;
const makerSchema = z.object({ id: z.string(), user: z.string(), mayEverything: z.boolean() });
/** What tells the file that was made from any other of the same name. */
const noteSchema = z.object({
  device: z.string(),
  inode: z.string(),
  modifiedNs: z.string(),
  size: z.string(),
  madeAtMs: z.number(),
  maker: makerSchema,
});
export type Maker = z.output<typeof makerSchema>;
export type Note = z.output<typeof noteSchema>;

/** What was noted of each temporary file, by its name, in a directory that is the service's own. */
export class TemporaryFileNotes {
  constructor(private readonly directory: string) {}

  /** What is there is replaced in one step. */
  async write(name: string, note: Note): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    // A dot never begins a name of a file that is made here.
    const written = join(this.directory, '.new');
    await writeFile(written, JSON.stringify(note), { mode: 0o600 });
    await rename(written, join(this.directory, name));
  }

  async read(name: string): Promise<Note | undefined> {
    try {
      return noteSchema.parse(JSON.parse(await readFile(join(this.directory, name), 'utf8')));
    } catch {
      return undefined; // none, or one that was cut off by a crash
    }
  }

  async forget(name: string): Promise<void> {
    await unlink(join(this.directory, name)).catch(() => undefined);
  }

  async names(): Promise<string[]> {
    return (await readdir(this.directory).catch(() => [])).filter(isPlainName);
  }
}

export function isPlainName(name: string): boolean {
  return namePattern.test(name) && Buffer.byteLength(name) <= nameBytes;
}

export function identityOf({ dev, ino, mtimeNs, size }: BigIntStats) {
  return { device: String(dev), inode: String(ino), modifiedNs: String(mtimeNs), size: String(size) };
}

export function isSame(stats: BigIntStats, note: Note): boolean {
  const { device, inode, modifiedNs, size } = identityOf(stats);
  return (
    stats.isFile() &&
    device === note.device &&
    inode === note.inode &&
    modifiedNs === note.modifiedNs &&
    size === note.size
  );
}
