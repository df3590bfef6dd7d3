let instant = { ms: 0, text: new Date(0).toISOString() };
let stamp = { second: NaN, text: '' };

/** ISO 8601 with milliseconds, UTC. Many decisions fall into one millisecond: the newest text is kept. */
export function formatInstant(timeMs: number): string {
  if (instant.ms !== timeMs) instant = { ms: timeMs, text: new Date(timeMs).toISOString() };
  return instant.text;
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

function two(value: number): string {
  return String(value).padStart(2, '0');
}
