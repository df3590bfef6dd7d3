import { formatAddressRange } from '../../../network/address-range.js';
import { formatHeld } from '../../../catalogue/held-arguments.js';
import { formatDate, formatLocal, formatTime } from '../../../audit/times.js';
import { formatEnd } from '../../../keys/limits/key-limits.js';
import type { AccessKey } from '../../../keys/access-key.js';
import type { AccessKeyPart } from '../../../keys/listing/access-key-list.js';
import type { KeyUsage } from '../../../keys/usage/key-use-store.js';
import { formatQuota } from '../../../keys/limits/quota.js';
import { formatRateLimit, restRateLimit } from '../../../keys/limits/rate-limit.js';
import {
  formatFields,
  formatPlain,
  formatRows,
  formatTable,
  jsonBlock,
  jsonRows,
  jsonRowsInParts,
  widthsOf,
  type JsonRow,
  type OutputFormat,
} from '../../output-formats.js';
import type { Caller } from '../../builtin-command.js';
import type { Column, Table } from '../../tables/table.js';

/** What is shown of a key beyond Hestia's columns. */
export interface LongOutput {
  /** Everything, also what is not set. */
  isLong?: boolean;
  usage?: KeyUsage | undefined;
  /** Also whether it is a canary: only for who may do everything. */
  showsCanaries?: boolean;
}

type Field = [string, string | readonly string[]];

/** Who may do everything is shown which keys are canaries. */
export function shownTo({ authority }: Pick<Caller, 'authority'>): Pick<LongOutput, 'showsCanaries'> {
  return { showsCanaries: authority === 'everything' };
}

/** @param secret - empty where it isn't to be shown */
export function formatKey(
  key: AccessKey,
  secret: string,
  format: OutputFormat,
  output: LongOutput = {},
): string {
  const { isLong = false } = output;
  if (format === 'plain' && !isLong) return `${key.id}:${secret}\n`;
  const fields: Field[] = [
    ['ACCESS_KEY_ID', key.id],
    ['SECRET_ACCESS_KEY', secret],
    ['USER', key.user],
    ['PERMISSIONS', key.permissions],
    ['COMMENT', key.comment],
    ['TIME', formatTime(key.createdAtMs)],
    ['DATE', formatDate(key.createdAtMs)],
  ];
  if (isLong || format === 'json') fields.push(...longFields(key, output));
  if (format === 'json') return jsonBlock(fields);
  const texts = fields.map(([name, value]): [string, string] => [name, text(value)]);
  if (format === 'plain') return formatPlain([texts.map(([, value]) => value)]);
  return formatFields(texts, 20);
}

export function formatKeys(keys: readonly AccessKey[], format: OutputFormat, output: LongOutput): string {
  if (format === 'json') return jsonRows(keys.map((key) => jsonRowOf(key, output)));
  const rows = keys.map((key) => cellsOf(key, output));
  if (format === 'plain') return formatPlain(rows);
  return formatTable([...headsOf(output), ...rows]);
}

/** So many keys decide how wide the columns are. */
const measuredKeys = 1000;

/** The same of a list that is read in parts. */
export async function* formatKeysInParts(
  parts: AsyncIterable<AccessKeyPart>,
  format: OutputFormat,
  output: Omit<LongOutput, 'usage'>,
): AsyncGenerator<string, void> {
  if (format === 'json') yield* jsonRowsInParts(jsonParts(parts, output));
  else if (format === 'plain')
    for await (const { keys, usage } of parts)
      yield formatPlain(keys.map((key) => cellsOf(key, { ...output, usage })));
  else yield* tableInParts(parts, output);
}

async function* jsonParts(
  parts: AsyncIterable<AccessKeyPart>,
  output: Omit<LongOutput, 'usage'>,
): AsyncGenerator<JsonRow[], void> {
  for await (const { keys, usage } of parts) yield keys.map((key) => jsonRowOf(key, { ...output, usage }));
}

async function* tableInParts(
  parts: AsyncIterable<AccessKeyPart>,
  output: Omit<LongOutput, 'usage'>,
): AsyncGenerator<string, void> {
  let first: (readonly string[])[] | undefined = headsOf(output);
  let widths: number[] = [];
  for await (const { keys, usage } of parts) {
    const rows = keys.map((key) => cellsOf(key, { ...output, usage }));
    if (first === undefined) {
      yield formatRows(rows, widths);
      continue;
    }
    first.push(...rows);
    if (first.length < measuredKeys) continue;
    widths = widthsOf(first);
    yield formatRows(first, widths);
    first = undefined;
  }
  if (first !== undefined) yield formatTable(first);
}

function jsonRowOf(key: AccessKey, output: LongOutput): JsonRow {
  return {
    key: key.id,
    fields: [
      ['ACCESS_KEY_ID', key.id],
      ['USER', key.user],
      ['PERMISSIONS', key.permissions],
      ['COMMENT', key.comment],
      ['TIME', formatTime(key.createdAtMs)],
      ['DATE', formatDate(key.createdAtMs)],
      ...longFields(key, output),
    ],
  };
}

