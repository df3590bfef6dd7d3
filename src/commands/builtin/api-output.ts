import type { ApiEntry } from '../../apis/role-directory.js';
import { formatHeld } from '../../catalogue/held-arguments.js';
import {
  formatFields,
  formatPlain,
  formatTable,
  jsonBlock,
  jsonRows,
  type OutputFormat,
} from '../output-formats.js';
import type { Table } from '../tables/table.js';

/** Clients ask for the same roles again and again. The directory has another entry for a role that was changed. */
const jsonTexts = new WeakMap<ApiEntry, string>();

/** One API; what Hestia's doesn't have is shown where it is there. */
export function formatApi(api: ApiEntry, format: OutputFormat): string {
  if (format !== 'json') return apiText(api, format);
  const text = jsonTexts.get(api) ?? apiText(api, format);
  jsonTexts.set(api, text);
  return text;
}

function apiText(api: ApiEntry, format: OutputFormat): string {
  const role = api.role?.role ?? '';
  const safe = [...(api.role?.safe ?? [])];
  const only = api.role?.only;
  if (format === 'plain') return formatPlain([[api.name, role, listedCommands(api).join(',')]]);
  if (format === 'json') {
    return jsonBlock([
      ['API', api.name],
      ['ROLE', role],
      ['COMMANDS', listedCommands(api)],
      ...(safe.length > 0 ? ([['SAFE', safe]] as const) : []),
      ...(only === undefined ? [] : ([['ONLY', formatHeld(only)]] as const)),
      ...(api.problem === undefined ? [] : ([['PROBLEM', api.problem]] as const)),
    ]);
  }
  return formatFields(
    [
      ['API', api.name],
      ['ROLE', role],
      ['COMMANDS', listedCommands(api).join(',')],
      ...(safe.length > 0 ? ([['SAFE', safe.join(',')]] as const) : []),
      ...(only === undefined ? [] : ([['ONLY', formatHeld(only)]] as const)),
      ...(api.problem === undefined ? [] : ([['PROBLEM', api.problem]] as const)),
    ],
    15,
  );
}

export function formatApis(apis: readonly ApiEntry[], format: OutputFormat): string {
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

/** For a terminal. */
export function apiTable(apis: readonly ApiEntry[]): Table {
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

function listedCommands(api: ApiEntry): readonly string[] {
  return api.role?.listed ?? [];
}
