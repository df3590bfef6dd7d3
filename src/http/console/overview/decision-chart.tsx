import { RequestChart } from '../components/request-chart.js';
import { usePage } from '../page.js';
import { overviewTexts } from './overview.texts.js';
import type { Decisions } from './read-overview.js';

/** The decisions of the chosen period. */
export function DecisionChart({ decisions: { allowed, denied, pieces, span } }: { decisions: Decisions }) {
  const { t, language } = usePage();
  const number = new Intl.NumberFormat(language);
  const label = t(overviewTexts).chart(number.format(allowed), number.format(denied));
  return <RequestChart {...{ pieces, label }} axisText={(ms) => axisText(ms, span)} />;
}

/** In UTC, as the pieces are cut. */
function axisText(ms: number, span: Decisions['span']): string {
  const text = new Date(ms).toISOString();
  return span === 'month' ? text.slice(5, 10) : text.slice(11, 16);
}
