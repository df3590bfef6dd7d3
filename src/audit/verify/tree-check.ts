import { opendir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { PutAwayTree } from '../put-away/statement.js';
import { edgeWidths, GrowingTree, hashBytes, hashesIn, tileWidth, type Tile } from '../tree/merkle.js';
import { originOf, type Checkpoint } from '../tree/signed-note.js';
import { TileStore, tilePath } from '../tree/tile-store.js';

/** A head that somebody keeps, and who. */
export interface KeptCheckpoint extends Checkpoint {
  keptBy: string;
}

export type Find = (place: string, problem: string) => void;

interface RebuiltTree {
  begin: number;
  origin: string;
  tree: GrowingTree;
  store: TileStore;
  /** How many leaves the tiles on the disk stand for at least. */
  written: number;
}

/**
 * Builds the trees anew from the lines, and compares them with every head that was signed or witnessed, and with the
 * tiles on the disk. A tile that is not right is written anew.
 */
export class TreeCheck {
  private current: RebuiltTree | undefined;
  /** Full tiles that are still to be compared. */
  private tiles: Tile[] = [];
  private next = 0;
  /** Trees that have no line after these. */
  private readonly ended: PutAwayTree[] = [];
  private readonly waiting = new Map<string, KeptCheckpoint[]>();
  comparedHeads = 0;

  /**
   * @param kept - heads of any tree
   * @param signedSize - of the newest tree: what was on the disk when the verification began
   */
  constructor(
    private readonly dataDir: string,
    private readonly chain: string,
    kept: readonly KeptCheckpoint[],
    private readonly signed: Checkpoint | undefined,
    private readonly find: Find,
  ) {
    for (const each of kept) {
      const key = placeOf(each);
      this.waiting.set(key, [...(this.waiting.get(key) ?? []), each]);
    }
  }

  /** The trees up to the newest line; undefined: tiles on the disk don't go so far yet. */
  get rebuilt(): PutAwayTree[] | undefined {
    const { current } = this;
    if (current === undefined) return [...this.ended];
    const { tree, written, begin } = current;
    if (this.signed?.origin === current.origin && tree.size > written) return undefined;
    return [...this.ended, { begin, size: tree.size, root: tree.root() }];
  }

  take(sequence: number, leaf: string, treeBegin: number | undefined): void {
    if (treeBegin !== undefined) this.begin(treeBegin);
    const { current } = this;
    if (current === undefined) return;
    if (treeBegin === undefined && sequence !== this.next) {
      this.endCurrent(); // lines are missing, which was found
      return;
    }
    this.next = sequence + 1;
    this.push(leaf, current);
  }

  /**
   * Before the first line: tiles take the place of lines that were put away, or verified before an interruption. They
   * have to give the root that was signed or rebuilt then. Heads of those sizes are compared as with lines.
   */
  async takeTrees(trees: readonly PutAwayTree[]): Promise<void> {
    for (const tree of trees) {
      this.begin(tree.begin);
      const { current } = this;
      if (current === undefined) continue;
      current.written = tree.size;
      const problem = await this.takeTiles(current, tree);
      this.tiles = [];
      this.next = tree.begin + tree.size;
      if (this.signed?.origin === current.origin) current.written = this.signed.size;
      if (problem === undefined) continue;
      this.current = undefined;
      this.find(`tree-${String(tree.begin)}`, problem);
    }
  }

  private async takeTiles(current: RebuiltTree, { size, root }: PutAwayTree): Promise<string | undefined> {
    try {
      for (let index = 0; index * tileWidth < size; index++) {
        const bytes = await current.store.read(0, index, Math.min(tileWidth, size - index * tileWidth));
        for (const leaf of hashesIn(bytes)) this.push(leaf, current);
        // Those that the leaves were read from.
        this.tiles = this.tiles.filter(({ level }) => level > 0);
      }
    } catch (error) {
      return `${(error as Error).message}: it stood for lines that are not read`;
    }
    if (current.tree.root() !== root) return "its tiles don't match the signed root";
    await this.compareTiles();
    return undefined;
  }

  private push(leaf: string, current: RebuiltTree): void {
    current.tree.push(leaf);
    const heads = this.waiting.get(placeOf({ origin: current.origin, size: current.tree.size }));
    if (heads !== undefined) this.compare(heads, current);
  }

  /** Between the pieces of the record: what was kept for it is compared. */
  async compareTiles(): Promise<void> {
    const { current, tiles } = this;
    this.tiles = [];
    if (current === undefined) return;
    for (const tile of tiles) await this.compareTile(current, tile);
  }

  /** After the last line. @param isPart - lines before the first tree were left out */
  async end(isPart: boolean): Promise<void> {
    await this.compareTiles();
    if (this.current !== undefined) {
      for (const tile of this.current.tree.partialTiles()) await this.comparePartial(this.current, tile);
      await this.findUnknown(this.current);
    }
    if (isPart && this.current === undefined) return;
    for (const heads of this.waiting.values()) {
      for (const { origin, size, keptBy } of heads)
        this.find(
          keptBy,
          `it has a head of ${origin} with ${String(size)} events, which the record here does not have`,
        );
    }
  }

  private begin(begin: number): void {
    this.endCurrent();
    const origin = originOf(this.chain, begin);
    const store = new TileStore(this.dataDir, begin);
    const written = this.signed?.origin === origin ? this.signed.size : 0;
    const tree = new GrowingTree((tile) => this.tiles.push(tile));
    this.current = { begin, origin, tree, store, written };
  }

  private endCurrent(): void {
    const { current } = this;
    if (current === undefined) return;
    this.ended.push({ begin: current.begin, size: current.tree.size, root: current.tree.root() });
    this.current = undefined;
  }

  private compare(heads: readonly KeptCheckpoint[], { origin, tree }: RebuiltTree): void {
    const root = tree.root();
    this.waiting.delete(placeOf({ origin, size: tree.size }));
    for (const { root: kept, size, keptBy } of heads) {
      this.comparedHeads++;
      if (kept !== root)
        this.find(
          keptBy,
          `its head of ${origin} with ${String(size)} events is another: one of the two was altered`,
        );
    }
  }

  private async compareTile({ store, written }: RebuiltTree, tile: Tile): Promise<void> {
    if ((tile.index + 1) * tileWidth ** (tile.level + 1) > written) return;
    const path = tilePath(tile);
    const bytes = await readFile(join(store.folder, path)).catch(() => undefined);
    if (bytes?.equals(tile.bytes) === true) return;
    store.add(tile);
    await store.flush([]);
    this.find(path, `this tile was ${bytes === undefined ? 'missing' : 'altered'}; it was written anew`);
  }

  /** What is there of a tile at the right edge, in whatever width. */
  private async comparePartial({ store, written }: RebuiltTree, tile: Tile): Promise<void> {
    const width = edgeWidths(written)[tile.level] ?? 0;
    const index = Math.floor(written / tileWidth ** (tile.level + 1));
    if (index !== tile.index || width === 0) return;
    const path = tilePath({ level: tile.level, index, width });
    const wanted = tile.bytes.subarray(0, width * hashBytes);
    const bytes = await readFile(join(store.folder, path)).catch(() => undefined);
    if (bytes?.equals(wanted) === true) return;
    // The service has gone on meanwhile, and a wider one took its place.
    if (bytes === undefined && tile.width > width) return;
    await store.flush([{ level: tile.level, index, width, bytes: wanted }]);
    this.find(path, `this tile was ${bytes === undefined ? 'missing' : 'altered'}; it was written anew`);
  }

  /** One file after another: there are as many as the record has lines in 256. */
  private async findUnknown({ store }: RebuiltTree): Promise<void> {
    const ours = /^(?:checkpoint|tile\/\d+\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d+)?)(?:\.new)?$/;
    try {
      for await (const entry of await opendir(store.folder, { recursive: true })) {
        const path = relative(store.folder, join(entry.parentPath, entry.name));
        if (!entry.isDirectory() && !ours.test(path)) this.find(path, 'this file is no part of the tree');
      }
    } catch (error) {
      // Before the first head is signed there is no folder.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function placeOf({ origin, size }: { origin: string; size: number }): string {
  return `${origin} ${String(size)}`;
}
