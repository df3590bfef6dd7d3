import { formatDate, formatTime } from '../../audit/local-time.js';
import { invalid } from '../../errors.js';
import { parseAccessKeyId, parseComment, parsePermissions, type AccessKey } from '../../keys/access-key.js';
import type { AccessKeys } from '../../keys/access-keys.js';
import { parseUserName } from '../../users/user.js';
import { ok, type BuiltinCommand } from '../builtin-command.js';
import {
  formatFields,
  formatPlain,
  formatTable,
  jsonBlock,
  jsonRows,
  parseFormat,
  type OutputFormat,
} from '../output-formats.js';

const changedKeys = ['PERMISSIONS', 'COMMENT'] as const;

/** `v-add-access-key` and its family. */
export function accessKeyCommands(keys: AccessKeys): BuiltinCommand[] {
  return [addKey(keys), listKey(keys), listKeys(keys), changeKey(keys), ...simpleCommands(keys)];
}

function addKey(keys: AccessKeys): BuiltinCommand {
  return {
    name: 'v-add-access-key',
    info: 'generate access key; its secret is shown this once',
    options: 'USER [PERMISSIONS] [COMMENT] [FORMAT]',
    examples: [
      'v-add-access-key alice mail-accounts,purge-nginx-cache "Mail script"',
      "v-add-access-key admin '' Everything json",
      'v-add-access-key alice mail-accounts Tour plain',
    ],
    changes: true,
    async run({ args: [user = '', permissions = '', comment = '', format], caller, origin }) {
      const wanted = {
        user: parseUserName(user),
        comment: parseComment(comment),
        permissions: [] as string[],
      };
      const outputFormat = parseFormat(format);
      wanted.permissions = user === '' ? [] : parseWantedPermissions(permissions);
      const key = await keys.add(wanted, caller.authority, origin);
      return ok(formatKey(key, key.secret, outputFormat));
    },
  };
}

/** Nothing but blanks and commas is not "everything": only an empty text is, and only for the root user. */
function parseWantedPermissions(text: string): string[] {
  if (text !== '' && text.replace(/[\s,]/g, '') === '')
    throw invalid('Non-admin users need a permission list');
  return parsePermissions(text);
}

function listKey(keys: AccessKeys): BuiltinCommand {
  return {
    name: 'v-list-access-key',
    info: 'list one access key; never its secret',
    options: 'ACCESS_KEY_ID [FORMAT]',
    examples: ['v-list-access-key InNqgp01kO3v0W22eg6Z', 'v-list-access-key InNqgp01kO3v0W22eg6Z json'],
    changes: false,
    async run({ args: [id = '', format], caller }) {
      const outputFormat = parseFormat(format);
      return ok(formatKey(await keys.get(parseAccessKeyId(id), caller.authority), '', outputFormat));
    },
  };
}

function listKeys(keys: AccessKeys): BuiltinCommand {
  return {
    name: 'v-list-access-keys',
    info: 'list access keys, of one user or of all',
    options: '[USER] [FORMAT]',
    examples: ['v-list-access-keys', 'v-list-access-keys alice json', "v-list-access-keys '' plain"],
    changes: false,
    async run({ args: [user = '', format] }) {
      const outputFormat = parseFormat(format);
      return ok(formatKeys(await keys.list(user === '' ? undefined : user), outputFormat));
    },
  };
}

function changeKey(keys: AccessKeys): BuiltinCommand {
  return {
    name: 'v-change-access-key',
    info: 'change the permissions or the comment of an access key',
    options: 'ACCESS_KEY_ID KEY VALUE [FORMAT]',
    examples: [
      'v-change-access-key InNqgp01kO3v0W22eg6Z PERMISSIONS mail-accounts,update-dns-records',
      'v-change-access-key InNqgp01kO3v0W22eg6Z COMMENT "New server"',
    ],
    changes: true,
    async run({ args: [id = '', name = '', value = '', format], caller, origin }) {
      const outputFormat = parseFormat(format);
      if (name !== 'PERMISSIONS' && name !== 'COMMENT') {
        throw invalid(`expected ${changedKeys.join(' or ')}, got ${name}`);
      }
      const wanted =
        name === 'PERMISSIONS'
          ? { permissions: parseWantedPermissions(value) }
          : { comment: parseComment(value) };
      const key = await keys.change(parseAccessKeyId(id), wanted, caller.authority, origin);
      return ok(formatKey(key, '', outputFormat));
    },
  };
}

