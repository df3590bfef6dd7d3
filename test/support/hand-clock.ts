/** A clock that a test moves by hand, in the place of the one that the rate limits of services go by. */
import { FailureLimits } from '../../src/authorization/limits/failure-limits.js';
import { RateLimiter } from '../../src/authorization/limits/rate-limiter.js';
import type { TestService } from './test-service.js';

export class HandClock {
  private nowMs = 1_000_000;

  /** From now on its limits last for as long as the test wants. */
  holds(service: TestService): void {
    for (const part of [service.part(RateLimiter), service.part(FailureLimits)])
      Object.assign(part, { now: () => this.nowMs });
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }
}
