import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';

const width = 720;
const height = 120;
const labels = 6;

/** What was decided in one piece of a period. */
export interface Piece {
  fromMs: number;
  allowed: number;
  denied: number;
}

interface RequestChartProps {
  pieces: readonly Piece[];
  /** What the picture says, in words. */
  label: string;
  axisText: (fromMs: number) => string;
}

/** Bars of what was allowed and denied, as SVG; the numbers stand beside it as text. */
export function RequestChart({ pieces, label, axisText }: RequestChartProps) {
  const { language, t } = usePage();
  const number = new Intl.NumberFormat(language);
  const { allowed, denied } = t(layoutTexts);
  const most = Math.max(1, ...pieces.map(({ allowed, denied }) => allowed + denied));
  const step = width / pieces.length;
  const every = Math.ceil(pieces.length / labels);
  // The bars are stretched to the width there is; text would be stretched with them.
  return (
    <div class="chart">
      <p class="legend" aria-hidden="true">
        <span>{allowed}</span>
        <span class="deny">{denied}</span>
      </p>
      <p class="most">{number.format(most)}</p>
      <svg
        viewBox={`0 0 ${String(width)} ${String(height)}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {pieces.map((piece, place) => (
          <Bar key={piece.fromMs} {...{ piece, most, step, x: place * step }} />
        ))}
      </svg>
      <p class="axis" aria-hidden="true">
        {pieces
          .filter((_, place) => place % every === 0)
          .map(({ fromMs }) => (
            <span key={fromMs}>{axisText(fromMs)}</span>
          ))}
      </p>
    </div>
  );
}

interface BarProps {
  piece: Piece;
  most: number;
  step: number;
  x: number;
}

function Bar({ piece: { fromMs, allowed, denied }, most, step, x }: BarProps) {
  // Few are not none.
  const tall = (count: number): number => (count === 0 ? 0 : Math.max(1.5, (count / most) * height));
  const [allowHeight, denyHeight] = [tall(allowed), tall(denied)];
  const size = { x: round(x + step * 0.1), width: round(step * 0.8) };
  return (
    <g>
      <title>{`${new Date(fromMs).toISOString().slice(0, 16).replace('T', ' ')} UTC: ${String(allowed)} / ${String(denied)}`}</title>
      {allowed > 0 && (
        <rect class="allow" {...size} y={round(height - allowHeight)} height={round(allowHeight)} />
      )}
      {denied > 0 && (
        <rect
          class="deny"
          {...size}
          y={round(height - allowHeight - denyHeight)}
          height={round(denyHeight)}
        />
      )}
    </g>
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
