import { formatDate, formatTime } from './local-time.js';

/** How an attempt to log in ended, as Hestia's `auth.log` tells it. */
export interface LoginOutcome {
  /** The access key ID as it was sent, or `api` for legacy credentials. */
  who: string;
  clientAddress: string;
  /** The command that was let through; undefined: refused. */
  launched: string | undefined;
  /** Who came with a password: what Hestia writes then names no command. */
  isLogin?: boolean;
}

/**
 * One line in Hestia's format, which fail2ban rules read: `DATE TIME WHO ADDRESS COMMAND successfully launched`, or
 * `DATE TIME WHO ADDRESS failed to login`; local time.
 */
export function formatAuthLogLine(outcome: LoginOutcome, timeMs: number): string {
  const stamp = `${formatDate(timeMs)} ${formatTime(timeMs)}`;
  const who = `${oneWord(outcome.who)} ${outcome.clientAddress}`;
  if (outcome.launched === undefined) return `${stamp} ${who} failed to login\n`;
  if (outcome.isLogin === true) return `${stamp} ${who} successfully logged in\n`;
  const command = outcome.launched === '' ? '' : `${oneWord(outcome.launched)} `;
  return `${stamp} ${who} ${command}successfully launched\n`;
}

/** What a client sent must not look like more fields or another line. */
function oneWord(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, 64) || '-';
}
