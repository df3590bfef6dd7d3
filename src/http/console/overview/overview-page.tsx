import type { AccessKeyDto, AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import { Badge } from '../components/badge.js';
import { LatePart, OwnPart } from '../components/late-part.js';
import { Distance } from '../components/moment.js';
import { usePage } from '../page.js';
import { recordTexts } from '../record/record.texts.js';
import { DecisionsCard } from './decisions-card.js';
import { NodesCard } from './nodes-card.js';
import { overviewTexts } from './overview.texts.js';
import { mostKeys, type LatePartName, type Overview } from './read-overview.js';
import type { SpanName } from './spans.js';

const shownKeys = 5;

export interface OverviewPageProps {
  overview: Overview;
  span: SpanName;
}

/** What the root user looks at first. Each number leads to what is behind it. */
export function OverviewPage({ overview, span }: OverviewPageProps) {
  const texts = usePage().t(overviewTexts);
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
      </div>
      <Part part="decisions" {...{ overview, span }} />
      <div class="cards">
        <Part part="endSoon" {...{ overview, span }} />
        <Part part="neverUsed" {...{ overview, span }} />
        <Part part="alerts" {...{ overview, span }} />
        <section class="card">
          <h2>{texts.doctor}</h2>
          {/* The doctor looks at every key: the page does not wait for him. */}
          <p class="figure" data-loads="/console/doctor" data-part="finding-count">
            <a href="/console/doctor">{texts.look}</a>
          </p>
        </section>
      </div>
      <NodesCard nodes={overview.nodes} />
    </>
  );
}

/** One part on a page of its own. */
export function PartPage({ part, overview }: { part: LatePartName; overview: Partial<Overview> }) {
  const texts = usePage().t(overviewTexts);
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
        <a href="/console">{texts.whole}</a>
      </div>
      <OwnPart part={part}>
        <PartContent {...{ part, overview }} />
      </OwnPart>
    </>
  );
}

function Part({ part, overview, span }: OverviewPageProps & { part: LatePartName }) {
  const texts = usePage().t(overviewTexts);
  const path = `/console/overview/${part}?span=${span}`;
  if (overview[part] === undefined) return <LatePart {...{ part, path, title: texts[part] }} />;
  return (
    <OwnPart part={part}>
      <PartContent {...{ part, overview }} />
    </OwnPart>
  );
}

function PartContent({ part, overview }: { part: LatePartName; overview: Partial<Overview> }) {
  const { decisions, endSoon, neverUsed, alerts } = overview;
  if (part === 'decisions') return decisions === undefined ? null : <DecisionsCard decisions={decisions} />;
  if (part === 'alerts') return alerts === undefined ? null : <AlertsCard alerts={alerts} />;
  const keys = part === 'endSoon' ? endSoon : neverUsed;
  return keys === undefined ? null : <KeysCard part={part} keys={keys} />;
}

const keyListPaths = {
  endSoon: '/console/keys?end=soon&state=active',
  neverUsed: '/console/keys?use=never&state=active',
} as const;

function KeysCard({ part, keys }: { part: 'endSoon' | 'neverUsed'; keys: AccessKeyPageDto }) {
  const texts = usePage().t(overviewTexts);
  const { items, next } = keys;
  const count = next === null ? String(items.length) : texts.atLeast(mostKeys);
  return (
    <>
      <h2>{texts[part]}</h2>
      <p class="figure">
        <a href={keyListPaths[part]}>{items.length === 0 ? texts.none : count}</a>
      </p>
      <KeyLines items={items.slice(0, shownKeys)} />
    </>
  );
}

function KeyLines({ items }: { items: readonly AccessKeyDto[] }) {
  const texts = usePage().t(overviewTexts);
  if (items.length === 0) return null;
  return (
    <ul class="lines">
      {items.map(({ accessKeyId, user, expiresAt }) => (
        <li key={accessKeyId}>
          <a href={`/console/keys/${accessKeyId}`}>
            <code>{accessKeyId}</code>
          </a>{' '}
          <span class="muted">
            <bdi>{user}</bdi>
            {expiresAt !== null && (
              <>
                {', '}
                {texts.ends} <Distance at={expiresAt} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function AlertsCard({ alerts: { items, next } }: { alerts: AuditEventPageDto }) {
  const { t } = usePage();
  const texts = t(overviewTexts);
  const { notes } = t(recordTexts);
  const count = next === null ? String(items.length) : texts.atLeast(items.length);
  return (
    <>
      <h2>{texts.alerts}</h2>
      <p class="figure">
        <a href="/console/record?type=alert">{items.length === 0 ? texts.none : count}</a>
      </p>
      {items.length > 0 && (
        <ul class="lines">
          {items.map(({ number, time, note }) => (
            <li key={number}>
              <a href={`/console/record/${String(number)}`}>
                {note !== null && note in notes ? notes[note as 'changed_outside'] : note}
              </a>{' '}
              {note === 'canary_used' && <Badge tone="bad">{texts.urgent}</Badge>}{' '}
              <span class="muted">
                <Distance at={time} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
