import type { AuditReader } from '../../../audit/record/audit-reader.js';
import { matches, queryOf } from '../../../audit/record/event-filter.js';
import type { NumberedEvent } from '../../../audit/record/event-pages.js';
import type { EventQuestion } from './event-options.js';

/** Times of events may be a little out of the order of their numbers. */
const slackMs = 60_000;
/** So many events are looked at for one whose time says when it was written. */
const probes = 50;

/**
 * Events that are asked for, as they are found: the newest first, at most as many as the limit says. With `after` it is
 * those nearest to that number, so they come when all are found.
 *
 * @param signal - aborted when nobody waits for them any more
 */
export async function* searchEvents(
  reader: AuditReader,
  { filter, limit, before, after = 0 }: EventQuestion,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  const untilMs = Math.min(
    filter.untilMs ?? Infinity,
    before === undefined ? Infinity : await writtenBefore(reader, before),
  );
  const nearest: NumberedEvent[] = [];
  let found = 0;
  for await (const event of reader.search({ ...queryOf(filter), untilMs })) {
    if (signal.aborted) return;
    const numbered = event as NumberedEvent;
    if (numbered.seq <= after) break;
    if (numbered.seq >= (before ?? Infinity) || !matches(event, filter)) continue;
    if (after > 0) {
      nearest.push(numbered);
      if (nearest.length > limit) nearest.shift();
    } else {
      yield numbered;
      if (++found >= limit) return;
    }
  }
  yield* nearest;
}

/** Whether an event of the whole record has that in it. */
export async function isInRecord(
  reader: AuditReader,
  filter: EventQuestion['filter'],
  signal: AbortSignal,
): Promise<boolean> {
  for await (const event of reader.search(queryOf(filter))) {
    if (signal.aborted) return true;
    if (matches(event, filter)) return true;
  }
  return false;
}

/** A time that no event before that number is later than: that of a decision or a result, which are written at once. */
async function writtenBefore(reader: AuditReader, number: number): Promise<number> {
  for (let next = number; next < number + probes; next++) {
    const event = await reader.find(next);
    if (event === undefined) return Infinity;
    if (event.type === 'decision' || event.type === 'result') return Date.parse(event.time) + slackMs;
  }
  return Infinity;
}
