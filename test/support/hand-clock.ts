/** A clock that a test moves by hand, in the place of the one that the rate limits of services go by. */
import { RateLimiter } from '../../src/authorization/rate-limiter.js';
import type { TestService } from './test-service.js';

export class HandClock {
  private nowMs = 1_000_000;

  /** From now on its limits last for as long as the test wants. */
  holds(service: TestService): void {
    Object.assign(service.part(RateLimiter), { now: () => this.nowMs });
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }
}
