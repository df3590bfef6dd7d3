const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const pattern = /^(\d{1,12})(ms|s|m|h|d|w)$/;
const longestMs = 36_525 * 86_400_000;

/** How a duration is written, for help and errors. `ms` is for settings. */
export const durationForm = 'a number with a unit (s, m, h, d or w), such as 90d';

/**
 * A duration such as `500ms`, `30s`, `5m`, `12h`, `90d` or `2w`: in options, in settings and over the API. A number
 * without a unit is none: one reader would take it for seconds, the next one for days.
 *
 * @returns milliseconds, or undefined when the text is no duration or longer than 100 years
 */
export function parseDurationMs(text: string): number | undefined {
  const ms = readMs(text);
  return ms !== undefined && ms <= longestMs ? ms : undefined;
}

/** Whether it would be a duration if it weren't longer than 100 years. */
export function isDurationTooLong(text: string): boolean {
  return (readMs(text) ?? 0) > longestMs;
}

function readMs(text: string): number | undefined {
  const match = pattern.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * (unitMs[match[2] ?? ''] ?? Number.NaN);
}
