import { AppError, invalid, ReturnCode } from '../../../errors.js';
import { parseAccessKeyId, parseComment, parsePermissions } from '../../../keys/access-key.js';
import type { AccessKeys } from '../../../keys/access-keys.js';
import type { AccessKeyList } from '../../../keys/listing/access-key-list.js';
import { parseUserName } from '../../../users/user.js';
import type { Users } from '../../../users/users.js';
import { usageLine } from '../../arguments.js';
import { ok, type BuiltinCommand, type LongOption } from '../../builtin-command.js';
import { parseFormat } from '../../output-formats.js';
import { requireUserOrThings } from '../users/unknown-user.js';
import { formatKey, shownTo } from './access-key-output.js';
import { readComment } from './comment-argument.js';
import { listKeys, long } from './list-access-keys.js';
import { limitOptions, parseLimits, sayLimits } from './limit-options.js';
import { parseTrial, sayTrial, trialOptions } from './trial-options.js';

const adopt: LongOption = {
  name: 'adopt',
  info: 'adopt the key: it no longer ends with the key that made it over the API',
};
const canary: LongOption = {
  name: 'canary',
  info: 'make a canary: its holder sees a key with a wrong secret, it allows nothing, and its use is an alert',
};
const changedKeys = ['PERMISSIONS', 'COMMENT'] as const;

/** `v-add-access-key` and its family. */
export function accessKeyCommands(keys: AccessKeys, users: Users, list: AccessKeyList): BuiltinCommand[] {
  return [
    addKey(keys),
    listKey(keys),
    listKeys({ keys, list }, users),
    changeKey(keys),
    ...simpleCommands(keys, users),
  ];
}

function addKey(keys: AccessKeys): BuiltinCommand {
  return {
    name: 'v-add-access-key',
    info: 'generate access key; the secret is shown once',
    options: 'USER [PERMISSIONS] [COMMENT] [FORMAT]',
    longOptions: [...limitOptions, canary],
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.LIMIT, ReturnCode.FORBIDDEN],
    examples: [
      'v-add-access-key alice mail-accounts,purge-nginx-cache "Mail script"',
      "v-add-access-key admin '' Everything json",
      'v-add-access-key alice mail-accounts Tour plain',
      'v-add-access-key alice mail-accounts Relay --expires 90d --allow-ip 203.0.113.9 --rate-limit 120/min',
      "v-add-access-key alice mail-accounts Shop --only 'DOMAIN=example.com,*.example.org'",
      "v-add-access-key admin '' Backup plain --canary   # to be left where nobody should look",
    ],
    changes: true,
    async run({
      args: [user = '', permissions = '', comment = '', format],
      options,
      caller,
      origin,
      terminal,
    }) {
      // Before the comment: who takes commands for APIs is told so first.
      keys.refuseCommands(parseUserName(user), listedNames(permissions));
      const wanted = {
        user: parseUserName(user),
        comment: readComment(comment, terminal),
        permissions: [] as string[],
        ...parseLimits(options),
        ...(options.has('canary') && { isCanary: true as const }),
      };
      const outputFormat = parseFormat(format);
      wanted.permissions = user === '' ? [] : parseWantedPermissions(permissions);
      const key = await keys.add(wanted, caller.authority, origin);
      sayLimits(wanted, options, terminal);
      if (wanted.isCanary === true)
        terminal.say('The key is a canary: it allows nothing, and its use is an alert.\n');
      return ok(formatKey(key, key.secret, outputFormat, shownTo(caller)));
    },
  };
}

/** Nothing but blanks and commas is not "everything": only an empty text is, and only for the root user. */
function parseWantedPermissions(text: string): string[] {
  if (text !== '' && text.replace(/[\s,]/g, '') === '')
    throw invalid('Non-admin users need a permission list');
  return parsePermissions(text);
}

/** The names in a list of permissions; none where it is not in order. */
function listedNames(permissions: string): string[] {
  try {
    return parsePermissions(permissions);
  } catch {
    return [];
  }
}

function listKey(keys: AccessKeys): BuiltinCommand {
  return {
    name: 'v-list-access-key',
    info: 'list one access key; never its secret',
    options: 'ACCESS_KEY_ID [FORMAT]',
    longOptions: [long],
    exitCodes: [ReturnCode.NOT_EXIST],
    examples: [
      'v-list-access-key InNqgp01kO3v0W22eg6Z',
      'v-list-access-key InNqgp01kO3v0W22eg6Z json',
      'v-list-access-key InNqgp01kO3v0W22eg6Z --long',
    ],
    changes: false,
    async run({ args: [id = '', format], options, caller }) {
      const outputFormat = parseFormat(format);
      const isLong = options.has('long');
      const key = await keys.get(parseAccessKeyId(id), caller.authority);
      const usage = isLong || outputFormat === 'json' ? await keys.usage([key.id]) : undefined;
      return ok(formatKey(key, '', outputFormat, { isLong, usage, ...shownTo(caller) }));
    },
  };
}

