import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AuditLog } from '../../../audit/audit-log.js';
import { AuditReader } from '../../../audit/record/audit-reader.js';
import type { EventFilter } from '../../../audit/record/event-filter.js';
import { eventsSince } from '../../../audit/record/event-pages.js';
import { Problem } from '../problem.js';
import { showEvent } from './audit-event-view.js';

export const eventStreamType = 'text/event-stream';

const everyMs = 1000;
/** A client that is gone is noticed when it is written to. */
const quietRounds = 15;
/** More in a second than somebody can follow; reading them all would take time from decisions. */
const mostEvents = 1000;
const mostStreams = 100;

/**
 * Audit events as server-sent events, while they are recorded.
 *
 * A stream asks in every round whether its caller is still allowed, and ends where he is not. That question records
 * nothing unless it is denied, the record is read only when its newest number has changed, and reading it is part of
 * the one operation that was recorded when the stream began: so a stream adds nothing to what it follows.
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private count = 0;

  constructor(
    @Inject(AuditLog) private readonly log: AuditLog,
    @Inject(AuditReader) private readonly reader: AuditReader,
  ) {}

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /**
   * @param after - the number of the newest event that the client knows; undefined: only what is recorded from now on
   * @throws Problem 503
   */
  open(
    filter: EventFilter,
    after: number | undefined,
    isStillAllowed: () => Promise<boolean>,
  ): AsyncGenerator<string> {
    if (this.count >= mostStreams)
      throw new Problem({ status: 503, reason: 'overloaded', detail: 'Too many streams are open' });
    // A number that is not there yet is of another node, or of a record that is gone.
    const newest = this.log.head.sequence;
    return this.follow(filter, Math.min(after ?? newest, newest), isStillAllowed);
  }

  private async *follow(
    filter: EventFilter,
    after: number,
    isStillAllowed: () => Promise<boolean>,
  ): AsyncGenerator<string> {
    this.count++;
    try {
      yield 'retry: 3000\n\n';
      let last = after;
      for (let quiet = 0; ; quiet++) {
        const isNews = this.log.head.sequence !== last;
        const found = isNews ? await eventsSince(this.reader, filter, last, mostEvents) : undefined;
        // After the reading: who lost the permission meanwhile gets none of it.
        if (!(await isStillAllowed())) return;
        if (found !== undefined) {
          last = found.last;
          if (found.isCut) yield 'event: gap\ndata: {}\n\n';
          for (const event of found.events)
            yield `id: ${String(event.seq)}\ndata: ${JSON.stringify(showEvent(event))}\n\n`;
          if (found.isCut || found.events.length > 0) quiet = 0;
        }
        if (quiet === quietRounds) {
          yield ':\n\n';
          quiet = 0;
        }
        await sleep(everyMs, undefined, { signal: this.stopping.signal });
      }
    } catch (error) {
      if (!this.stopping.signal.aborted) throw error;
    } finally {
      this.count--;
    }
  }
}
