/** A moment as somebody typed it: what it is, or what is wrong with it. */
export type ReadMoment = { ms: number } | { problem: 'no_moment' | 'no_such_time' };

const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * A date (`2027-01-31`), or a date with a time and perhaps an offset (`2027-01-31T12:00`, `2027-01-31 12:00:30+01:00`).
 * Without an offset it is the time where the service is. A time that the clocks pass over there is none.
 *
 * @param dateAlone - which end of the day a date without a time stands for; `end` is the first moment after it
 */
export function readMoment(text: string, dateAlone: 'start' | 'end'): ReadMoment {
  const match = pattern.exec(text);
  if (match === null) return { problem: 'no_moment' };
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (!isDay(year, month, day)) return { problem: 'no_such_time' };
  if (match[4] === undefined)
    return { ms: local(year, month, dateAlone === 'end' ? day + 1 : day).getTime() };
  const [hour = 0, minute = 0, second = 0] = (match.slice(4, 7) as (string | undefined)[]).map((part) =>
    Number(part ?? 0),
  );
  if (hour > 23 || minute > 59 || second > 59) return { problem: 'no_such_time' };
  const [, fraction = '', offset] = match.slice(6) as (string | undefined)[];
  const fractionMs = Number(fraction.padEnd(3, '0'));
  if (offset !== undefined) {
    const ms = Date.parse(`${text.slice(0, 10)}T${two(hour)}:${two(minute)}:${two(second)}${offset}`);
    return Number.isNaN(ms) ? { problem: 'no_such_time' } : { ms: ms + fractionMs };
  }
  const date = local(year, month, day, hour, minute, second);
  // Where the clocks are put forward, Date takes a time that they pass over for another one.
  const isThere = date.getHours() === hour && date.getMinutes() === minute;
  return isThere ? { ms: date.getTime() + fractionMs } : { problem: 'no_such_time' };
}

/** For people: `2027-01-31 12:00:00 +01:00`, where the service is. */
export function formatMoment(ms: number): string {
  const date = new Date(ms);
  const day = [String(date.getFullYear()).padStart(4, '0'), two(date.getMonth() + 1), two(date.getDate())];
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two);
  const offset = -date.getTimezoneOffset();
  const size = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${day.join('-')} ${time.join(':')} ${zone}`;
}

function isDay(year: number, month: number, day: number): boolean {
  // Not Date.UTC, which takes the years 0 to 99 for those of the last century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function local(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Date {
  const date = new Date(2000, 0, 1, hour, minute, second);
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, minute, second);
  return date;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
