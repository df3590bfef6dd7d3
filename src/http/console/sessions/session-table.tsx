import type { SessionDto } from '../../administration/sessions/session.dto.js';
import { Badge } from '../components/badge.js';
import { CsrfField } from '../components/csrf-field.js';
import { Empty } from '../components/empty.js';
import { Distance, Moment } from '../components/moment.js';
import { Table } from '../components/table.js';
import { usePage } from '../page.js';
import { sessionsTexts } from './sessions.texts.js';

/** @param next - the page that ending one leads to */
export function SessionTable({ sessions, next }: { sessions: readonly SessionDto[]; next: string }) {
  const texts = usePage().t(sessionsTexts);
  if (sessions.length === 0) return <Empty title={texts.empty} />;
  return (
    <Table label={texts.title} columns={Object.values(texts.columns)}>
      {sessions.map((session) => (
        <SessionRow key={session.sessionId} {...{ session, next }} />
      ))}
    </Table>
  );
}

function SessionRow({ session, next }: { session: SessionDto; next: string }) {
  const texts = usePage().t(sessionsTexts);
  const { sessionId, user, method, clientAddress, createdAt, lastSeenAt, endsAt, isCurrent } = session;
  return (
    <tr>
      <th scope="row">
        {user} {isCurrent && <Badge tone="good">{texts.current}</Badge>}
      </th>
      <td>
        <Moment at={createdAt} /> <span class="muted">{texts.methods[method]}</span>
      </td>
      <td>{clientAddress}</td>
      <td>
        <Distance at={lastSeenAt} />
      </td>
      <td>
        <Distance at={endsAt} />
      </td>
      <td>
        {!isCurrent && (
          <form method="post" action={`/console/sessions/${sessionId}/end`}>
            <CsrfField />
            <input type="hidden" name="next" value={next} />
            <button class="quiet" aria-label={texts.endOf(user)}>
              {texts.end}
            </button>
          </form>
        )}
      </td>
    </tr>
  );
}
