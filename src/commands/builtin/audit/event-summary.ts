import type { AuditReader } from '../../../audit/record/audit-reader.js';
import { countEvents, type CountedBy } from '../../../audit/record/event-counts.js';
import type { EventFilter } from '../../../audit/record/event-filter.js';
import { ok, type CommandResult } from '../../builtin-command.js';
import { csvLines } from '../../csv-lines.js';
import { formatPlain, formatTable } from '../../output-formats.js';
import type { EventFormat } from './event-format.js';

/** What decisions are counted by. */
export const summaries = {
  key: 'accessKeyId',
  user: 'user',
  ip: 'clientAddress',
  command: 'command',
  reason: 'reason',
} as const satisfies Record<string, CountedBy>;
export type SummarizedBy = keyof typeof summaries;

/** Decisions counted, the most frequent values first; those of value `-` have none. */
export async function summarize(
  reader: AuditReader,
  { filter, limit }: { filter: EventFilter; limit: number },
  by: SummarizedBy,
  format: EventFormat,
): Promise<CommandResult> {
  const counts = (await countEvents(reader, filter, summaries[by], undefined)).slice(0, limit);
  const head = by.toUpperCase();
  const rows = counts.map(({ value, count }) => [value || '-', String(count)]);
  const items = counts.map(({ value, count }) => ({ [head]: value, COUNT: count }));
  if (format === 'json') return ok(`${JSON.stringify(items, null, 4)}\n`);
  if (format === 'jsonl') return ok(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  if (format === 'csv') return ok(csvLines([[by, 'count'], ...rows]));
  if (format === 'plain') return ok(formatPlain(rows));
  return ok(formatTable([[head, 'COUNT'], ['-'.repeat(head.length), '-----'], ...rows]), {
    columns: [{ head, wraps: true }, { head: 'COUNT' }],
    rows: rows.map((cells) => ({ cells })),
  });
}
