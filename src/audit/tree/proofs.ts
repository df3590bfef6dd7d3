import { hashAbove, hashBytes, hashesIn, nodeHash, tileHeight, tileWidth } from './merkle.js';

/** Reads so many hashes of a tile. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Buffer>;

/** The proofs of a tree of one size, from its tiles. */
export class TreeProofs {
  private readonly tiles = new Map<string, Buffer>();

  constructor(
    private readonly size: number,
    private readonly readTile: ReadTile,
  ) {}

  /** RFC 9162, 2.1.3.1: from the leaf up. */
  inclusion(index: number): Promise<string[]> {
    return this.path(index, 0, this.size);
  }

  /** RFC 9162, 2.1.4.1: that a tree of the first so many leaves is the beginning of this one. */
  async consistency(first: number): Promise<string[]> {
    if (first === 0 || first === this.size) return [];
    return this.subproof(first, 0, this.size, true);
  }

  private async path(index: number, start: number, end: number): Promise<string[]> {
    if (end - start <= 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...(await this.path(index, start, middle)), await this.range(middle, end)]
      : [...(await this.path(index, middle, end)), await this.range(start, middle)];
  }

  private async subproof(first: number, start: number, end: number, isWhole: boolean): Promise<string[]> {
    if (first === end) return isWhole ? [] : [await this.range(start, end)];
    const middle = start + splitOf(end - start);
    return first <= middle
      ? [...(await this.subproof(first, start, middle, isWhole)), await this.range(middle, end)]
      : [...(await this.subproof(first, middle, end, false)), await this.range(start, middle)];
  }

  private async range(start: number, end: number): Promise<string> {
    const size = end - start;
    const height = Math.log2(size);
    if (Number.isInteger(height) && start % size === 0) return this.node(height, start / size);
    const middle = start + splitOf(size);
    return nodeHash(await this.range(start, middle), await this.range(middle, end));
  }

  /** The hash of a whole subtree. */
  private async node(height: number, index: number): Promise<string> {
    const level = Math.floor(height / tileHeight);
    const count = 2 ** (height % tileHeight);
    const first = index * count;
    const tile = await this.tile(level, Math.floor(first / tileWidth));
    const start = (first % tileWidth) * hashBytes;
    return hashAbove(hashesIn(tile.subarray(start, start + count * hashBytes)));
  }

  private async tile(level: number, index: number): Promise<Buffer> {
    const name = `${String(level)} ${String(index)}`;
    const known = this.tiles.get(name);
    if (known !== undefined) return known;
    const all = Math.floor(this.size / tileWidth ** level);
    const bytes = await this.readTile(level, index, Math.min(tileWidth, all - index * tileWidth));
    this.tiles.set(name, bytes);
    return bytes;
  }
}

/** The largest power of two below a number. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** The root that a leaf and its inclusion path give (RFC 9162, 2.1.3.2); undefined: the path has not the right length. */
export function rootFromInclusion(
  leaf: string,
  index: number,
  size: number,
  path: readonly string[],
): string | undefined {
  let [place, last, value] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      value = nodeHash(sibling, value);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else value = nodeHash(value, sibling);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? value : undefined;
}

export interface SizedRoot {
  size: number;
  root: string;
}

/** Whether the first tree is the beginning of the second (RFC 9162, 2.1.4.2). */
export function isConsistent(first: SizedRoot, second: SizedRoot, proof: readonly string[]): boolean {
  if (first.size > second.size) return false;
  if (first.size === 0) return true;
  if (first.size === second.size) return first.root === second.root && proof.length === 0;
  const isPower = Number.isInteger(Math.log2(first.size));
  const [begin, ...rest] = isPower ? [first.root, ...proof] : proof;
  if (begin === undefined) return false;
  let [place, last] = [first.size - 1, second.size - 1];
  while (place % 2 === 1) [place, last] = [(place - 1) / 2, Math.floor(last / 2)];
  let [one, other] = [begin, begin];
  for (const node of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [one, other] = [nodeHash(node, one), nodeHash(node, other)];
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else other = nodeHash(other, node);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return one === first.root && other === second.root && last === 0;
}
