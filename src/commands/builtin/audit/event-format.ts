import { actorName, type Actor, type AuditEvent } from '../../../audit/audit-event.js';
import type { NumberedEvent } from '../../../audit/record/event-pages.js';
import { csvLines } from '../../csv-lines.js';
import { parseFormat, type OutputFormat } from '../../output-formats.js';
import type { Column, Row } from '../../tables/table.js';

/** `csv` and `jsonl` are printed as events are found. */
export type EventFormat = OutputFormat | 'csv' | 'jsonl';

export const eventFormats: readonly EventFormat[] = ['shell', 'json', 'plain', 'csv', 'jsonl'];

/** @throws AppError 2 */
export function parseEventFormat(text: string | undefined): EventFormat {
  return text === 'csv' || text === 'jsonl' ? text : parseFormat(text);
}

const csvHeads = [
  ...['number', 'time', 'type', 'outcome', 'actor', 'clientAddress', 'command', 'args', 'reason', 'code'],
  ...['target', 'note', 'count', 'id'],
];

/** Columns and their contents are those of `GET /v1/audit-events` as CSV. */
export function csvOf(events: readonly NumberedEvent[], hasHead: boolean): string {
  const rows = events.map((event) => [
    ...[event.seq, event.time, event.type, event.outcome, event.actor, event.clientAddress ?? null],
    ...[event.command ?? null, event.args ?? null, event.reason ?? null, event.code ?? null],
    ...[event.target ?? null, event.note ?? event.alert ?? null, event.count ?? 1, event.id],
  ]);
  return csvLines(hasHead ? [csvHeads, ...rows] : rows);
}

export function jsonLinesOf(events: readonly NumberedEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

export const scriptHeads = ['TIME', 'TYPE', 'OUTCOME', 'WHO', 'ADDRESS', 'COMMAND', 'REASON', 'CODE'];

/** In the order of `scriptHeads`. */
export function scriptRow(event: AuditEvent): string[] {
  return [
    ...[event.time, event.type, event.outcome, actorName(event.actor), addressOf(event)],
    ...[whatOf(event), reasonOf(event), codeOf(event)],
  ];
}

export const terminalColumns: readonly Column[] = [
  { head: 'TIME' },
  { head: 'TYPE', importance: 4 },
  { head: 'OUTCOME' },
  { head: 'WHO' },
  { head: 'AS', importance: 1 },
  { head: 'ADDRESS', importance: 5 },
  { head: 'COMMAND', wraps: true },
  { head: 'REASON', importance: 6 },
  { head: 'CODE', importance: 3 },
  { head: 'NUMBER', importance: 2 },
];

export function terminalRow(event: NumberedEvent): Row {
  return {
    cells: [
      ...[event.time.replace(/\.\d+Z$/, 'Z'), event.type, event.outcome, actorName(event.actor)],
      ...[asWhom(event.actor), addressOf(event), whatOf(event), reasonOf(event), codeOf(event)],
      String(event.seq),
    ],
    isBad: event.outcome === 'deny' || event.outcome === 'failed',
  };
}

/** The user behind a key; of an operator the Unix user and the terminal, as his command line said. */
function asWhom(actor: Actor): string {
  if (actor.kind === 'operator') {
    const { unixUser, uid = '', terminal } = actor;
    const user = unixUser ?? (uid === '' ? '-' : `uid ${uid}`);
    return terminal === undefined ? user : `${user} on ${terminal}`;
  }
  return actor.kind === 'access_key' ? (actor.user ?? '-') : actor.kind;
}

function whatOf(event: AuditEvent): string {
  const target = Object.entries(event.target ?? {}).map(([name, value]) => `${name}=${value}`);
  return [event.alert ?? event.command ?? event.note ?? '-', ...(event.args ?? []), ...target].join(' ');
}

function reasonOf({ reason, count }: AuditEvent): string {
  return `${reason ?? '-'}${count === undefined ? '' : ` x${String(count)}`}`;
}

function codeOf({ code }: AuditEvent): string {
  return code === undefined ? '-' : String(code);
}

function addressOf({ clientAddress = '', addressClaimedBy }: AuditEvent): string {
  const address = clientAddress || '-';
  return addressClaimedBy === undefined ? address : `${address} claimed by ${addressClaimedBy}`;
}
