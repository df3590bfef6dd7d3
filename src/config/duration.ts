const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A duration such as `500ms`, `30s`, `5m`, `12h` or `90d`; a bare number means seconds.
 *
 * @returns milliseconds, or undefined when the text is no duration or longer than 100 years
 */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d{1,12})(ms|s|m|h|d)?$/.exec(text.trim());
  if (match === null) return undefined;
  const ms = Number(match[1]) * (unitMs[match[2] ?? 's'] ?? Number.NaN);
  return ms <= 36_525 * 86_400_000 ? ms : undefined;
}
