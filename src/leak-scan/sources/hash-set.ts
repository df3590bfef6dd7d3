/** Hashes of objects, in eight bytes each: a history has millions of them, and a `Set` has no room for so many. */
export class HashSet {
  private numbers = new Float64Array(1024);
  private count = 0;
  private isSorted = true;

  constructor(hashes: readonly string[] = []) {
    for (const hash of hashes) this.add(hash);
  }

  add(hash: string): void {
    if (this.count === this.numbers.length) {
      const larger = new Float64Array(2 * this.count);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.count++] = numberOf(hash);
    this.isSorted = false;
  }

  /** Two hashes that begin with the same 52 bits are taken for one. */
  has(hash: string): boolean {
    const present = this.numbers.subarray(0, this.count);
    if (!this.isSorted) present.sort();
    this.isSorted = true;
    const wanted = numberOf(hash);
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((present[middle] as number) < wanted) from = middle + 1;
      else to = middle;
    }
    return present[from] === wanted;
  }
}

function numberOf(hash: string): number {
  return Number.parseInt(hash.slice(0, 13), 16);
}
