import type { AuditLog, NewAuditEvent } from './audit-log.js';
import type { AuditReader } from './audit-reader.js';
import { outboxPage, type OutboxStore } from './outbox-store.js';

/**
 * Carries the events of changes, which commit together with the change, over into the audit record. What a kill left
 * behind is carried over at the next start; an event that the record has already is not written again.
 */
export class OutboxRelay {
  private running: Promise<void> | undefined;
  private isWanted = false;
  private readonly carried = new Set<string>();
  private deleting: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: OutboxStore,
    private readonly log: AuditLog,
    private readonly reader: AuditReader,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Resolves when every event that was committed before the call is in the record. */
  async relay(): Promise<void> {
    this.isWanted = true;
    while (this.isWanted || this.running !== undefined) {
      this.running ??= this.relayOnce().finally(() => (this.running = undefined));
      await this.running;
    }
  }

  /** At start: the kill may have come between the record and the outbox. */
  async relayLeftovers(): Promise<void> {
    const leftovers = await this.store.list();
    if (leftovers.length === 0) return;
    const known = new Set<string>();
    for await (const event of this.reader.newestFirst(10_000)) known.add(event.id);
    await this.store.delete(leftovers.map((item) => item.id).filter((id) => known.has(id)));
    await this.relay();
  }

  private async relayOnce(): Promise<void> {
    this.isWanted = false;
    const items = (await this.store.list()).filter(({ id }) => !this.carried.has(id));
    if (items.length === 0) return;
    await Promise.all(
      items.map(({ id, event }) => this.log.append({ ...(JSON.parse(event) as NewAuditEvent), id })),
    );
    for (const { id } of items) this.carried.add(id);
    this.deleting = this.deleting.then(() => this.deleteCarried()).catch(this.onError);
    this.isWanted ||= items.length === outboxPage;
  }

  /** Nobody waits for this: a row that stays behind is known by its ID, here and after a restart. */
  private async deleteCarried(): Promise<void> {
    const ids = [...this.carried];
    await this.store.delete(ids);
    for (const id of ids) this.carried.delete(id);
  }

  /** Resolves when nothing is left to be deleted; for an orderly end. */
  async idle(): Promise<void> {
    await this.deleting;
  }
}
