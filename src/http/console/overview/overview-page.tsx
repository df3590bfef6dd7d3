import type { AccessKeyDto, AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import { Distance } from '../components/moment.js';
import { usePage } from '../page.js';
import { recordTexts } from '../record/record.texts.js';
import { DecisionsCard } from './decisions-card.js';
import { NodesCard } from './nodes-card.js';
import { overviewTexts } from './overview.texts.js';
import { mostKeys, type Overview } from './read-overview.js';

const shownKeys = 5;

/** What the root user looks at first. Each number leads to what is behind it. */
export function OverviewPage({ overview }: { overview: Overview }) {
  const texts = usePage().t(overviewTexts);
  const { decisions, endSoon, neverUsed, alerts, nodes } = overview;
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
      </div>
      <DecisionsCard decisions={decisions} />
      <div class="cards">
        <KeysCard title={texts.endSoon} path="/console/keys?end=soon&state=active" keys={endSoon} />
        <KeysCard title={texts.neverUsed} path="/console/keys?use=never&state=active" keys={neverUsed} />
        <AlertsCard alerts={alerts} />
        <section class="card">
          <h2>{texts.doctor}</h2>
          {/* The doctor looks at every key: the page does not wait for him. */}
          <p class="figure" data-loads="/console/doctor" data-part="finding-count">
            <a href="/console/doctor">{texts.look}</a>
          </p>
        </section>
      </div>
      <NodesCard nodes={nodes} />
    </>
  );
}

function KeysCard({ title, path, keys }: { title: string; path: string; keys: AccessKeyPageDto }) {
  const texts = usePage().t(overviewTexts);
  const { items, next } = keys;
  const count = next === null ? String(items.length) : texts.atLeast(mostKeys);
  return (
    <section class="card">
      <h2>{title}</h2>
      <p class="figure">
        <a href={path}>{items.length === 0 ? texts.none : count}</a>
      </p>
      <KeyLines items={items.slice(0, shownKeys)} />
    </section>
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
          <bdi class="muted">{user}</bdi>
          {expiresAt !== null && (
            <span class="muted">
              {' '}
              {texts.ends} <Distance at={expiresAt} />
            </span>
          )}
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
    <section class="card">
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
              <span class="muted">
                <Distance at={time} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
