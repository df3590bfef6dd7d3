import { setImmediate as breathe } from 'node:timers/promises';
import { formatDate, formatTime } from '../../../audit/times.js';
import type { User } from '../../../users/user.js';
import { formatPlain, formatTable, parseFormat, type OutputFormat } from '../../output-formats.js';
import { plainTable, type Column, type Table } from '../../tables/table.js';

/** The formats of `v-list-users`: `list` has the names alone. */
export type UsersFormat = OutputFormat | 'csv' | 'list';

export function parseUsersFormat(text: string | undefined): UsersFormat {
  return text === 'csv' || text === 'list' ? text : parseFormat(text);
}

const limits = ['WEB_DOMAINS', 'WEB_ALIASES', 'DNS_DOMAINS', 'DNS_RECORDS', 'MAIL_DOMAINS', 'MAIL_ACCOUNTS'];
const suspended = ['SUSPENDED_WEB', 'SUSPENDED_DNS', 'SUSPENDED_MAIL', 'SUSPENDED_DB', 'SUSPENDED_CRON'];
const used = [
  ...['U_DISK', 'U_DISK_DIRS', 'U_DISK_WEB', 'U_DISK_MAIL', 'U_DISK_DB', 'U_BANDWIDTH', 'U_WEB_DOMAINS'],
  ...['U_WEB_SSL', 'U_WEB_ALIASES', 'U_DNS_DOMAINS', 'U_DNS_RECORDS', 'U_MAIL_DOMAINS', 'U_MAIL_DKIM'],
  ...['U_MAIL_ACCOUNTS', 'U_DATABASES', 'U_CRON_JOBS', 'U_BACKUPS'],
];
const first = ['NAME', 'PACKAGE', 'WEB_TEMPLATE', 'BACKEND_TEMPLATE', 'PROXY_TEMPLATE', 'DNS_TEMPLATE'];
const counted = [...limits, 'DATABASES', 'CRON_JOBS', 'DISK_QUOTA'];
const addresses = ['IP_AVAIL', 'IP_OWNED', 'U_USERS'];

/** The fields of Hestia's lists, each in the order that Hestia has there. */
const ofUser = [
  ...first,
  ...counted,
  ...['BANDWIDTH', 'HOME', 'NS', 'SHELL', 'BACKUPS', 'CONTACT', 'CRON_REPORTS', 'RKEY', 'TWOFA', 'QRCODE'],
  ...['ROLE', 'SUSPENDED', 'SUSPENDED_USERS', ...suspended, ...addresses, ...used],
  ...['BACKUPS_INCREMENTAL', 'LANGUAGE', 'THEME', 'NOTIFICATIONS', 'PREF_UI_SORT', 'LOGIN_DISABLED'],
  ...['LOGIN_USE_IPLIST', 'LOGIN_ALLOW_IPS', 'PHPCLI', 'TIME', 'DATE'],
];
const ofUsers = [
  ...first,
  ...counted,
  ...['CPU_QUOTA', 'CPU_QUOTA_PERIOD', 'MEMORY_LIMIT', 'SWAP_LIMIT', 'BANDWIDTH', 'NS', 'SHELL', 'BACKUPS'],
  ...['CONTACT', 'CRON_REPORTS', 'RKEY', 'ROLE', 'SUSPENDED', 'SUSPENDED_USERS', ...suspended, ...addresses],
  ...[...used, 'LANGUAGE', 'TIME', 'DATE'],
];
const ofPlainUser = [
  ...first,
  ...counted,
  ...['BANDWIDTH', 'NS', 'HOME', 'SHELL', 'BACKUPS', 'CONTACT', 'CRON_REPORTS', 'RKEY', 'SUSPENDED'],
  ...['SUSPENDED_USERS', ...suspended, ...addresses, ...used, 'LANGUAGE', 'THEME', 'TIME', 'DATE'],
];

/** `v-list-user`. */
export function formatUser(user: User, rootUser: string, format: OutputFormat): string {
  const value = valuesOf(user, rootUser);
  if (format === 'json') return jsonUsers([[user.name, ofUser, value]]);
  if (format === 'plain') return formatPlain([[user.name, ...ofPlainUser.map(value)]]);
  const share = (name: string, of = name): string => `${value(`U_${name}`)}/${value(of)}`;
  const lines: [string, string][] = [
    ['USERNAME:', user.name],
    ['FULL NAME:', value('NAME')],
    ['EMAIL:', value('CONTACT')],
    ...['LANGUAGE', 'THEME', 'SUSPENDED', 'PACKAGE', 'SHELL'].map((name): [string, string] => [
      `${name}:`,
      value(name),
    ]),
    ...[...limits, 'BACKUPS', 'DATABASES'].map((name): [string, string] => [
      `${name.replace('_', ' ')}:`,
      share(name),
    ]),
    ['CRON_JOBS:', share('CRON_JOBS')],
    ['DISK:', share('DISK', 'DISK_QUOTA')],
    ['BANDWIDTH:', share('BANDWIDTH')],
    ['IP ADDRESSES', `${value('IP_OWNED')}/${value('IP_AVAIL')}`],
    ['TIME:', value('TIME')],
    ['DATE:', value('DATE')],
  ];
  return lines.map(([name, text]) => `${name.padEnd(15)}${text}\n`).join('');
}

