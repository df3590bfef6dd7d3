import { endOf, type Session } from '../../../sessions/session.js';
import type { CurrentSessionDto, SessionDto } from './session.dto.js';

export function showSession(session: Session, currentId: string | undefined): SessionDto {
  const { id, user, method, clientAddress, createdAtMs, lastSeenAtMs } = session;
  return {
    sessionId: id,
    user,
    method,
    clientAddress,
    createdAt: moment(createdAtMs),
    lastSeenAt: moment(lastSeenAtMs),
    endsAt: moment(endOf(session)),
    isCurrent: id === currentId,
  };
}

export function showCurrentSession(
  session: Session,
  isRootUser: boolean,
  csrfToken: string,
): CurrentSessionDto {
  return Object.assign(showSession(session, session.id), { isRootUser, csrfToken });
}

function moment(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
