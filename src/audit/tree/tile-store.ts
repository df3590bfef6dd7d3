import { access, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { auditFolder } from '../record/record-files.js';
import { hashBytes, tileWidth, type Tile } from './merkle.js';

/** The tiles and the newest checkpoint of one tree, as files in the form of C2SP tlog-tiles. */
export class TileStore {
  readonly folder: string;
  private waiting: Tile[] = [];
  /** Of each level: the path of the partial tile that is there. */
  private readonly partial = new Map<number, string>();

  constructor(dataDir: string, treeBegin: number) {
    this.folder = join(auditFolder(dataDir), `tree-${String(treeBegin)}`);
  }

  get waitingTiles(): number {
    return this.waiting.length;
  }

  /** Written by the next `flush`. */
  add(tile: Tile): void {
    this.waiting.push(tile);
  }

  async flush(partial: readonly Tile[]): Promise<void> {
    const full = this.waiting;
    this.waiting = [];
    try {
      for (const tile of full) await this.writeWhole(join(this.folder, tilePath(tile)), tile.bytes);
    } catch (error) {
      this.waiting = [...full, ...this.waiting];
      throw error;
    }
    for (const tile of partial) await this.writePartial(tile);
  }

  writeCheckpoint(note: string): Promise<void> {
    return this.writeWhole(join(this.folder, 'checkpoint'), note);
  }

  /** Undefined: there is none. */
  readCheckpoint(): Promise<string | undefined> {
    return readFile(join(this.folder, 'checkpoint'), 'utf8').catch(() => undefined);
  }

  /** So many hashes of a tile, from the full one or one that is at least as wide. */
  async read(level: number, index: number, width: number): Promise<Buffer> {
    const full = join(this.folder, tilePath({ level, index, width: tileWidth }));
    // A kill may have come between a wider tile and the head that stands on it.
    const widths = await readdir(`${full}.p`).catch(() => []);
    for (const path of [full, ...widths.map((name) => join(`${full}.p`, name))]) {
      const bytes = await readFile(path).catch(() => undefined);
      if (bytes !== undefined && bytes.length >= width * hashBytes)
        return bytes.subarray(0, width * hashBytes);
    }
    throw new Error(`the tile ${tilePath({ level, index, width })} is missing`);
  }

  private async writePartial(tile: Tile): Promise<void> {
    const path = join(this.folder, tilePath(tile));
    const before = this.partial.get(tile.level);
    if (before === path) return;
    await this.writeWhole(path, tile.bytes);
    this.partial.set(tile.level, path);
    if (before !== undefined) await rm(before, { force: true });
    else await this.dropOthers(path);
  }

  private async writeWhole(path: string, bytes: Buffer | string): Promise<void> {
    const temporary = `${path}.new`;
    try {
      await writeFile(temporary, bytes, { mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // Where the record's own folder is gone none is made: somebody may put it back.
      await access(dirname(this.folder));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(temporary, bytes, { mode: 0o600 });
    }
    await rename(temporary, path);
  }

  /** After a restart: the narrower ones of that tile. */
  private async dropOthers(path: string): Promise<void> {
    const folder = dirname(path);
    for (const name of await readdir(folder)) {
      if (join(folder, name) !== path) await rm(join(folder, name), { force: true });
    }
  }
}

/** `tile/LEVEL/x001/x234/067`, and `.p/WIDTH` behind that where it is not full. */
export function tilePath({ level, index, width }: Omit<Tile, 'bytes'>): string {
  const text = String(index);
  const groups = text.padStart(Math.ceil(text.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${String(level)}/${path}${width === tileWidth ? '' : `.p/${String(width)}`}`;
}
