import type { AuditEventDto, AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { Empty } from '../components/empty.js';
import { Pager, withQuery } from '../components/pager.js';
import { ProblemBox } from '../components/problem-box.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { EventRow } from './event-row.js';
import { RecordFilters } from './record-filters.js';
import { filterNames, withFilters } from './record-query.js';
import { recordTexts } from './record.texts.js';
import { Table } from '../components/table.js';

interface RecordPageProps {
  events: AuditEventPageDto;
  /** What is wrong with the filters; then there are no events. */
  problem?: ApiProblem | undefined;
}

/** A page of the record, with what narrows it. */
export function RecordPage({ events: { items, next }, problem }: RecordPageProps) {
  const { t, url, session } = usePage();
  const texts = t(recordTexts);
  const filters = url.searchParams;
  const isNarrowed = filterNames.some((name) => filters.has(name));
  const isEmpty = items.length === 0 && problem === undefined;
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
        <div class="actions">
          {session?.isRootUser === true && <a href="/console/record/verification">{texts.whole}</a>}
        </div>
      </div>
      <p class="muted">{texts.intro}</p>
      <RecordFilters problem={problem} />
      <div data-results>
        <RecordActions />
        <ProblemBox problem={problem} />
        {isEmpty && (
          <Empty title={isNarrowed ? texts.noMatch : texts.empty}>
            {isNarrowed && (
              <p>
                <a href={url.pathname}>{t(layoutTexts).clear}</a>
              </p>
            )}
          </Empty>
        )}
        {problem === undefined && <EventTable items={items} />}
        <Pager next={next} />
      </div>
    </>
  );
}

/** They take the filters along. */
function RecordActions() {
  const { t, url } = usePage();
  const texts = t(recordTexts);
  const isLive = url.searchParams.get('live') === '1';
  return (
    <div class="actions results-head">
      <a href={withQuery(url, { cursor: undefined })}>{texts.newer}</a>
      <a class="needs-script" href={withQuery(url, { cursor: undefined, live: isLive ? undefined : '1' })}>
        {isLive ? texts.stop : texts.follow}
      </a>
      <a href={withFilters('/console/record.csv', url.searchParams)}>{texts.csv}</a>
      {isLive && <span class="muted needs-script">{texts.following}</span>}
    </div>
  );
}

function EventTable({ items }: { items: readonly AuditEventDto[] }) {
  const { t, url } = usePage();
  const texts = t(recordTexts);
  const isLive = url.searchParams.get('live') === '1';
  if (items.length === 0 && !isLive) return null;
  const after = String(items[0]?.number ?? 0);
  const follows = withFilters('/console/record/live', url.searchParams, { after });
  return (
    <>
      {isLive && (
        <p class="notice warn" data-ended hidden role="status">
          {texts.ended} <a href={url.pathname + url.search}>{texts.again}</a>
        </p>
      )}
      <EventRows items={items} caption={texts.title} {...(isLive && { follows })} />
    </>
  );
}

interface EventRowsProps {
  items: readonly AuditEventDto[];
  caption: string;
  /** Where more rows come from. */
  follows?: string;
}

export function EventRows({ items, caption, follows }: EventRowsProps) {
  const { columns } = usePage().t(recordTexts);
  return (
    <Table label={caption} columns={Object.values(columns)} follows={follows} stacks>
      {items.map((event) => (
        <EventRow key={event.number} event={event} />
      ))}
    </Table>
  );
}
