export type PeriodUnit = 'day' | 'week' | 'month';

const dayMs = 86_400_000;

/** A day, a week or a month of the calendar, in UTC. Days are texts such as `2026-11-29`, so that they sort as they follow. */
export interface Period {
  firstDay: string;
  lastDay: string;
  /** The first moment of the next one. */
  endsAtMs: number;
}

/** The day of a moment, in UTC. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** The period of that unit that a moment is in. A week begins on Monday (ISO 8601). */
export function periodOf(unit: PeriodUnit, timeMs: number): Period {
  const moment = new Date(timeMs);
  const [year, month] = [moment.getUTCFullYear(), moment.getUTCMonth()];
  const dayAtMs = Math.floor(timeMs / dayMs) * dayMs;
  if (unit === 'month') return between(Date.UTC(year, month), Date.UTC(year, month + 1));
  if (unit === 'day') return between(dayAtMs, dayAtMs + dayMs);
  const mondayMs = dayAtMs - ((moment.getUTCDay() + 6) % 7) * dayMs;
  return between(mondayMs, mondayMs + 7 * dayMs);
}

function between(beginsAtMs: number, endsAtMs: number): Period {
  return { firstDay: dayOf(beginsAtMs), lastDay: dayOf(endsAtMs - dayMs), endsAtMs };
}

/** The end of a period, which is midnight in UTC: `2026-12-01T00:00Z`. */
export function formatQuotaEnd(endsAtMs: number): string {
  return `${new Date(endsAtMs).toISOString().slice(0, 16)}Z`;
}
