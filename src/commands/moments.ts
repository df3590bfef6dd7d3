import { formatLocal } from '../audit/times.js';
import { parseDurationMs } from '../config/duration.js';
import { invalid } from '../errors.js';
import { readMoment } from '../text/moments.js';

const bareDate = /^\d{4}-\d\d-\d\d$/;
const named = /(Z|[+-]\d\d:\d\d)$/;

/** A moment as somebody gave it, and how it was understood. */
export interface Moment {
  ms: number;
  /** Whether the text named neither a zone nor a length of time: it was read in the service's own zone. */
  isBare: boolean;
}

/**
 * A moment in the past: a length of time before now (`1h`), or a date with or without a time. As in `auth.log`, one
 * without an offset (`+01:00`, `Z`) is in the zone of the service.
 *
 * @param edge - which end of its day a date without a time stands for
 * @throws AppError 2 also for a moment that there was not, when clocks were changed
 */
export function parseMoment(text: string, edge: 'first' | 'last', nowMs: number): Moment {
  const lengthMs = parseDurationMs(text);
  if (lengthMs !== undefined && lengthMs > 0) return { ms: nowMs - lengthMs, isBare: false };
  const read = readMoment(text, edge === 'first' ? 'start' : 'end');
  if ('problem' in read) throw read.problem === 'no_moment' ? notMoment(text) : noSuchTime(text);
  const isWholeDay = edge === 'last' && bareDate.test(text);
  return { ms: isWholeDay ? read.ms - 1 : read.ms, isBare: !named.test(text) };
}

/** `2026-01-31T12:00:00+01:00 (Europe/Berlin)`: how a moment was understood. */
export function tellMoment(ms: number): string {
  return `${formatLocal(ms)} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
}

function notMoment(text: string): Error {
  return invalid(
    `${text} is neither a length of time (90s, 30m, 1h, 7d, 2w) nor a date (2026-01-31, 2026-01-31T12:00, 2026-01-31T12:00+01:00)`,
  );
}

function noSuchTime(text: string): Error {
  return invalid(`there is no ${text} in the calendar, or the clocks were put forward over it`);
}
