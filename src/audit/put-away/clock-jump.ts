const mostMs = 3_600_000;
const holdMs = 86_400_000;

/**
 * Whether the clock was set forward by more than an hour: what looks old then may be new, and nothing that is removed
 * comes back. After a day the new time is believed. What happened to the clock before a start nobody knows: then the
 * newest line that was there has to be of that hour.
 */
export class ClockJump {
  private difference: number | undefined;
  private untilMs = -Infinity;

  /** @param newestMs - the time of the newest line at start; undefined: there was none */
  constructor(private readonly newestMs?: number) {}

  /**
   * @param nowMs - of the clock that says what time it is
   * @param monotonicMs - of one that nobody sets
   */
  isRecent(nowMs: number, monotonicMs: number): boolean {
    const difference = nowMs - monotonicMs;
    const jumpMs =
      this.difference === undefined
        ? Math.abs(nowMs - (this.newestMs ?? nowMs))
        : difference - this.difference;
    if (jumpMs > mostMs) this.untilMs = monotonicMs + holdMs;
    this.difference = difference;
    return monotonicMs < this.untilMs;
  }
}
