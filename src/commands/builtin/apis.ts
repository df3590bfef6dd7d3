import type { Apis } from '../../apis/apis.js';
import { clientRoles } from '../../apis/client-roles.js';
import { parseApiName, parseApiRole, parseCommandList } from '../../apis/parse-api.js';
import type { ApiEntry, RoleDirectory } from '../../apis/role-directory.js';
import type { NewApi } from '../../apis/wanted-role.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { unknownCommands } from '../../catalogue/unknown-commands.js';
import { AppError, invalid, ReturnCode } from '../../errors.js';
import { usageLine } from '../arguments.js';
import { meantText } from '../../text/nearest-name.js';
import { shortened, visible } from '../../text/visible-text.js';
import {
  ok,
  requireEverything,
  wide,
  type BuiltinCommand,
  type Invocation,
  type Terminal,
} from '../builtin-command.js';
import type { Table } from '../tables/table.js';
import {
  formatFields,
  formatPlain,
  formatTable,
  jsonBlock,
  jsonRows,
  parseFormat,
  type OutputFormat,
} from '../output-formats.js';

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
      sayNotices(roles, terminal, name);
      // Hestia answers 2 here, and 3 when a key is to be made with an API that isn't there.
      if (api === undefined) throw invalid(`API ${name} doesn't exist`);
      return Promise.resolve(ok(formatApi(api, outputFormat)));
    },
  };
}

function listApis(roles: RoleDirectory): BuiltinCommand {
  return {
    name: 'v-list-apis',
    info: 'list available APIs, and role files that are not valid',
    options: '[FORMAT]',
    longOptions: [wide],
    examples: ['v-list-apis', 'v-list-apis json'],
    changes: false,
    run({ args: [format], terminal }) {
      const outputFormat = parseFormat(format);
      sayNotices(roles, terminal);
      const listed = roles.list();
      const table = outputFormat === 'shell' ? tableOf(listed) : undefined;
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
    ],
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.EXISTS, ReturnCode.FORBIDDEN],
    examples: [
      'v-add-api backups user v-list-user-backups,v-download-backup',
      'v-add-api status user v-list-user,v-list-sys-info v-list-sys-info',
      'v-add-api shop --from fossbilling',
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
      const api = client === undefined ? parseApi(invocation) : readyMadeApi(args[0], client);
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
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.FORBIDDEN],
    examples: ['v-change-api backups user v-list-user-backups'],
    changes: true,
    async run(invocation) {
      requireEverything(invocation.caller);
      const api = parseApi(invocation);
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
  terminal.say(`API ${api.name} has the role ${api.role} and ${String(api.commands.length)} commands.\n`);
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

/** Beside the list, which Hestia's clients read: what lies there and is no role, or grants nothing, and why. */
function sayNotices(roles: RoleDirectory, terminal: Terminal, wanted?: string): void {
  for (const { name, problem } of roles.notices())
    if (wanted === undefined || name === wanted) terminal.say(`API role file ${visible(name)} ${problem}\n`);
}

function listedCommands(api: ApiEntry): readonly string[] {
  return api.role?.listed ?? [];
}

function formatApi(api: ApiEntry, format: OutputFormat): string {
  const role = api.role?.role ?? '';
  const safe = [...(api.role?.safe ?? [])];
  if (format === 'plain') return formatPlain([[api.name, role, listedCommands(api).join(',')]]);
  if (format === 'json') {
    return jsonBlock([
      ['API', api.name],
      ['ROLE', role],
      ['COMMANDS', listedCommands(api)],
      ...(safe.length > 0 ? ([['SAFE', safe]] as const) : []),
      ...(api.problem === undefined ? [] : ([['PROBLEM', api.problem]] as const)),
    ]);
  }
  return formatFields(
    [
      ['API', api.name],
      ['ROLE', role],
      ['COMMANDS', listedCommands(api).join(',')],
      ...(safe.length > 0 ? ([['SAFE', safe.join(',')]] as const) : []),
      ...(api.problem === undefined ? [] : ([['PROBLEM', api.problem]] as const)),
    ],
    15,
  );
}

function formatApis(apis: readonly ApiEntry[], format: OutputFormat): string {
  if (format === 'json') {
    return jsonRows(
      apis.map((api) => ({
        key: api.name,
        fields: [
          ['COMMANDS', listedCommands(api)],
          ['ROLE', api.role?.role ?? ''],
          ...(api.problem === undefined ? [] : ([['PROBLEM', api.problem]] as const)),
        ],
      })),
    );
  }
  const rows = apis.map(rowOf);
  if (format === 'plain') return formatPlain(rows);
  return formatTable([['API', 'ROLE', 'COMMANDS'], ['---', '----', '--------'], ...rows]);
}

function tableOf(apis: readonly ApiEntry[]): Table {
  return {
    columns: [{ head: 'API' }, { head: 'ROLE' }, { head: 'COMMANDS', wraps: true }],
    rows: apis.map((api) => ({ cells: rowOf(api), isBad: api.problem !== undefined })),
  };
}

function rowOf(api: ApiEntry): string[] {
  const commands =
    api.problem === undefined ? listedCommands(api).join(',') : `(grants nothing: ${api.problem})`;
  return [api.name, api.role?.role ?? '-', commands];
}