function simpleCommands(keys: AccessKeys): BuiltinCommand[] {
  return [
    {
      name: 'v-suspend-access-key',
      info: 'suspend access key: it is refused until it is unsuspended',
      options: 'ACCESS_KEY_ID',
      examples: ['v-suspend-access-key InNqgp01kO3v0W22eg6Z'],
      changes: true,
      async run({ args: [id = ''], caller, origin }) {
        await keys.suspend(parseAccessKeyId(id), caller.authority, origin);
        return ok();
      },
    },
    {
      name: 'v-unsuspend-access-key',
      info: 'unsuspend access key',
      options: 'ACCESS_KEY_ID',
      examples: ['v-unsuspend-access-key InNqgp01kO3v0W22eg6Z'],
      changes: true,
      async run({ args: [id = ''], caller, origin }) {
        await keys.unsuspend(parseAccessKeyId(id), caller.authority, origin);
        return ok();
      },
    },
    {
      name: 'v-delete-access-key',
      info: 'delete access key',
      options: 'ACCESS_KEY_ID',
      examples: ['v-delete-access-key InNqgp01kO3v0W22eg6Z'],
      changes: true,
      async run({ args: [id = ''], caller, origin }) {
        await keys.delete(parseAccessKeyId(id), caller.authority, origin);
        return ok();
      },
    },
    {
      name: 'v-delete-access-keys',
      info: 'delete all access keys of a user',
      options: 'USER',
      examples: ['v-delete-access-keys alice'],
      changes: true,
      async run({ args: [user = ''], origin }) {
        await keys.deleteOf(parseUserName(user), origin);
        return ok();
      },
    },
  ];
}

/** @param secret - empty where it isn't to be shown */
export function formatKey(key: AccessKey, secret: string, format: OutputFormat): string {
  if (format === 'plain') return `${key.id}:${secret}\n`;
  const fields = {
    id: ['ACCESS_KEY_ID', key.id],
    secret: ['SECRET_ACCESS_KEY', secret],
    user: ['USER', key.user],
    comment: ['COMMENT', key.comment],
    time: ['TIME', formatTime(key.createdAtMs)],
    date: ['DATE', formatDate(key.createdAtMs)],
  } as const;
  const { id, secret: secretField, user, comment, time, date } = fields;
  if (format === 'json') {
    return jsonBlock([id, secretField, user, ['PERMISSIONS', key.permissions], comment, time, date]);
  }
  return formatFields(
    [id, secretField, user, ['PERMISSIONS', key.permissions.join(',')], comment, time, date],
    20,
  );
}

function formatKeys(keys: readonly AccessKey[], format: OutputFormat): string {
  if (format === 'json') {
    return jsonRows(
      keys.map((key) => ({
        key: key.id,
        fields: [
          ['ACCESS_KEY_ID', key.id],
          ['USER', key.user],
          ['PERMISSIONS', key.permissions],
          ['COMMENT', key.comment],
          ['TIME', formatTime(key.createdAtMs)],
          ['DATE', formatDate(key.createdAtMs)],
        ],
      })),
    );
  }
  const rows = keys.map((key) => [
    key.id,
    key.user,
    key.permissions.join(',') || '-',
    key.comment || '-',
    formatTime(key.createdAtMs),
    formatDate(key.createdAtMs),
  ]);
  if (format === 'plain') return formatPlain(rows);
  return formatTable([
    ['ID', 'USER', 'PERMISSIONS', 'COMMENT', 'TIME', 'DATE'],
    // Hestia's line under the heads, one column more than there are heads.
    ['--', '------', '----', '-----------', '-------', '----', '----'],
    ...rows,
  ]);
}
