/** Times of one kind of thing. */
export class Times {
  private readonly all: number[] = [];

  add(ms: number): void {
    this.all.push(ms);
  }

  /** So long or less did this share of them take; 0 where there are none. */
  at(share: number): number {
    const sorted = [...this.all].sort((one, other) => one - other);
    return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  }

  get count(): number {
    return this.all.length;
  }

  /** The usual one, the 99th of 100, and the longest. */
  line(what = 'changes'): string {
    if (this.all.length === 0) return 'none';
    const sorted = [...this.all].sort((one, other) => one - other);
    const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
    return `${String(sorted.length)} ${what}, usually ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, longest ${at(1)} ms`;
  }
}
