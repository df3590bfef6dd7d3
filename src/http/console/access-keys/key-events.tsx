import type { AuditEventDto } from '../../administration/audit/audit-event.dto.js';
import { Moment } from '../components/moment.js';
import { Table } from '../components/table.js';
import { usePage } from '../page.js';
import { reasonText } from '../record/reason-text.js';
import { reasonsTexts } from '../record/reasons.texts.js';
import { keyPageTexts } from './key-page.texts.js';

/** Requests with the key that were denied lately, each with the way to why. */
export function KeyDenials({ events }: { events: readonly AuditEventDto[] }) {
  const { t } = usePage();
  const texts = t(keyPageTexts);
  if (events.length === 0) return <p>{texts.noDenials}</p>;
  return (
    <Table
      label={texts.denials}
      columns={[texts.time, texts.command, texts.reason, texts.address, texts.why]}
    >
      {events.map(({ number, time, command, reason, clientAddress }) => (
        <tr key={number}>
          <th scope="row">
            <Moment at={time} />
          </th>
          <td>
            <code>{command}</code>
          </td>
          <td>{reason !== null && (reasonText(t(reasonsTexts), reason)?.[0] ?? reason)}</td>
          <td>{clientAddress}</td>
          <td>
            <a href={`/console/record/${String(number)}`} aria-label={texts.whyOf(command ?? '')}>
              {texts.why}
            </a>
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** What was changed of the key, by whom. */
export function KeyChanges({ events }: { events: readonly AuditEventDto[] }) {
  const texts = usePage().t(keyPageTexts);
  if (events.length === 0) return <p>{texts.noEvents}</p>;
  return (
    <Table label={texts.events} columns={[texts.time, texts.whatChanged, texts.by, texts.address]}>
      {events.map(({ number, time, command, actor, clientAddress }) => (
        <tr key={number}>
          <th scope="row">
            <a href={`/console/record/${String(number)}`}>
              <Moment at={time} />
            </a>
          </th>
          <td>
            <code>{command}</code>
          </td>
          <td>
            <bdi>{actor['accessKeyId'] ?? actor['user'] ?? actor['sudoUser'] ?? actor['kind']}</bdi>
          </td>
          <td>{clientAddress}</td>
        </tr>
      ))}
    </Table>
  );
}
