const mostJumpMs = 3_600_000;
const mostAtStartMs = 86_400_000;
const holdMs = 86_400_000;

/**
 * Whether the clock may be wrong: what looks old then may be new, and nothing that is removed comes back. The clock is
 * doubted for 24 hours after it jumped forward by more than an hour, in one step or in many, and after a start whose
 * newest event is not from the last day: nobody knows what happened to the clock before a start.
 */
export class ClockTrust {
  /** Of the two clocks, when they were trusted last. Small steps don't change it, so they add up. */
  private difference: number | undefined;
  private untilMs = -Infinity;

  /** @param newestMs - the time of the newest event at start; undefined: the record is empty; NaN: it is unknown */
  constructor(private readonly newestMs?: number) {}

  /**
   * @param nowMs - of the clock that says what time it is
   * @param monotonicMs - of one that nobody sets
   */
  isDoubted(nowMs: number, monotonicMs: number): boolean {
    const difference = nowMs - monotonicMs;
    if (!this.isAsBefore(nowMs, difference)) {
      this.difference = difference;
      this.untilMs = monotonicMs + holdMs;
    }
    this.difference ??= difference;
    return monotonicMs < this.untilMs;
  }

  private isAsBefore(nowMs: number, difference: number): boolean {
    if (this.difference !== undefined) return difference - this.difference <= mostJumpMs;
    // NaN is within no limit.
    return this.newestMs === undefined || Math.abs(nowMs - this.newestMs) <= mostAtStartMs;
  }
}
