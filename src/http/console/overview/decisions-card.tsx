import { usePage } from '../page.js';
import { reasonText } from '../record/reason-text.js';
import { reasonsTexts } from '../record/reasons.texts.js';
import { DecisionChart } from './decision-chart.js';
import { overviewTexts } from './overview.texts.js';
import type { Decisions } from './read-overview.js';
import { spans, type SpanName } from './spans.js';

/** How much was allowed and denied in a time, and why. */
export function DecisionsCard({ decisions }: { decisions: Decisions }) {
  const { t, language } = usePage();
  const texts = t(overviewTexts);
  const { allowed, denied, span } = decisions;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const { pieceMs, pieces } = spans[span];
  const minutes = (pieceMs * pieces) / 60_000;
  const events = (outcome: string): string => eventsPath(decisions, { outcome });
  return (
    <>
      <div class="title-row">
        <h2>{texts.decisions}</h2>
        <SpanTabs current={span} />
      </div>
      <p class="figures">
        <a href={events('allow')}>
          <span class="figure">{number.format(allowed)}</span> {texts.allowed}
        </a>
        <a href={events('deny')}>
          <span class="figure">{number.format(denied)}</span> {texts.denied}
        </a>
        <span>
          <span class="figure">{number.format((allowed + denied) / minutes)}</span> {texts.perMinute}
        </span>
      </p>
      {allowed + denied === 0 ? (
        <p class="muted">{texts.noDecisions}</p>
      ) : (
        <>
          <DecisionChart decisions={decisions} />
          <Reasons decisions={decisions} />
        </>
      )}
    </>
  );
}

function SpanTabs({ current }: { current: SpanName }) {
  const { t } = usePage();
  const texts = t(overviewTexts);
  return (
    <nav class="tabs" aria-label={texts.span}>
      {Object.entries(texts.spans).map(([name, text]) => (
        <a
          key={name}
          href={`/console?all=1&span=${name}`}
          aria-current={name === current ? 'true' : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}

function Reasons({ decisions }: { decisions: Decisions }) {
  const { t, language } = usePage();
  const texts = t(overviewTexts);
  const reasons = t(reasonsTexts);
  const number = new Intl.NumberFormat(language);
  if (decisions.reasons.length === 0) return <p class="muted">{texts.noneDenied}</p>;
  return (
    <table>
      <caption>{texts.byReason}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.reason}</th>
          <th scope="col" class="number">
            {texts.count}
          </th>
        </tr>
      </thead>
      <tbody>
        {decisions.reasons.map(({ reason, count }) => (
          <tr key={reason}>
            <th scope="row">
              <a href={eventsPath(decisions, { outcome: 'deny', reason })}>
                {reasonText(reasons, reason)?.[0] ?? reason}
              </a>
            </th>
            <td class="number">{number.format(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function eventsPath({ since }: Decisions, more: Record<string, string>): string {
  const query = new URLSearchParams({ actor: 'programs', type: 'decision', since, ...more });
  return `/console/record?${query.toString()}`;
}
