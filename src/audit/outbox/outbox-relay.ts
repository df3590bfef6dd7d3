import type { NewAuditEvent } from '../audit-event.js';
import type { AuditLog } from '../audit-log.js';
import type { AuditReader } from '../record/audit-reader.js';
import { outboxPage, type OutboxStore } from './outbox-store.js';

/** How long to wait before a record that can't be written is tried again. */
const retryMs = 1000;
/** How far back the record is searched for what a kill left in the store. */
const searchedEvents = 100_000;

/**
 * Carries the events of changes, which commit together with the change, over into the audit record. What a kill left
 * behind is carried over at the next start; an event that the record has already is not written again.
 */
export class OutboxRelay {
  private running: Promise<void> | undefined;
  /** Each call of `relay` takes the next number; what it waits for is in the record once `relayedCall` is there. */
  private lastCall = 0;
  private relayedCall = 0;
  private retry: NodeJS.Timeout | undefined;
  private readonly carried = new Set<string>();
  /** Deleted by now; a reading that began before that may still show them. */
  private readonly deleted = new Set<string>();
  private deleting: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: OutboxStore,
    private readonly log: AuditLog,
    private readonly reader: AuditReader,
    private readonly onError: (error: unknown) => void,
  ) {}

  /**
   * Resolves when every event that was committed before the call is in the record. Where the record can't be written
   * the events are safe in the store: the change stands, and they are carried over as soon as it can be again.
   */
  async relay(): Promise<void> {
    const call = ++this.lastCall;
    try {
      while (this.relayedCall < call) {
        this.running ??= this.relayAll().finally(() => (this.running = undefined));
        await this.running;
      }
    } catch (error) {
      this.onError(error);
      this.retry ??= setTimeout(() => {
        this.retry = undefined;
        void this.relay();
      }, retryMs).unref();
    }
  }

  /** How many are not known to be in the record yet. */
  countWaiting(): Promise<number> {
    return this.store.count();
  }

  /** At start: the kill may have come between the record and the outbox. */
  async relayLeftovers(): Promise<void> {
    const leftover = new Set(await this.store.listIds());
    if (leftover.size === 0) return;
    const known: string[] = [];
    for await (const { id } of this.reader.newestFirst(searchedEvents)) if (leftover.has(id)) known.push(id);
    await this.store.delete(known);
    await this.relay();
  }

  private async relayAll(): Promise<void> {
    const call = this.lastCall;
    for (;;) {
      const gone = [...this.deleted];
      const page = await this.store.list();
      const items = page.filter(({ id }) => !this.carried.has(id) && !this.deleted.has(id));
      for (const id of gone) this.deleted.delete(id);
      await Promise.all(
        items.map(({ id, event }) => this.log.append({ ...(JSON.parse(event) as NewAuditEvent), id })),
      );
      for (const { id } of items) this.carried.add(id);
      this.deleting = this.deleting.then(() => this.deleteCarried()).catch(this.onError);
      if (items.length === 0 || page.length < outboxPage) break;
      await this.deleting; // else the next page would begin with what was carried already
    }
    this.relayedCall = call;
  }

  /** Nobody waits for this: a row that stays behind is known by its ID, here and after a restart. */
  private async deleteCarried(): Promise<void> {
    const ids = [...this.carried];
    await this.store.delete(ids);
    for (const id of ids) {
      this.carried.delete(id);
      this.deleted.add(id);
    }
  }

  /** Resolves when nothing is left to be deleted; for an orderly end. */
  async idle(): Promise<void> {
    clearTimeout(this.retry);
    await this.deleting;
  }
}
