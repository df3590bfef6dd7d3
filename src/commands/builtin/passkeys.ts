import { ReturnCode } from '../../errors.js';
import { formatInstant } from '../../audit/times.js';
import { parsePasskeyId, type Passkey } from '../../sessions/passkeys/passkey.js';
import type { Passkeys } from '../../sessions/passkeys/passkeys.js';
import { parseUserName } from '../../users/user.js';
import type { Users } from '../../users/users.js';
import { requireUserOrThings } from './users/unknown-user.js';
import { ok, wide, type BuiltinCommand, type CommandResult } from '../builtin-command.js';
import { formatPlain, formatTable, jsonRows, parseFormat, type OutputFormat } from '../output-formats.js';
import { plainTable, type Column } from '../tables/table.js';

/** `v-list-passkeys`, `v-delete-passkey`. They are enrolled in a browser (REST v1). */
export function passkeyCommands(passkeys: Passkeys, users: Users): BuiltinCommand[] {
  return [
    {
      name: 'v-list-passkeys',
      info: 'list passkeys that users log in with',
      options: '[USER] [FORMAT]',
      argumentHelp: { USER: { info: "whose passkeys; empty or '': of all users" } },
      exitCodes: [ReturnCode.NOT_EXIST],
      longOptions: [wide],
      examples: ['v-list-passkeys', 'v-list-passkeys alice json'],
      changes: false,
      async run({ args: [user = '', format] }) {
        const outputFormat = parseFormat(format);
        const listed = await passkeys.list(user === '' ? undefined : parseUserName(user));
        if (user !== '') await requireUserOrThings(users, user, listed.length);
        return answer(listed, outputFormat);
      },
    },
    {
      name: 'v-delete-passkey',
      info: 'delete a passkey: nobody logs in with it any more; sessions go on (v-delete-sessions)',
      options: 'PASSKEY_ID',
      exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
      examples: ['v-delete-passkey 4mLRNbEZKxhQOTgBQ1pZ0cVt'],
      changes: true,
      async run({ args: [id = ''], caller, origin, terminal }) {
        await passkeys.delete(parsePasskeyId(id), caller.authority, origin);
        terminal.say(`Passkey ${id} is deleted.\n`);
        return ok();
      },
    },
  ];
}

const columns = ['USER', 'NAME', 'CREATED', 'LAST_USED'] as const;

/** For a terminal: the ID is what the other commands take. */
const terminalColumns: readonly (string | Column)[] = [
  ...['PASSKEY_ID', 'USER', { head: 'NAME', wraps: true as const }],
  ...[
    { head: 'CREATED', importance: 1 },
    { head: 'LAST_USED', importance: 2 },
  ],
];

function answer(passkeys: readonly Passkey[], format: OutputFormat): CommandResult {
  const rows = passkeys.map((passkey) => ({ key: passkey.id, values: valuesOf(passkey) }));
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
  const heads = ['PASSKEY_ID', ...columns];
  const text = formatTable([heads, heads.map((head) => '-'.repeat(head.length)), ...lines]);
  return ok(text, plainTable(terminalColumns, lines));
}

/** In the order of the columns. */
function valuesOf({ user, name, createdAtMs, lastUsedAtMs }: Passkey): string[] {
  return [
    user,
    name,
    formatInstant(createdAtMs),
    lastUsedAtMs === undefined ? '-' : formatInstant(lastUsedAtMs),
  ];
}
