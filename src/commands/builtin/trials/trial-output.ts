import type { TrialReport, TrialReports } from '../../../authorization/trials/trial-report.js';
import { describeTried } from '../../../keys/trials/trial.js';
import { csvLines } from '../../csv-lines.js';
import { formatPlain, formatTable, parseFormat, type OutputFormat } from '../../output-formats.js';

export type TrialFormat = OutputFormat | 'csv';

export const trialFormats: readonly TrialFormat[] = ['shell', 'json', 'plain', 'csv'];

/** @throws AppError 2 */
export function parseTrialFormat(text: string | undefined): TrialFormat {
  return text === 'csv' ? text : parseFormat(text);
}

export function formatTrials(reports: TrialReports, format: TrialFormat): string {
  if (format === 'json') return `${JSON.stringify(jsonOf(reports), null, 4)}\n`;
  const rows = reports.trials.flatMap(rowsOf);
  if (format === 'plain') return formatPlain(rows);
  if (format === 'csv') return csvLines([rowHeads, ...rows]);
  return formatTables(reports);
}

const rowHeads = ['kind', 'key', 'user', 'tries', 'since', 'by', 'count', 'denied', 'command', 'reason'];

/** A row for each trial, and one for each command and reason that it would have denied. */
function rowsOf({ key, trial, decisions, denied, denials }: TrialReport): string[][] {
  return [
    [
      ...['trial', key.id, key.user, describeTried(trial), momentOf(trial.sinceMs), trial.by],
      ...[String(decisions), String(denied), '', ''],
    ],
    ...denials.map(({ command, reason, count, lastMs }) => [
      ...['denial', key.id, key.user, '', momentOf(lastMs), '', String(count), String(count)],
      ...[command, reason],
    ]),
  ];
}

function jsonOf({ trials, node, otherNodes, recordFromMs }: TrialReports): object {
  const ofRecord = {
    ...{ NODE: node, OTHER_NODES: otherNodes },
    RECORD_FROM: recordFromMs === undefined ? '' : momentOf(recordFromMs),
  };
  return Object.fromEntries(
    trials.map(({ key, trial, decisions, denied, denials }) => [
      key.id,
      {
        ...{ USER: key.user, TRIES: describeTried(trial), SINCE: momentOf(trial.sinceMs), BY: trial.by },
        ...{ DECISIONS: decisions, WOULD_DENY: denied },
        DENIALS: denials.map(({ command, reason, count, lastMs }) => {
          return { COMMAND: command, REASON: reason, COUNT: count, LAST: momentOf(lastMs) };
        }),
        ...ofRecord,
      },
    ]),
  );
}

function formatTables({ trials }: TrialReports): string {
  const heads = ['KEY', 'USER', 'SINCE', 'BY', 'DECISIONS', 'WOULD DENY', 'TRIES'];
  const table = formatTable([
    ...[heads, heads.map((head) => '-'.repeat(head.length))],
    ...trials.map(({ key, trial, decisions, denied }) => [
      ...[key.id, key.user, momentOf(trial.sinceMs), trial.by || '-', String(decisions), String(denied)],
      describeTried(trial),
    ]),
  ]);
  const denials = trials.flatMap((report) =>
    report.denials.map(({ command, reason, count, lastMs }) => [
      ...[report.key.id, command, reason, String(count), momentOf(lastMs)],
    ]),
  );
  if (denials.length === 0) return table;
  const denialHeads = ['KEY', 'COMMAND', 'REASON', 'COUNT', 'LAST'];
  const underlined = [denialHeads, denialHeads.map((head) => '-'.repeat(head.length))];
  return `${table}\n${formatTable([...underlined, ...denials])}`;
}

/** UTC, to the second. */
function momentOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
