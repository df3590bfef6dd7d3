const mostMs = 3_600_000;
const holdMs = 86_400_000;

/**
 * Whether the clock was set forward by more than an hour: what looks old then may be new, and nothing that is removed
 * comes back. After a day the new time is believed.
 */
export class ClockJump {
  private difference: number | undefined;
  private untilMs = -Infinity;

  /**
   * @param nowMs - of the clock that says what time it is
   * @param monotonicMs - of one that nobody sets
   */
  isRecent(nowMs: number, monotonicMs: number): boolean {
    const difference = nowMs - monotonicMs;
    if (this.difference !== undefined && difference - this.difference > mostMs)
      this.untilMs = monotonicMs + holdMs;
    this.difference = difference;
    return monotonicMs < this.untilMs;
  }
}
