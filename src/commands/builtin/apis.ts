import type { Apis } from '../../apis/apis.js';
import { clientRoles } from '../../apis/client-roles.js';
import { parseApiName, parseApiRole, parseCommandList } from '../../apis/parse-api.js';
import type { RoleDirectory } from '../../apis/role-directory.js';
import type { RoleNotice } from '../../apis/role-notices.js';
import type { NewApi } from '../../apis/wanted-role.js';
import { requireArgumentNames } from '../../catalogue/argument-names.js';
import { parseHeld } from '../../catalogue/held-arguments.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { unknownCommands } from '../../catalogue/unknown-commands.js';
import { AppError, invalid, ReturnCode } from '../../errors.js';
import { onlyOption } from './only-option.js';
import { usageLine } from '../arguments.js';
import { meantText } from '../../text/nearest-name.js';
import { shortened, visible } from '../../text/visible-text.js';
import {
  ok,
  requireEverything,
  wide,
  type BuiltinCommand,
  type Invocation,
  type LongOption,
  type Terminal,
} from '../builtin-command.js';
import { parseFormat } from '../output-formats.js';
import { apiTable, formatApi, formatApis } from './api-output.js';

const builtIn: LongOption = {
  name: 'built-in',
  info: 'list the API that is built in as well (read-only: every command that only reads), as a terminal does',
};

/** `v-list-apis` and its family. */
export function apiCommands(roles: RoleDirectory, apis: Apis, catalogue: Catalogue): BuiltinCommand[] {
  return [
    listApi(roles),
    listApis(roles),
    addApi(apis, catalogue),
    changeApi(apis, catalogue),
    deleteApi(apis),
  ];
}

function listApi(roles: RoleDirectory): BuiltinCommand {
  return {
    name: 'v-list-api',
    info: 'list api: its role and its commands',
    options: 'API [FORMAT]',
    examples: ['v-list-api billing', 'v-list-api mail-accounts json'],
    changes: false,
    run({ args: [name = '', format], terminal }) {
      const outputFormat = parseFormat(format);
      const api = roles.find(name);
      sayNotices(roles.noticesOf(name), terminal);
      // Hestia answers 2 here, and 3 when a key is to be made with an API that isn't there.
      if (api === undefined) throw invalid(`API ${name} doesn't exist`);
      const output = ok(formatApi(api, outputFormat));
      return Promise.resolve(outputFormat === 'json' ? { ...output, outputType: 'json' } : output);
    },
  };
}

function listApis(roles: RoleDirectory): BuiltinCommand {
  return {
    name: 'v-list-apis',
    info: 'list available APIs, and role files that are not valid',
    options: '[FORMAT]',
    longOptions: [builtIn, wide],
    examples: ['v-list-apis', 'v-list-apis json', 'v-list-apis json --built-in'],
    changes: false,
    run({ args: [format], options, terminal }) {
      const outputFormat = parseFormat(format);
      sayNotices(roles.notices(), terminal);
      // Programs get Hestia's list, which has files alone.
      const listed = options.has(builtIn.name) ? roles.list() : roles.listFiles();
      const table = outputFormat === 'shell' ? apiTable(roles.list()) : undefined;
      return Promise.resolve(ok(formatApis(listed, outputFormat), table));
    },
  };
}

function addApi(apis: Apis, catalogue: Catalogue): BuiltinCommand {
  const command: BuiltinCommand = {
    name: 'v-add-api',
    info: 'add an API role file',
    options: 'API [ROLE] [COMMANDS] [SAFE]',
    longOptions: [
      {
        name: 'from',
        value: 'CLIENT',
        info: `a ready-made role in place of ROLE and COMMANDS: ${Object.keys(clientRoles).join(', ')}`,
      },
      onlyOption,
    ],
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.EXISTS, ReturnCode.FORBIDDEN],
    examples: [
      'v-add-api backups user v-list-user-backups,v-download-backup',
      'v-add-api status user v-list-user,v-list-sys-info v-list-sys-info',
      'v-add-api shop --from fossbilling',
      "v-add-api acme user v-add-dns-record,v-delete-dns-record --only 'DOMAIN=example.com,*.example.org'",
    ],
    changes: true,
    async run(invocation) {
      const { args, options, caller, origin, terminal } = invocation;
      requireEverything(caller);
      const [client, second] = options.get('from') ?? [];
      const given = args.length - 1;
      if (second !== undefined || (client === undefined ? given < 2 : given > 0))
        throw new AppError(
          ReturnCode.ARGS,
          `expected ROLE and COMMANDS, or one --from CLIENT\n${usageLine(command)}`,
        );
      const ready = client === undefined ? parseApi(invocation) : readyMadeApi(args[0], client);
      const api = { ...ready, ...parseOnly(invocation, catalogue) };
      await apis.add(api, origin);
      sayApi(api, catalogue, terminal);
      return ok();
    },
  };
  return command;
}

