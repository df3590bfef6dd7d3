import { edgeWidths, GrowingTree, tileWidth, type Tile } from './merkle.js';
import type { SizedRoot } from './proofs.js';
import type { TileStore } from './tile-store.js';

/**
 * Takes up a tree of that size from its tiles.
 *
 * @param onTile - told of each tile that is full from now on
 * @returns undefined: tiles are gone, or they don't give that root
 */
export async function growFromTiles(
  store: TileStore,
  { size, root }: SizedRoot,
  onTile?: (tile: Tile) => void,
): Promise<GrowingTree | undefined> {
  try {
    const tree = await treeOfTiles(store, size, onTile);
    return tree.root() === root ? tree : undefined;
  } catch {
    return undefined;
  }
}

/** The same as the tiles say, whatever its root is. @throws Error where one is gone */
export async function treeOfTiles(
  store: TileStore,
  size: number,
  onTile?: (tile: Tile) => void,
): Promise<GrowingTree> {
  const edge = edgeWidths(size).map((width, level) => {
    const index = Math.floor(size / tileWidth ** (level + 1));
    return width === 0 ? Promise.resolve(Buffer.alloc(0)) : store.read(level, index, width);
  });
  return GrowingTree.from(size, await Promise.all(edge), onTile);
}
