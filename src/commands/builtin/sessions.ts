import { ReturnCode } from '../../errors.js';
import { endOf, parseSessionId, type Session } from '../../sessions/session.js';
import type { Sessions } from '../../sessions/sessions.js';
import { formatInstant } from '../../audit/times.js';
import { parseUserName } from '../../users/user.js';
import type { Users } from '../../users/users.js';
import { requireUserOrThings } from './users/unknown-user.js';
import { ok, wide, type BuiltinCommand, type CommandResult } from '../builtin-command.js';
import { formatPlain, formatTable, jsonRows, parseFormat, type OutputFormat } from '../output-formats.js';
import { plainTable, type Column } from '../tables/table.js';

/** `v-list-sessions` and its family: who is logged in. */
export function sessionCommands(sessions: Sessions, users: Users): BuiltinCommand[] {
  return [listSessions(sessions, users), deleteSession(sessions), deleteSessions(sessions)];
}

function listSessions(sessions: Sessions, users: Users): BuiltinCommand {
  return {
    name: 'v-list-sessions',
    info: 'list sessions: who has logged in, how, from where and when; the newest first',
    options: '[USER] [FORMAT]',
    argumentHelp: { USER: { info: "whose sessions; empty or '': of all users" } },
    exitCodes: [ReturnCode.NOT_EXIST],
    longOptions: [wide],
    examples: ['v-list-sessions', 'v-list-sessions alice json', "v-list-sessions '' plain"],
    changes: false,
    async run({ args: [user = '', format] }) {
      const outputFormat = parseFormat(format);
      const listed = await sessions.list(user === '' ? undefined : parseUserName(user));
      if (user !== '') await requireUserOrThings(users, user, listed.length);
      return answer(listed, outputFormat);
    },
  };
}

function deleteSession(sessions: Sessions): BuiltinCommand {
  return {
    name: 'v-delete-session',
    info: 'end one session: no node accepts it any more',
    options: 'SESSION_ID',
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: ['v-delete-session 4mLRNbEZKxhQOTgBQ1pZ0cVt'],
    changes: true,
    async run({ args: [id = ''], caller, origin, terminal }) {
      await sessions.end(parseSessionId(id), caller.authority, origin);
      terminal.say(`Session ${id} has ended.\n`);
      return ok();
    },
  };
}

function deleteSessions(sessions: Sessions): BuiltinCommand {
  return {
    name: 'v-delete-sessions',
    info: 'end all sessions of a user, and the login links that were not used yet',
    options: 'USER',
    exitCodes: [ReturnCode.NOT_EXIST],
    examples: ['v-delete-sessions alice'],
    changes: true,
    async run({ args: [user = ''], origin, terminal }) {
      const count = await sessions.endOf(parseUserName(user), origin);
      terminal.say(`${String(count)} sessions of ${user} have ended.\n`);
      return ok();
    },
  };
}

const columns = ['USER', 'METHOD', 'ADDRESS', 'CREATED', 'LAST_SEEN', 'ENDS'] as const;

/** For a terminal: the ID is what the other commands take. */
const terminalColumns: readonly (string | Column)[] = [
  ...['SESSION_ID', 'USER', { head: 'METHOD', importance: 2 }],
  ...['ADDRESS', { head: 'CREATED', importance: 1 }, { head: 'LAST_SEEN', importance: 3 }, 'ENDS'],
];

function answer(sessions: readonly Session[], format: OutputFormat): CommandResult {
  const rows = sessions.map((session) => ({ key: session.id, values: valuesOf(session) }));
  if (format === 'json') {
    return ok(
      jsonRows(
        rows.map(({ key, values }) => ({
          key,
          fields: columns.map((name, index) => [name, values[index] ?? '']),
        })),
      ),
    );
  }
  const lines = rows.map(({ key, values }) => [key, ...values]);
  if (format === 'plain') return ok(formatPlain(lines));
  const heads = ['SESSION_ID', ...columns];
  const text = formatTable([heads, heads.map((head) => '-'.repeat(head.length)), ...lines]);
  return ok(text, plainTable(terminalColumns, lines));
}

/** In the order of the columns. */
function valuesOf(session: Session): string[] {
  const times = [session.createdAtMs, session.lastSeenAtMs, endOf(session)].map(formatInstant);
  return [session.user, session.method, session.clientAddress, ...times];
}