function changeKey(keys: AccessKeys): BuiltinCommand {
  const command: BuiltinCommand = {
    name: 'v-change-access-key',
    info: 'change the permissions, the comment or the limits of an access key',
    options: 'ACCESS_KEY_ID [KEY] [VALUE] [FORMAT]',
    longOptions: [...limitOptions, adopt, ...trialOptions],
    argumentHelp: {
      KEY: { info: 'what is changed; left out where options alone are', values: changedKeys },
      VALUE: {
        info: 'the new permissions (names of API roles, with commas between them), or the new comment (any text of one line, up to 200 characters)',
      },
    },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN, ReturnCode.PARSING],
    examples: [
      'v-change-access-key InNqgp01kO3v0W22eg6Z PERMISSIONS mail-accounts,update-dns-records',
      'v-change-access-key InNqgp01kO3v0W22eg6Z COMMENT "New server"',
      'v-change-access-key InNqgp01kO3v0W22eg6Z --expires 2027-01-31 --allow-ip 203.0.113.9,2001:db8::/64',
      'v-change-access-key InNqgp01kO3v0W22eg6Z --only DOMAIN=example.com --only RECORD=_acme-challenge',
      'v-change-access-key InNqgp01kO3v0W22eg6Z --expires never --allow-ip any --rate-limit none --only none',
      'v-change-access-key InNqgp01kO3v0W22eg6Z --adopt',
      'v-change-access-key InNqgp01kO3v0W22eg6Z --trial mail-accounts --trial-allow-ip 203.0.113.9',
      'v-change-access-key InNqgp01kO3v0W22eg6Z --enforce   # what is tried counts from now on',
    ],
    changes: true,
    async run({ args, options, caller, origin, terminal }) {
      const isLimitsAlone = options.size > 0 && args.length <= 2;
      const [id = '', ...rest] = args;
      const [name, value, format] = isLimitsAlone ? [undefined, undefined, rest[0]] : rest;
      if (!isLimitsAlone && value === undefined) throw new AppError(ReturnCode.ARGS, usageLine(command));
      const outputFormat = parseFormat(format);
      if (options.has('enforce')) {
        if (options.size > 1 || name !== undefined)
          throw invalid('--enforce makes real what is tried, and nothing else: leave the rest out');
        const enforced = await keys.enforceTrial(parseAccessKeyId(id), caller.authority, origin);
        terminal.say('What was tried counts from now on.\n');
        return ok(formatKey(enforced, '', outputFormat));
      }
      const trial = parseTrial(options);
      const wanted = {
        ...parseNamed(name, value ?? ''),
        ...parseLimits(options),
        ...(options.has('adopt') && { isAdopted: true as const }),
        ...(trial !== undefined && { trial }),
      };
      const key = await keys.change(parseAccessKeyId(id), wanted, caller.authority, origin);
      sayLimits(wanted, options, terminal);
      sayTrial(trial, key, terminal);
      return ok(formatKey(key, '', outputFormat));
    },
  };
  return command;
}

function parseNamed(name: string | undefined, value: string): { permissions?: string[]; comment?: string } {
  if (name === undefined) return {};
  if (name === 'PERMISSIONS') return { permissions: parseWantedPermissions(value) };
  if (name === 'COMMENT') return { comment: parseComment(value) };
  throw invalid(`expected ${changedKeys.join(' or ')}, got ${name}`);
}

function simpleCommands(keys: AccessKeys, users: Users): BuiltinCommand[] {
  return [
    {
      name: 'v-suspend-access-key',
      info: 'suspend access key: it is denied until it is unsuspended',
      options: 'ACCESS_KEY_ID',
      exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.SUSPENDED, ReturnCode.FORBIDDEN],
      examples: ['v-suspend-access-key InNqgp01kO3v0W22eg6Z'],
      changes: true,
      async run({ args: [id = ''], caller, origin, terminal }) {
        await keys.suspend(parseAccessKeyId(id), caller.authority, origin);
        terminal.say(`Access key ${id} is suspended.\n`);
        return ok();
      },
    },
    {
      name: 'v-unsuspend-access-key',
      info: 'unsuspend access key',
      options: 'ACCESS_KEY_ID',
      exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.UNSUSPENDED, ReturnCode.FORBIDDEN],
      examples: ['v-unsuspend-access-key InNqgp01kO3v0W22eg6Z'],
      changes: true,
      async run({ args: [id = ''], caller, origin, terminal }) {
        await keys.unsuspend(parseAccessKeyId(id), caller.authority, origin);
        terminal.say(`Access key ${id} is not suspended any more.\n`);
        return ok();
      },
    },
    {
      name: 'v-delete-access-key',
      info: 'delete access key',
      options: 'ACCESS_KEY_ID',
      exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
      examples: ['v-delete-access-key InNqgp01kO3v0W22eg6Z'],
      changes: true,
      async run({ args: [id = ''], caller, origin, terminal }) {
        await keys.delete(parseAccessKeyId(id), caller.authority, origin);
        terminal.say(`Access key ${id} is deleted.\n`);
        return ok();
      },
    },
    {
      name: 'v-delete-access-keys',
      info: 'delete all access keys of a user',
      options: 'USER',
      exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
      examples: ['v-delete-access-keys alice'],
      changes: true,
      async run({ args: [user = ''], caller, origin, terminal }) {
        const count = await keys.deleteOf(parseUserName(user), caller.authority, origin);
        await requireUserOrThings(users, user, count);
        terminal.say(`${String(count)} access keys of ${user} are deleted.\n`);
        return ok();
      },
    },
  ];
}
