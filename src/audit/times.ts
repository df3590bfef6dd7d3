let instant = { ms: NaN, text: '', second: NaN, secondText: '' };
let stamp = { second: NaN, text: '' };

/** ISO 8601 with milliseconds, UTC. Many decisions fall into one millisecond, and more into one second: both are kept. */
export function formatInstant(timeMs: number): string {
  if (instant.ms === timeMs) return instant.text;
  const second = Math.floor(timeMs / 1000);
  let { secondText } = instant;
  if (second !== instant.second) secondText = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
  const text = `${secondText}${String(Math.floor(timeMs) - second * 1000).padStart(3, '0')}Z`;
  instant = { ms: timeMs, text, second, secondText };
  return text;
}

/** YYYY-MM-DD HH:MM:SS in the zone of the machine; the newest text is kept. */
export function formatStamp(timeMs: number): string {
  const second = Math.floor(timeMs / 1000);
  if (stamp.second !== second) stamp = { second, text: `${formatDate(timeMs)} ${formatTime(timeMs)}` };
  return stamp.text;
}

/** YYYY-MM-DD in the zone of the machine, as Hestia shows dates. */
export function formatDate(timeMs: number): string {
  const date = new Date(timeMs);
  return [String(date.getFullYear()).padStart(4, '0'), two(date.getMonth() + 1), two(date.getDate())].join(
    '-',
  );
}

/** HH:MM:SS in the zone of the machine. */
export function formatTime(timeMs: number): string {
  const date = new Date(timeMs);
  return [two(date.getHours()), two(date.getMinutes()), two(date.getSeconds())].join(':');
}

/** ISO 8601 in the zone of the machine, with its offset: `2026-01-31T12:00:00+01:00`. */
export function formatLocal(timeMs: number): string {
  const minutes = -new Date(timeMs).getTimezoneOffset();
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${formatDate(timeMs)}T${formatTime(timeMs)}${offset}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
