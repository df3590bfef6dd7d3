import type { AuditCountDto } from '../../administration/audit/audit-event.dto.js';
import { usePage } from '../page.js';
import { keyPageTexts } from './key-page.texts.js';

const [width, height, foot] = [720, 140, 18] as const;
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
  const most = Math.max(1, ...uses.map(({ allowed, denied }) => allowed + denied));
  const sum = (name: 'allowed' | 'denied'): number => uses.reduce((total, use) => total + use[name], 0);
  const label = texts.useOf(sum('allowed'), sum('denied'));
  const base = height - foot;
  const step = width / uses.length;
  const scale = (count: number): number => (count * (base - 14)) / most;
  return (
    <>
      <p>{label}</p>
      <svg class="chart" viewBox={`0 0 ${String(width)} ${String(height)}`} role="img" aria-label={label}>
        <line x1="0" x2={width} y1={base} y2={base} />
        {uses.map(({ day, allowed, denied }, index) => (
          <g key={day}>
            {allowed > 0 && <Bar kind="allow" {...{ index, step }} from={base} size={scale(allowed)} />}
            {denied > 0 && (
              <Bar kind="deny" {...{ index, step }} from={base - scale(allowed)} size={scale(denied)} />
            )}
          </g>
        ))}
        <text x="0" y={height - 4}>
          {uses[0]?.day}
        </text>
        <text x={width} y={height - 4} text-anchor="end">
          {uses.at(-1)?.day}
        </text>
        <text x="0" y="10">
          {most}
        </text>
      </svg>
      <UseTable uses={uses} />
    </>
  );
}

interface BarProps {
  kind: 'allow' | 'deny';
  index: number;
  step: number;
  from: number;
  size: number;
}

function Bar({ kind, index, step, from, size }: BarProps) {
  const shown = Math.max(size, 1);
  return (
    <rect
      class={kind}
      x={round(index * step)}
      y={round(from - shown)}
      width={round(step * 0.8)}
      height={round(shown)}
    />
  );
}

function round(value: number): string {
  return value.toFixed(1);
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
