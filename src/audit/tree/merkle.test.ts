import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { edgeWidths, emptyRoot, GrowingTree, hashBytes, tileWidth, type Tile } from './merkle.js';
import { isConsistent, rootFromInclusion, TreeProofs } from './proofs.js';

const sha = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (index: number): Buffer => sha(Buffer.from([0]), Buffer.from(`event ${String(index)}`));

/** RFC 9162, 2.1.1, word by word. */
function rootByTheBook(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leaves[0] ?? sha();
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha(Buffer.from([1]), rootByTheBook(leaves.slice(0, split)), rootByTheBook(leaves.slice(split)));
}

const leaves = Array.from({ length: 700 }, (_, index) => leaf(index));
const text = (bytes: Buffer): string => bytes.toString('latin1');
const rootOf = (size: number): string => text(rootByTheBook(leaves.slice(0, size)));

function grow(size: number): { tree: GrowingTree; tiles: Map<string, Tile> } {
  const tiles = new Map<string, Tile>();
  const keep = (tile: Tile): void => void tiles.set(`${String(tile.level)} ${String(tile.index)}`, tile);
  const tree = new GrowingTree(keep);
  for (const each of leaves.slice(0, size)) tree.push(text(each));
  for (const tile of tree.partialTiles()) keep(tile);
  return { tree, tiles };
}

function proofs(size: number, tiles: ReadonlyMap<string, Tile>): TreeProofs {
  return new TreeProofs(size, (level, index, width) => {
    const bytes = tiles.get(`${String(level)} ${String(index)}`)?.bytes;
    if (bytes === undefined) throw new Error('no such tile');
    return Promise.resolve(bytes.subarray(0, width * hashBytes));
  });
}

const sizes = [1, 2, 3, 4, 7, 8, 255, 256, 257, 300, 511, 512, 513, 700];

describe('a growing tree', () => {
  it('has the root of RFC 9162 at every size', () => {
    const tree = new GrowingTree();
    expect(tree.root()).toBe(emptyRoot);
    for (const [index, each] of leaves.entries()) {
      tree.push(text(each));
      if (index % 7 === 0 || sizes.includes(index + 1)) expect(tree.root()).toBe(rootOf(index + 1));
    }
  });

  it('is taken up from the right edge of its tiles', () => {
    for (const size of sizes) {
      const { tiles } = grow(size);
      const edge = edgeWidths(size).map((width, level) => {
        const index = Math.floor(size / tileWidth ** (level + 1));
        return (
          tiles.get(`${String(level)} ${String(index)}`)?.bytes.subarray(0, width * hashBytes) ??
          Buffer.alloc(0)
        );
      });
      const again = GrowingTree.from(size, edge);
      expect(again.root()).toBe(rootOf(size));
      for (const each of leaves.slice(size, size + 260)) again.push(text(each));
      expect(again.root()).toBe(rootOf(Math.min(700, size + 260)));
    }
  });
});

describe('proofs', () => {
  it('of inclusion give the root, of each leaf and no other', async () => {
    for (const size of sizes) {
      const { tiles } = grow(700);
      for (const index of [0, 1, Math.floor(size / 2), size - 1].filter((each) => each < size)) {
        const path = await proofs(size, tiles).inclusion(index);
        expect(rootFromInclusion(text(leaves[index]!), index, size, path)).toBe(rootOf(size));
        if (size > 1) {
          expect(rootFromInclusion(text(leaf(999)), index, size, path)).not.toBe(rootOf(size));
          expect(rootFromInclusion(text(leaves[index]!), index, size, path.slice(1))).not.toBe(rootOf(size));
        }
      }
    }
  });

  it('of consistency show that one tree is the beginning of another, and of no other', async () => {
    const { tiles } = grow(700);
    for (const second of sizes) {
      for (const first of sizes.filter((size) => size <= second)) {
        const proof = await proofs(second, tiles).consistency(first);
        const [one, other] = [first, second].map((size) => ({ size, root: rootOf(size) })) as [never, never];
        expect(isConsistent(one, other, proof)).toBe(true);
        expect(isConsistent({ size: first, root: emptyRoot }, other, proof)).toBe(false);
        if (first < second) expect(isConsistent(one, { size: second, root: emptyRoot }, proof)).toBe(false);
      }
    }
  });
});
