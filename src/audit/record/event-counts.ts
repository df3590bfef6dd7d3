import { actorName, type AuditEvent } from '../audit-event.js';
import type { AuditReader } from './audit-reader.js';
import { matches, queryOf, type EventFilter } from './event-filter.js';

export const countedBy = ['accessKeyId', 'user', 'clientAddress', 'command', 'reason', 'outcome'] as const;
export type CountedBy = (typeof countedBy)[number];

export interface EventCount {
  value: string;
  /** Where the interval begins; undefined: there are no intervals. */
  fromMs?: number;
  count: number;
}

/** Of different values; those beyond are counted together, as `…`. */
const mostValues = 1000;

/**
 * Decisions that match, counted by one of their members.
 *
 * @param intervalMs - counted apart for each interval of that length, from 1970 on in UTC
 * @returns the largest counts first; with intervals, in their order
 */
export async function countEvents(
  reader: AuditReader,
  filter: EventFilter,
  by: CountedBy,
  intervalMs: number | undefined,
): Promise<EventCount[]> {
  const wanted = { ...filter, type: 'decision' };
  const counts = new Map<string, EventCount>();
  for await (const event of reader.search(queryOf(wanted))) {
    if (!matches(event, wanted)) continue;
    const fromMs = intervalMs && Math.floor(Date.parse(event.time) / intervalMs) * intervalMs;
    const value = valueOf(event, by);
    const place = `${String(fromMs)} ${value}`;
    const isFull = counts.size >= mostValues && !counts.has(place);
    const key = isFull ? `${String(fromMs)} …` : place;
    const known = counts.get(key) ?? {
      value: isFull ? '…' : value,
      ...(fromMs !== undefined && { fromMs }),
      count: 0,
    };
    known.count += event.count ?? 1;
    counts.set(key, known);
  }
  return [...counts.values()].sort(
    (one, other) => (one.fromMs ?? 0) - (other.fromMs ?? 0) || other.count - one.count,
  );
}

function valueOf(event: AuditEvent, by: CountedBy): string {
  if (by === 'accessKeyId')
    return event.actor.kind === 'access_key' ? event.actor.accessKeyId : actorName(event.actor);
  if (by === 'user') return 'user' in event.actor ? (event.actor.user ?? '') : event.actor.kind;
  return event[by] ?? '';
}