/** @throws AppError 3 for a client that there is no role for */
function readyMadeApi(name = '', client: string) {
  const known = Object.hasOwn(clientRoles, client) ? clientRoles[client] : undefined;
  if (known === undefined) {
    const names = Object.keys(clientRoles).join(', ');
    throw new AppError(ReturnCode.NOT_EXIST, `there is no ready-made role for ${client}; there are ${names}`);
  }
  return { name: parseApiName(name), ...known, safe: [] };
}

function changeApi(apis: Apis, catalogue: Catalogue): BuiltinCommand {
  return {
    name: 'v-change-api',
    info: 'replace an API role file; it takes effect for every key before the command returns',
    options: 'API ROLE COMMANDS [SAFE]',
    longOptions: [onlyOption],
    notes: ['Without --only the arguments stay held as they are; --only none frees them.'],
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN, ReturnCode.PARSING],
    examples: [
      'v-change-api backups user v-list-user-backups',
      'v-change-api acme user v-add-dns-record,v-delete-dns-record --only DOMAIN=example.com',
    ],
    changes: true,
    async run(invocation) {
      requireEverything(invocation.caller);
      const api = { ...parseApi(invocation), ...parseOnly(invocation, catalogue) };
      await apis.change(api, invocation.origin);
      sayApi(api, catalogue, invocation.terminal);
      return ok();
    },
  };
}

function deleteApi(apis: Apis): BuiltinCommand {
  return {
    name: 'v-delete-api',
    info: 'delete an API role file; keys keep its name and lose what it granted',
    options: 'API',
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: ['v-delete-api backups'],
    changes: true,
    async run({ args: [name = ''], caller, origin, terminal }) {
      requireEverything(caller);
      await apis.delete(parseApiName(name), origin);
      terminal.say(`API ${name} is deleted.\n`);
      return ok();
    },
  };
}

/** What was set, and which of it is a typo: a name that nobody knows grants nothing. */
function sayApi(api: NewApi, catalogue: Catalogue, terminal: Terminal): void {
  const { length } = api.commands;
  const commands = length === 1 ? '1 command' : `${String(length)} commands`;
  terminal.say(`API ${api.name} has the role ${api.role} and ${commands}.\n`);
  for (const { name, meant } of unknownCommands(api.commands, catalogue))
    terminal.say(`Warning: there is no command ${shortened(name)}${meantText(meant)}\n`);
}

function parseApi({ args: [name = '', role = '', commands = '', safe = ''] }: Invocation) {
  const api = {
    name: parseApiName(name),
    role: parseApiRole(role),
    commands: parseCommandList(commands),
    safe: parseCommandList(safe),
  };
  const stray = api.safe.find((command) => !api.commands.includes(command));
  if (stray !== undefined) throw invalid(`${stray} is in SAFE but not in COMMANDS`);
  return api;
}

/** @throws AppError 2 */
function parseOnly({ options }: Invocation, catalogue: Catalogue): Pick<NewApi, 'only'> {
  const texts = options.get('only');
  if (texts === undefined) return {};
  const only = parseHeld(texts);
  requireArgumentNames(only, catalogue);
  return { only };
}

/** Beside the list, which Hestia's clients read: what lies there and is no role, or grants nothing, and why. */
function sayNotices(notices: readonly RoleNotice[], terminal: Terminal): void {
  for (const { name, problem } of notices) terminal.say(`API role file ${visible(name)} ${problem}\n`);
}
