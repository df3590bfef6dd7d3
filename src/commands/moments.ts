import { formatLocal } from '../audit/times.js';
import { invalid } from '../errors.js';

const unitMs: Readonly<Record<string, number>> = {
  ...{ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 },
};
const duration = /^([1-9]\d{0,8})([smhdw])$/;
const date = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)?)?$/;

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
  const [, count, unit] = duration.exec(text) ?? [];
  if (count !== undefined) return { ms: nowMs - Number(count) * (unitMs[unit ?? ''] ?? NaN), isBare: false };
  const [, year, month, day, hours, minutes, seconds = '0', fraction = '', offset] = date.exec(text) ?? [];
  if (year === undefined) throw notMoment(text);
  const clock = [hours ?? '0', minutes ?? '0', seconds, fraction.padEnd(3, '0')].map(Number);
  const fields = [Number(year), Number(month) - 1, Number(day), ...clock];
  if (!isCalendar(fields)) throw notMoment(text);
  if (offset !== undefined) return { ms: utc(fields) - offsetMs(offset), isBare: false };
  const ms = local(fields);
  if (Number.isNaN(ms)) throw invalid(`${text} is no time here: the clocks were put forward then`);
  if (hours !== undefined || edge === 'first') return { ms, isBare: true };
  return { ms: local(fields.with(2, Number(day) + 1), false) - 1, isBare: true };
}

/** `2026-01-31T12:00:00+01:00 (Europe/Berlin)`: how a moment was understood. */
export function tellMoment(ms: number): string {
  return `${formatLocal(ms)} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
}

function notMoment(text: string): Error {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return invalid(
    `${shown} is neither a length of time (90s, 30m, 1h, 7d, 2w) nor a date (2026-01-31, 2026-01-31T12:00, 2026-01-31T12:00+01:00)`,
  );
}

function isCalendar(fields: readonly number[]): boolean {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = fields;
  const known = new Date(utc(fields));
  return (
    known.getUTCFullYear() === year &&
    known.getUTCMonth() === month &&
    known.getUTCDate() === day &&
    known.getUTCHours() === hours &&
    known.getUTCMinutes() === minutes &&
    known.getUTCSeconds() === seconds
  );
}

function utc([year = 0, month = 0, ...rest]: readonly number[]): number {
  return Date.UTC(year, month, ...rest);
}

/** @returns NaN for a time that clocks in this zone skipped, if that matters */
function local(fields: readonly number[], isExact = true): number {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = fields;
  const moment = new Date(year, month, day, hours, minutes, seconds, ms);
  // A day can begin at 01:00 where clocks are put forward at midnight.
  const isMidnight = hours === 0 && minutes === 0 && seconds === 0;
  const isThere = moment.getHours() === hours && moment.getMinutes() === minutes;
  return isThere || !isExact || isMidnight ? moment.getTime() : NaN;
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
