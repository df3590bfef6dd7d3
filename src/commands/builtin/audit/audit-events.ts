import { actorName, type AuditEvent } from '../../audit/audit-event.js';
import type { AuditReader } from '../../audit/record/audit-reader.js';
import { matches, queryOf, type EventFilter } from '../../audit/record/event-filter.js';
import { parseDurationMs } from '../../config/duration.js';
import { invalid } from '../../errors.js';
import { trimWhiteSpace } from '../../text/white-space.js';
import { ok, type BuiltinCommand, type Invocation } from '../builtin-command.js';
import { formatPlain, formatTable, parseFormat } from '../output-formats.js';

const defaultLimit = 50;
const maxLimit = 100_000;
/** `v-list-audit-events`: what was decided and changed, newest last. */
export function listAuditEventsCommand(reader: AuditReader): BuiltinCommand {
  return {
    name: 'v-list-audit-events',
    info: 'list audit events: what was asked, decided, changed and run; newest last',
    options: '[FORMAT]',
    longOptions: [
      { name: 'key', value: 'ID', info: 'events of this access key' },
      { name: 'user', value: 'USER', info: 'events of this user, or about this user' },
      { name: 'command', value: 'COMMAND', info: 'events of this command' },
      { name: 'ip', value: 'ADDRESS', info: 'events from this client address' },
      { name: 'type', value: 'TYPE', info: 'decision, change, result, note or alert' },
      { name: 'outcome', value: 'OUTCOME', info: 'allow, deny, done or failed' },
      { name: 'reason', value: 'REASON', info: 'denials for this reason' },
      { name: 'since', value: 'WHEN', info: 'the earliest: 1h (a duration back) or 2026-01-31T12:00' },
      { name: 'until', value: 'WHEN', info: 'the latest, in the same form' },
      { name: 'limit', value: 'N', info: `the most events, the newest ones (${String(defaultLimit)})` },
    ],
    examples: [
      'v-list-audit-events --since 1h --outcome deny',
      'v-list-audit-events json --key InNqgp01kO3v0W22eg6Z --limit 1000',
      'v-list-audit-events --type change --user alice',
    ],
    changes: false,
    async run(invocation) {
      const format = parseFormat(invocation.args[0]);
      const { filter, limit } = readFilters(invocation.options);
      const events: AuditEvent[] = [];
      for await (const event of reader.search(queryOf(filter))) {
        if (matches(event, filter) && events.push(event) >= limit) break;
      }
      events.reverse();
      if (format === 'json') return ok(`${JSON.stringify(events, null, 4)}\n`);
      const rows = events.map(formatRow);
      if (format === 'plain') return ok(formatPlain(rows));
      const heads = ['TIME', 'TYPE', 'OUTCOME', 'WHO', 'ADDRESS', 'COMMAND', 'REASON', 'CODE'];
      return ok(formatTable([heads, heads.map((head) => '-'.repeat(head.length)), ...rows]));
    },
  };
}

function readFilters(options: Invocation['options']) {
  const last = (name: string): string | undefined => {
    const value = options.get(name)?.at(-1);
    return name === 'ip' ? value && trimWhiteSpace(value) : value;
  };
  const sinceMs = parseMoment(last('since'));
  const untilMs = parseMoment(last('until'));
  const limit = Number(last('limit') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    throw invalid(`--limit is a whole number from 1 to ${String(maxLimit)}`);
  }
  const filter: EventFilter = {
    ...{ accessKeyId: last('key'), user: last('user'), command: last('command'), clientAddress: last('ip') },
    ...{ type: last('type'), outcome: last('outcome'), reason: last('reason'), sinceMs, untilMs },
  };
  return { filter, limit };
}

function parseMoment(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const durationMs = parseDurationMs(text);
  const moment = durationMs === undefined ? Date.parse(text) : Date.now() - durationMs;
  if (Number.isNaN(moment)) throw invalid(`${text} is neither a duration (1h) nor a date (2026-01-31T12:00)`);
  return moment;
}

function formatRow(event: AuditEvent): string[] {
  const target = Object.entries(event.target ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    event.time,
    event.type,
    event.outcome,
    actorName(event.actor),
    addressOf(event),
    [event.alert ?? event.command ?? event.note ?? '-', ...(event.args ?? []), ...target].join(' '),
    `${event.reason ?? '-'}${event.count === undefined ? '' : ` x${String(event.count)}`}`,
    event.code === undefined ? '-' : String(event.code),
  ];
}

function addressOf({ clientAddress = '', addressClaimedBy }: AuditEvent): string {
  const address = clientAddress || '-';
  return addressClaimedBy === undefined ? address : `${address} claimed by ${addressClaimedBy}`;
}
