import { csvRow } from '../../../text/csv.js';
import type { EventFilter } from '../../../audit/record/event-filter.js';
import type { NumberedEvent } from '../../../audit/record/event-pages.js';
import { readVerdicts } from '../../../audit/audit-event.js';
import type { AuditEventDto, AuditEventQuery } from './audit-event.dto.js';

export function showEvent(event: NumberedEvent): AuditEventDto {
  return {
    number: event.seq,
    id: event.id,
    time: event.time,
    type: event.type,
    outcome: event.outcome,
    actor: { ...event.actor },
    clientAddress: event.clientAddress ?? null,
    command: event.command ?? null,
    args: event.args === undefined ? null : [...event.args],
    reason: event.reason ?? null,
    code: event.code ?? null,
    target: event.target === undefined ? null : { ...event.target },
    note: event.note ?? event.alert ?? null,
    count: event.count ?? 1,
    ...(event.trial !== undefined && {
      trial: readVerdicts(event).map(({ accessKeyId, since, wouldDeny = null }) => {
        return { accessKeyId, since, wouldDeny };
      }),
    }),
  };
}

export function readEventFilter(query: AuditEventQuery): EventFilter {
  const { accessKeyId, user, command, clientAddress, actor, type, outcome, reason, since, until } = query;
  return {
    ...{ accessKeyId, user, command, clientAddress, actor, type, outcome, reason },
    sinceMs: since === undefined ? undefined : Date.parse(since),
    untilMs: until === undefined ? undefined : Date.parse(until),
  };
}

const columns = [
  ...(['number', 'time', 'type', 'outcome', 'actor', 'clientAddress', 'command', 'args'] as const),
  ...(['reason', 'code', 'target', 'note', 'count', 'id'] as const),
];

export const eventCsvHead = csvRow(columns);

export function eventCsvRow(event: NumberedEvent): string {
  const shown = showEvent(event);
  return csvRow(columns.map((column) => shown[column]));
}
