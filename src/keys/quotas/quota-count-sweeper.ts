import { PeriodicTask } from '../../concurrency/periodic-task.js';
import { dayOf } from '../limits/quota-period.js';
import type { QuotaCountStore } from './quota-count-store.js';

const intervalMs = 6 * 3_600_000;
/** Far longer than a month: a node with a clock that is ahead must not take away what others count by. */
const keptMs = 400 * 86_400_000;

/** Takes away counts that no period can need any more. */
export class QuotaCountSweeper {
  private readonly task: PeriodicTask;

  constructor(
    private readonly store: QuotaCountStore,
    onError: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.task = new PeriodicTask({ run: () => this.sweep(), intervalMs, firstMs: 60_000, onError });
  }

  start(): void {
    this.task.start();
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  async sweep(): Promise<void> {
    await this.store.sweep(dayOf(this.now() - keptMs));
  }
}