/** `v-list-users` in all forms but the table, in parts between which others have their turn. */
export async function* usersInParts(
  users: readonly User[],
  rootUser: string,
  format: Exclude<UsersFormat, 'shell'>,
): AsyncGenerator<string, void> {
  if (format === 'csv') yield csvLine(['USER', ...ofUsers]);
  const write = writers[format];
  for (let start = 0; start < users.length; start += usersInPart) {
    const part = users.slice(start, start + usersInPart);
    const texts = part.map((user, index) => write(user.name, valuesOf(user, rootUser), start + index === 0));
    yield texts.join('');
    await breathe();
  }
  if (format === 'json') yield users.length === 0 ? '{}\n' : '\n}\n';
}

/** They take about a millisecond. */
const usersInPart = 50;

const writers = {
  json: (name: string, value: (field: string) => string, isFirst: boolean): string => {
    const object = JSON.stringify(Object.fromEntries(ofUsers.map((field) => [field, value(field)])), null, 4);
    return `${isFirst ? '{' : ','}\n    ${JSON.stringify(name)}: ${object.replaceAll('\n', '\n    ')}`;
  },
  list: (name: string): string => `${name}\n`,
  plain: (name: string, value: (field: string) => string): string =>
    formatPlain([[name, ...ofUsers.map(value)]]),
  csv: (name: string, value: (field: string) => string): string => csvLine([name, ...ofUsers.map(value)]),
};

/** `v-list-users` as a table. */
export function formatUsersTable(users: readonly User[], rootUser: string): string {
  const rows = users.map((user) => [user.name, ...columns.map(valuesOf(user, rootUser))]);
  return formatTable([...head, ...rows]);
}

const head = [
  ['USER', 'ROLE', 'PKG', 'WEB', 'DNS', 'MAIL', 'DB', 'DISK', 'BW', 'SPND', 'DATE'],
  ['----', '----', '---', '---', '---', '----', '--', '----', '--', '----', '----'],
];
const columns = [
  ...['ROLE', 'PACKAGE', 'U_WEB_DOMAINS', 'U_DNS_DOMAINS', 'U_MAIL_DOMAINS', 'U_DATABASES', 'U_DISK'],
  ...['U_BANDWIDTH', 'SUSPENDED', 'DATE'],
];

/** For a terminal: who it is stays where there is no room for what each has. */
const importanceOf: Readonly<Record<string, number>> = {
  ...{ BW: 1, DISK: 2, DB: 3, MAIL: 4, DNS: 5, WEB: 6, DATE: 7, PKG: 8 },
};

export function usersTable(users: readonly User[], rootUser: string): Table {
  const tableColumns = (head[0] ?? []).map((text): Column => {
    const importance = importanceOf[text];
    return { head: text, ...(importance !== undefined && { importance }) };
  });
  const rows = users.map((user) => [user.name, ...columns.map(valuesOf(user, rootUser))]);
  return plainTable(tableColumns, rows);
}

/**
 * What is known of a user here, and for the rest the values of an account that has nothing: no limits, nothing used,
 * no service.
 */
function valuesOf(user: User, rootUser: string): (name: string) => string {
  const known: Readonly<Record<string, string>> = {
    NAME: `${user.firstName} ${user.lastName}`.trim(),
    PACKAGE: user.package,
    CONTACT: user.email,
    ROLE: user.name === rootUser ? 'admin' : user.role,
    SUSPENDED: user.isSuspended ? 'yes' : 'no',
    LOGIN_DISABLED: user.isLoginDisabled ? 'yes' : 'no',
    HOME: `/home/${user.name}`,
    TIME: formatTime(user.createdAtMs),
    DATE: formatDate(user.createdAtMs),
    ...others,
  };
  return (name) => known[name] ?? '';
}

const others: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...counted, 'BANDWIDTH'].map((name) => [name, 'unlimited'])),
  ...Object.fromEntries(
    [...suspended, ...used, ...addresses, 'SUSPENDED_USERS', 'BACKUPS'].map((name) => [name, '0']),
  ),
  ...{ SHELL: 'nologin', LANGUAGE: 'en', CRON_REPORTS: 'no', NOTIFICATIONS: 'no', LOGIN_USE_IPLIST: 'no' },
};

function jsonUsers(
  users: readonly (readonly [string, readonly string[], (name: string) => string])[],
): string {
  const objects = users.map(([name, fields, value]) => [
    name,
    Object.fromEntries(fields.map((field) => [field, value(field)])),
  ]);
  return `${JSON.stringify(Object.fromEntries(objects), null, 4)}\n`;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

/** In quotes where it has to be; a name may have commas in it. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
