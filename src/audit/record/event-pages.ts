import type { AuditEvent } from '../audit-event.js';
import type { AuditReader } from './audit-reader.js';
import { matches, queryOf, type EventFilter } from './event-filter.js';

/** An event with its place in the record. */
export type NumberedEvent = AuditEvent & { seq: number };

/** The place of an event, for going on behind it. */
export interface EventPlace {
  seq: number;
  /** Events before it were written up to then: it bounds the search. */
  timeMs: number;
}

/** Events that match, the newest first, from those before a place on. */
export async function* eventsBefore(
  reader: AuditReader,
  filter: EventFilter,
  place?: EventPlace,
): AsyncGenerator<NumberedEvent> {
  // Events are written in the order of their numbers; their times may be a little out of it.
  const slackMs = 60_000;
  const untilMs = Math.min(
    filter.untilMs ?? Infinity,
    place === undefined ? Infinity : place.timeMs + slackMs,
  );
  for await (const event of reader.search({ ...queryOf(filter), untilMs })) {
    const numbered = event as NumberedEvent;
    if (place !== undefined && numbered.seq >= place.seq) continue;
    if (matches(event, filter)) yield numbered;
  }
}

/**
 * Events that match and were recorded after a number, the oldest first.
 *
 * @param mostEvents - so many of the newest events are looked at; `isCut`: there were more
 */
export async function eventsSince(
  reader: AuditReader,
  filter: EventFilter,
  number: number,
  mostEvents: number,
): Promise<{ events: NumberedEvent[]; last: number; isCut: boolean }> {
  const events: NumberedEvent[] = [];
  let last = number;
  let left = mostEvents;
  // Without terms the end of the record is read and nothing else, however rare the events are that match.
  for await (const event of reader.search({ terms: [], sinceMs: -Infinity, untilMs: Infinity })) {
    const numbered = event as NumberedEvent;
    if (numbered.seq <= number) break;
    if (--left < 0) return { events: events.reverse(), last, isCut: true };
    last = Math.max(last, numbered.seq);
    if (matches(event, filter)) events.push(numbered);
  }
  return { events: events.reverse(), last, isCut: false };
}

export interface EventPage {
  events: NumberedEvent[];
  /** Behind which the next page begins; undefined: this is the last one. */
  last?: EventPlace;
}

/** @param limit - the most events in the page */
export async function pageOfEvents(
  reader: AuditReader,
  filter: EventFilter,
  limit: number,
  after: EventPlace | undefined,
): Promise<EventPage> {
  const events: NumberedEvent[] = [];
  for await (const event of eventsBefore(reader, filter, after)) {
    if (events.length === limit) return { events, last: placeOf(events, after) };
    events.push(event);
  }
  return { events };
}

/**
 * A change may be carried into the record long after its time, so its time says nothing of when the events before it
 * were written: only that of an event that is written at once does.
 */
function placeOf(events: readonly NumberedEvent[], after: EventPlace | undefined): EventPlace {
  const writtenMs = events
    .filter(({ type }) => type === 'decision' || type === 'result')
    .map(({ time }) => Date.parse(time));
  return {
    seq: events.at(-1)?.seq ?? 0,
    timeMs: Math.min(after?.timeMs ?? latest, Math.max(...writtenMs, 0) || latest),
  };
}

/** Beyond any time that an event has; a cursor holds whole numbers. */
const latest = Number.MAX_SAFE_INTEGER;
