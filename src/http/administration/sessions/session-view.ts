import { endOf, type Session } from '../../../sessions/session.js';
import { momentOf } from '../moment.js';
import type { CurrentSessionDto, SessionDto } from './session.dto.js';

export function showSession(session: Session, currentId: string | undefined): SessionDto {
  const { id, user, method, clientAddress, createdAtMs, lastSeenAtMs } = session;
  return {
    sessionId: id,
    user,
    method,
    clientAddress,
    createdAt: momentOf(createdAtMs),
    lastSeenAt: momentOf(lastSeenAtMs),
    endsAt: momentOf(endOf(session)),
    isCurrent: id === currentId,
  };
}

export function showCurrentSession(
  session: Session,
  own: Omit<CurrentSessionDto, keyof SessionDto>,
): CurrentSessionDto {
  return Object.assign(showSession(session, session.id), own);
}
