import type { AuditCountDto } from '../../administration/audit/audit-event.dto.js';
import { RequestChart } from '../components/request-chart.js';
import { usePage } from '../page.js';
import { keyPageTexts } from './key-page.texts.js';

const dayMs = 86_400_000;

export interface DayUse {
  /** `2026-11-28` */
  day: string;
  allowed: number;
  denied: number;
}

/** @param counts - by outcome, for each day; days without a request are left out of them */
export function useByDay(counts: readonly AuditCountDto[], days: number, nowMs: number): DayUse[] {
  const of = (day: string, outcome: string): number =>
    counts.find(({ value, from = '' }) => value === outcome && from.startsWith(day))?.count ?? 0;
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(nowMs - (days - 1 - index) * dayMs).toISOString().slice(0, 10);
    return { day, allowed: of(day, 'allow'), denied: of(day, 'deny') };
  });
}

/** Requests for each day, allowed and denied ones on top of each other; the same as a table below. */
export function UseChart({ uses }: { uses: readonly DayUse[] }) {
  const texts = usePage().t(keyPageTexts);
  const sum = (name: 'allowed' | 'denied'): number => uses.reduce((total, use) => total + use[name], 0);
  const label = texts.useOf(sum('allowed'), sum('denied'));
  const pieces = uses.map(({ day, allowed, denied }) => ({ fromMs: Date.parse(day), allowed, denied }));
  return (
    <>
      <p>{label}</p>
      <RequestChart {...{ pieces, label }} axisText={(ms) => new Date(ms).toISOString().slice(5, 10)} />
      <UseTable uses={uses} />
    </>
  );
}

function UseTable({ uses }: { uses: readonly DayUse[] }) {
  const texts = usePage().t(keyPageTexts);
  const used = uses.filter(({ allowed, denied }) => allowed + denied > 0);
  if (used.length === 0) return null;
  return (
    <details>
      <summary>{texts.asTable}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.day}</th>
            <th scope="col">{texts.allowed}</th>
            <th scope="col">{texts.denied}</th>
          </tr>
        </thead>
        <tbody>
          {used.map(({ day, allowed, denied }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>{allowed}</td>
              <td>{denied}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
