/**
 * A map that forgets what was used least recently. Entries are in two generations: what is used or added belongs to the
 * young one, and when that has half of all, the old one is dropped as a whole. So nothing is moved at a use but from
 * the old one to the young one, and dropping costs the same however many there are; at least the half of what fits
 * that was used last is kept.
 */
export class RecentMap<V> {
  private young = new Map<string, V>();
  private old = new Map<string, V>();
  private youngWeight = 0;

  /**
   * @param most - what all may weigh
   * @param weightOf - 1 each unless said otherwise
   */
  constructor(
    private readonly most: number,
    private readonly weightOf: (value: V) => number = () => 1,
  ) {}

  get size(): number {
    return this.young.size + this.old.size;
  }

  /** The value; it is used by that. */
  use(key: string): V | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const aged = this.old.get(key);
    if (aged !== undefined) this.set(key, aged);
    return aged;
  }

  set(key: string, value: V): void {
    this.delete(key);
    this.young.set(key, value);
    this.grew(this.weightOf(value));
  }

  /** A value that was used just now weighs so much more. */
  grew(by: number): void {
    this.youngWeight += by;
    if (this.youngWeight * 2 < this.most) return;
    this.old = this.young;
    this.young = new Map();
    this.youngWeight = 0;
  }

  delete(key: string): void {
    const value = this.young.get(key);
    if (value !== undefined) this.youngWeight -= this.weightOf(value);
    this.young.delete(key);
    this.old.delete(key);
  }

  /** What was used least recently comes first, more or less. */
  *entries(): Generator<[key: string, value: V]> {
    yield* this.old;
    yield* this.young;
  }
}
