import { usePage } from '../page.js';

/**
 * A moment, in UTC; the script shows it in the reader's zone, with UTC as the title.
 *
 * @param at - ISO 8601
 */
export function Moment({ at }: { at: string }) {
  return (
    <time class="moment" dateTime={at} title={utcText(at)}>
      {utcText(at)}
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

export function utcText(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