function cellsOf(key: AccessKey, output: LongOutput): string[] {
  return [
    key.id,
    key.user,
    key.permissions.join(',') || '-',
    key.comment || '-',
    formatTime(key.createdAtMs),
    formatDate(key.createdAtMs),
    ...(output.isLong === true ? longFields(key, output).map(([, value]) => text(value) || '-') : []),
  ];
}

function headsOf({ isLong = false, showsCanaries }: LongOutput): string[][] {
  const longHeads = isLong ? namesOf(showsCanaries) : [];
  return [
    ['ID', 'USER', 'PERMISSIONS', 'COMMENT', 'TIME', 'DATE', ...longHeads],
    // Hestia's line under the heads, one column more than there are heads.
    [
      '--',
      '------',
      '----',
      '-----------',
      '-------',
      '----',
      '----',
      ...longHeads.slice(1).map(() => '----'),
    ],
  ];
}

/** What is exported of a key: the moment that it was made says its zone. Of no key: the names alone. */
export function keyFields(key: AccessKey | undefined, output: LongOutput): Field[] {
  const names = ['ACCESS_KEY_ID', 'USER', 'PERMISSIONS', 'COMMENT', 'CREATED'];
  if (key === undefined) return [...names, ...namesOf(output.showsCanaries)].map((name) => [name, '']);
  return [
    ['ACCESS_KEY_ID', key.id],
    ['USER', key.user],
    ['PERMISSIONS', key.permissions],
    ['COMMENT', key.comment],
    ['CREATED', formatLocal(key.createdAtMs)],
    ...longFields(key, { ...output, isLong: true }),
  ];
}

/** For a terminal. */
export function keyTable(keys: readonly AccessKey[], output: LongOutput): Table {
  const longHeads = namesOf(output.showsCanaries);
  const columns: Column[] = [
    ...[{ head: 'ID' }, { head: 'USER' }, { head: 'PERMISSIONS', wraps: true as const }],
    ...[
      { head: 'COMMENT', importance: 20, wraps: true as const },
      { head: 'CREATED', importance: 19 },
    ],
    ...longHeads.map((head, index) => ({ head, importance: longHeads.length - index })),
  ];
  const width = output.isLong === true ? columns.length : columns.length - longHeads.length;
  const rows = keys.map((key) => ({
    cells: keyFields(key, output)
      .slice(0, width)
      .map(([, value]) => text(value) || '-'),
  }));
  return { columns: columns.slice(0, width), rows };
}

const longNames = [
  ...['EXPIRES', 'ALLOWED_IP', 'RATE_LIMIT', 'SUSPENDED', 'OLD_SECRET_UNTIL'],
  ...['LAST_USED', 'LAST_USED_IP', 'LAST_USED_COMMAND', 'MADE_BY', 'ONLY', 'CANARY'],
  'QUOTA',
] as const;

/** Others are not shown that there is such a thing. */
function namesOf(showsCanaries = false): readonly (typeof longNames)[number][] {
  return showsCanaries ? longNames : longNames.filter((name) => name !== 'CANARY');
}

/** Where a key has no limit of its own, only the REST dialect has one for it. */
const defaultLimit = `${formatRateLimit(restRateLimit)} (REST)`;

/** Those that are set, unless all are wanted. Times are UTC, to the second. */
function longFields(key: AccessKey, { isLong = false, usage, showsCanaries }: LongOutput): Field[] {
  const use = usage?.uses.get(key.id);
  const values: Record<(typeof longNames)[number], string | readonly string[]> = {
    EXPIRES: key.expiresAtMs === undefined ? '' : formatEnd(key.expiresAtMs).replace('.000', ''),
    ALLOWED_IP: key.allowedAddresses?.map(formatAddressRange) ?? [],
    RATE_LIMIT: key.rateLimit === undefined ? (isLong ? defaultLimit : '') : formatRateLimit(key.rateLimit),
    SUSPENDED: key.isSuspended ? 'yes' : isLong ? 'no' : '',
    OLD_SECRET_UNTIL: moment(usage?.overlaps.get(key.id)),
    LAST_USED: moment(use?.usedAtMs),
    LAST_USED_IP: use?.clientAddress ?? '',
    LAST_USED_COMMAND: use?.command ?? '',
    // Of a key that is listed: what a new key is answered with is Hestia's.
    MADE_BY: (usage !== undefined && key.makerId) || '',
    ONLY: key.only === undefined ? '' : formatHeld(key.only),
    QUOTA: key.quota === undefined ? '' : formatQuota(key.quota),
    CANARY: key.isCanary === true ? 'yes' : isLong ? 'no' : '',
  };
  const fields = namesOf(showsCanaries).map((name): Field => [name, values[name]]);
  return isLong ? fields : fields.filter(([, value]) => value.length > 0);
}

function moment(timeMs: number | undefined): string {
  return timeMs === undefined ? '' : `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

function text(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(',');
}
