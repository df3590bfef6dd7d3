import { invalidFormat } from '../errors.js';
import { sessionIdPattern } from '../text/names.js';

/** How somebody proved who he is. */
export type LoginMethod = 'password' | 'link' | 'passkey';

/** A person who has logged in, in one browser. */
export interface Session {
  /** Public: its secret is the cookie's value. */
  id: string;
  user: string;
  /** Tells the user from a later one of the same name. */
  userCreatedAtMs: number;
  method: LoginMethod;
  /** Where the login came from. */
  clientAddress: string;
  createdAtMs: number;
  lastSeenAtMs: number;
}

const minuteMs = 60_000;
/** Without a request for so long, a session has ended. */
export const idleMs = 30 * minuteMs;
/** However much it is used. */
export const longestMs = 12 * 60 * minuteMs;
/** One more login of a user ends the session of his that was not used for the longest time. */
export const mostSessions = 100;

export function endOf({ createdAtMs }: Session): number {
  return createdAtMs + longestMs;
}

/** @param seenAtMs - when it was last used, as far as it is known */
export function isOver(session: Session, seenAtMs: number, nowMs: number): boolean {
  return nowMs >= endOf(session) || nowMs - seenAtMs >= idleMs;
}

/** @throws AppError 2 */
export function parseSessionId(text: string): string {
  if (!sessionIdPattern.test(text)) throw invalidFormat('session', text);
  return text;
}
