import { usePage } from '../page.js';

/**
 * A moment, in UTC; the script shows it in the reader's zone, with UTC as the title.
 *
 * @param at - ISO 8601
 * @param isExact - to the second
 */
export function Moment({ at, isExact = false }: { at: string; isExact?: boolean }) {
  const text = utcText(at, isExact ? 19 : 16);
  return (
    <time class={isExact ? 'moment exact' : 'moment'} dateTime={at} title={text}>
      {text}
    </time>
  );
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** How far away a moment is: "in 3 days", "2 hours ago". The moment itself is the title. */
export function Distance({ at, nowMs = Date.now() }: { at: string; nowMs?: number }) {
  const { language } = usePage();
  const ms = Date.parse(at) - nowMs;
  const [unit, length] = units.find(([, length]) => Math.abs(ms) >= length) ?? (['second', 1000] as const);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return (
    <time dateTime={at} title={utcText(at)}>
      {format.format(Math.round(ms / length), unit)}
    </time>
  );
}

/** @param length - of ISO 8601: 16 ends with minutes */
export function utcText(at: string, length = 16): string {
  return `${new Date(at).toISOString().slice(0, length).replace('T', ' ')} UTC`;
}
