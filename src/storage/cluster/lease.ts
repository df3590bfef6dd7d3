/** Both clocks of the machine, in milliseconds. */
export interface ClockReading {
  /** Never set; stands still while the machine sleeps. */
  monotonicMs: number;
  /** Since 1970; goes on while the machine sleeps, and may be set. */
  wallMs: number;
}

export type ReadClocks = () => ClockReading;

export const readClocks: ReadClocks = () => ({ monotonicMs: performance.now(), wallMs: Date.now() });

/**
 * For how long this node may rely on its facts. It ends by whichever clock ends it first: the monotonic one, or the
 * wall clock, which also counts the time that the machine slept; and at once where the wall clock has gone backwards.
 */
export class Lease {
  private from: ClockReading | undefined;
  private lengthMs = 0;
  private latestWallMs = 0;

  constructor(private readonly read: ReadClocks = readClocks) {}

  /** @param asked - the clocks before the question was sent whose answer said that all is applied */
  extend(asked: ClockReading, lengthMs: number): void {
    this.from = asked;
    this.lengthMs = lengthMs;
    this.latestWallMs = asked.wallMs;
  }

  /** Since the clocks were read before the question; undefined without a lease. */
  ageMs(): number | undefined {
    return this.from === undefined ? undefined : this.read().monotonicMs - this.from.monotonicMs;
  }

  end(): void {
    this.from = undefined;
  }

  /** @returns the wall clock's reading that it was checked against; undefined: it has ended */
  check(): number | undefined {
    if (this.from === undefined) return undefined;
    const now = this.read();
    const isOver =
      now.monotonicMs - this.from.monotonicMs >= this.lengthMs ||
      now.wallMs - this.from.wallMs >= this.lengthMs ||
      now.wallMs < this.latestWallMs;
    if (isOver) {
      this.from = undefined;
      return undefined;
    }
    this.latestWallMs = now.wallMs;
    return now.wallMs;
  }
}
