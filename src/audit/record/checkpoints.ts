import type { AuditLog } from '../audit-log.js';
import type { Head } from './chain.js';
import type { CheckpointStore } from './checkpoint-store.js';

const watchMs = 1000;
const everyMs = 10_000;
const everyEvents = 10_000;
/** After so many, those that are no longer needed are taken away. */
const keptBetweenPrunings = 100;

/**
 * Keeps the chain's head in the database: every ten seconds in which something was recorded, every 10,000 events, and
 * at an orderly end. A record that is cut behind the newest of them is found.
 */
export class Checkpoints {
  private newest = 0;
  private keptCount = 0;
  private takenAtMs = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private taking: Promise<Head> | undefined;

  constructor(
    private readonly store: CheckpointStore,
    private readonly log: AuditLog,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      const isDue = performance.now() - this.takenAtMs >= everyMs;
      if (isDue || this.log.head.sequence - this.newest >= everyEvents) this.take().catch(this.onError);
    }, watchMs);
    this.timer.unref();
  }

  /** Keeps the present head, once the record is on the disk up to there; what is kept can't be lost with the power. */
  take(): Promise<Head> {
    this.taking ??= this.takeNow().finally(() => (this.taking = undefined));
    return this.taking;
  }

  /** The newest first. */
  list(): Promise<Head[]> {
    return this.store.list();
  }

  /** For an orderly end, once the record is closed. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    try {
      await this.taking;
      await this.keep(this.log.head);
      await this.store.prune();
    } catch (error) {
      this.onError(error);
    }
  }

  private async takeNow(): Promise<Head> {
    const { head } = this.log;
    this.takenAtMs = performance.now();
    if (head.sequence > this.newest) {
      await this.log.sync();
      await this.keep(head);
    }
    return head;
  }

  private async keep(head: Head): Promise<void> {
    if (head.sequence <= this.newest) return;
    await this.store.add(head, Date.now());
    this.newest = head.sequence;
    if (++this.keptCount % keptBetweenPrunings === 0) await this.store.prune();
  }
}
