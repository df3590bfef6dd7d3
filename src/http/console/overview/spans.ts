/** How far back the overview looks, and into which pieces the time is cut. */
export const spans = {
  hour: { interval: 'minute', pieceMs: 60_000, pieces: 60 },
  day: { interval: 'hour', pieceMs: 3_600_000, pieces: 24 },
  month: { interval: 'day', pieceMs: 86_400_000, pieces: 30 },
} as const;

export type SpanName = keyof typeof spans;

export function readSpan(text: string | null): SpanName {
  return text !== null && Object.hasOwn(spans, text) ? (text as SpanName) : 'hour';
}

/** The first moment of the oldest piece: pieces begin where those of REST v1 do. */
export function beginOf(name: SpanName, nowMs: number): number {
  const { pieceMs, pieces } = spans[name];
  return (Math.floor(nowMs / pieceMs) - pieces + 1) * pieceMs;
}
