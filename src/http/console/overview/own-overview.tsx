import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import { keyListTexts } from '../access-keys/key-list.texts.js';
import { stateTones } from '../access-keys/key-list.js';
import { Badge } from '../components/badge.js';
import { Empty } from '../components/empty.js';
import { Distance } from '../components/moment.js';
import { usePage } from '../page.js';
import { EventRows } from '../record/record-page.js';
import { overviewTexts } from './overview.texts.js';

interface OwnOverviewProps {
  keys: AccessKeyPageDto;
  events: AuditEventPageDto;
}

/** Of a user: his keys and what was done in his name last. */
export function OwnOverview({ keys, events }: OwnOverviewProps) {
  const { t } = usePage();
  const texts = t(overviewTexts);
  const keyTexts = t(keyListTexts);
  return (
    <>
      <div class="title-row">
        <h1>{texts.own.title}</h1>
      </div>
      <section class="card">
        <h2>{texts.own.keys}</h2>
        {keys.items.length === 0 && <Empty title={texts.own.noKeys} />}
        <ul class="lines">
          {keys.items.map(({ accessKeyId, comment, state, lastUse }) => (
            <li key={accessKeyId}>
              <a href={`/console/keys/${accessKeyId}`}>
                <code>{accessKeyId}</code>
              </a>{' '}
              <Badge tone={stateTones[state]}>{keyTexts.states[state]}</Badge> <bdi>{comment}</bdi>{' '}
              <span class="muted">
                {lastUse === null ? keyTexts.neverUsed : <Distance at={lastUse.at} />}
              </span>
            </li>
          ))}
        </ul>
        <p>
          <a href="/console/keys">{texts.moreKeys}</a>
        </p>
      </section>
      <section>
        <h2>{texts.own.events}</h2>
        <EventRows items={events.items} caption={texts.own.events} />
        <p>
          <a href="/console/record">{texts.moreEvents}</a>
        </p>
      </section>
    </>
  );
}
