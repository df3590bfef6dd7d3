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
