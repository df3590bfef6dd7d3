import { hash } from 'node:crypto';

/*
 * The Merkle tree of RFC 6962 and RFC 9162 over SHA-256. Hashes are texts of 32 characters, one for each byte: that is
 * what the one-shot hash gives and takes in the least time.
 */

export const hashBytes = 32;
/** A tile has the hashes of one level for so many neighbours (C2SP tlog-tiles). */
export const tileWidth = 256;
export const tileBytes = tileWidth * hashBytes;
export const tileHeight = 8;

const pair = Buffer.alloc(1 + 2 * hashBytes, 1);

export function nodeHash(left: string, right: string): string {
  pair.write(left, 1, 'latin1');
  pair.write(right, 1 + hashBytes, 'latin1');
  return hash('sha256', pair, 'binary');
}

export function hashToBase64(hash: string): string {
  return Buffer.from(hash, 'latin1').toString('base64');
}

export function hashFromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

/** Of no leaves. */
export const emptyRoot = hash('sha256', '', 'binary');

/** The hash above neighbours; the last may be of a smaller subtree than the others. */
export function hashAbove(hashes: string[]): string {
  let current = hashes;
  while (current.length > 1) {
    const next: string[] = [];
    for (let index = 0; index < current.length; index += 2) {
      const [left = '', right] = current.slice(index, index + 2);
      next.push(right === undefined ? left : nodeHash(left, right));
    }
    current = next;
  }
  return current[0] ?? emptyRoot;
}

const row = Buffer.alloc(tileBytes);

/** The same for a full tile, without a text for each hash that is read: that is half of the work of a tree. */
function hashAboveTile(bytes: Buffer): string {
  bytes.copy(row);
  for (let width = tileWidth / 2; ; width /= 2) {
    for (let index = 0; index < width; index++) {
      row.copy(pair, 1, index * 2 * hashBytes, (index + 1) * 2 * hashBytes);
      const value = hash('sha256', pair, 'binary');
      if (width === 1) return value;
      row.write(value, index * hashBytes, 'latin1');
    }
  }
}

export interface Tile {
  level: number;
  index: number;
  /** 256 of them in a full one. */
  width: number;
  bytes: Buffer;
}

/** A tree that grows leaf by leaf: of each level it has the tile at the right edge. */
export class GrowingTree {
  private count = 0;
  private readonly levels: { bytes: Buffer; width: number }[] = [];

  /** @param onTile - told of each tile that is full; the bytes are its own */
  constructor(private readonly onTile: (tile: Tile) => void = () => undefined) {}

  get size(): number {
    return this.count;
  }

  push(leaf: string): void {
    this.put(0, leaf);
    this.count++;
  }

  root(): string {
    let below: string | undefined;
    for (const { bytes, width } of this.levels) {
      const hashes = hashesIn(bytes.subarray(0, width * hashBytes));
      if (below !== undefined) hashes.push(below);
      if (hashes.length > 0) below = hashAbove(hashes);
    }
    return below ?? emptyRoot;
  }

  /** The tiles at the right edge that are not full, as they are now. */
  partialTiles(): Tile[] {
    return this.levels.flatMap(({ bytes, width }, level) => {
      if (width === 0) return [];
      const index = Math.floor(this.count / tileWidth ** (level + 1));
      return [{ level, index, width, bytes: Buffer.from(bytes.subarray(0, width * hashBytes)) }];
    });
  }

  /** Takes up a tree of that size from its right edge. */
  static from(size: number, partial: readonly Buffer[], onTile?: (tile: Tile) => void): GrowingTree {
    const tree = new GrowingTree(onTile);
    tree.count = size;
    for (const hashes of partial) {
      const bytes = Buffer.alloc(tileBytes);
      hashes.copy(bytes);
      tree.levels.push({ bytes, width: hashes.length / hashBytes });
    }
    return tree;
  }

  private put(level: number, value: string): void {
    const tile = (this.levels[level] ??= { bytes: Buffer.alloc(tileBytes), width: 0 });
    tile.bytes.write(value, tile.width * hashBytes, 'latin1');
    if (++tile.width < tileWidth) return;
    tile.width = 0;
    const index = Math.floor(this.count / tileWidth ** (level + 1));
    this.onTile({ level, index, width: tileWidth, bytes: Buffer.from(tile.bytes) });
    this.put(level + 1, hashAboveTile(tile.bytes));
  }
}

/** How wide each level's tile at the right edge of a tree is, from the leaves up. */
export function edgeWidths(size: number): number[] {
  const widths: number[] = [];
  for (let count = size; count > 0; count = Math.floor(count / tileWidth)) widths.push(count % tileWidth);
  return widths;
}

export function hashesIn(bytes: Buffer): string[] {
  const hashes: string[] = [];
  for (let start = 0; start + hashBytes <= bytes.length; start += hashBytes)
    hashes.push(bytes.toString('latin1', start, start + hashBytes));
  return hashes;
}
