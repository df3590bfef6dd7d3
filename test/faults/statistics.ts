/** Times of one kind of thing. */
export class Times {
  private readonly all: number[] = [];

  add(ms: number): void {
    this.all.push(ms);
  }

  get count(): number {
    return this.all.length;
  }

  /** The usual one, the 99th of 100, and the longest. */
  line(): string {
    if (this.all.length === 0) return 'none';
    const sorted = [...this.all].sort((one, other) => one - other);
    const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
    return `${String(sorted.length)} changes, usually ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, longest ${at(1)} ms`;
  }
}
