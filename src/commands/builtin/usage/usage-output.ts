import type { QuotaState } from '../../../authorization/limits/quota-counter.js';
import type { DayUse, KeyUsageReport } from '../../../authorization/usage/key-usage.js';
import { formatQuotaEnd } from '../../../keys/limits/quota-period.js';
import { formatQuota } from '../../../keys/limits/quota.js';
import { csvLines } from '../../csv-lines.js';
import { formatPlain, formatTable, parseFormat, type OutputFormat } from '../../output-formats.js';

export type UsageFormat = OutputFormat | 'csv';

export const usageFormats: readonly UsageFormat[] = ['shell', 'json', 'plain', 'csv'];

/** @throws AppError 2 */
export function parseUsageFormat(text: string | undefined): UsageFormat {
  return text === 'csv' ? text : parseFormat(text);
}

export function formatUsage(report: KeyUsageReport, format: UsageFormat): string {
  if (format === 'json') return `${JSON.stringify(jsonOf(report), null, 4)}\n`;
  if (format === 'shell') return formatTables(report);
  const rows = [...report.quotas.map(quotaRow), ...report.uses.map((use) => useRow(use, report.key.id))];
  return format === 'plain' ? formatPlain(rows) : csvLines([rowHeads, ...rows]);
}

const rowHeads = ['kind', 'key', 'day', 'command', 'outcome', 'reason', 'count', 'quota', 'until'];

/** Of a quota `count` is what is used of it. */
function quotaRow({ keyId, quota, used, endsAtMs }: QuotaState): string[] {
  return ['quota', keyId, '', '', '', '', String(used), formatQuota(quota), formatQuotaEnd(endsAtMs)];
}

function useRow({ day, command, outcome, reason, count }: DayUse, keyId: string): string[] {
  return ['use', keyId, day, command, outcome, reason, String(count), '', ''];
}

function jsonOf({ key, sinceMs, uses, quotas, node, otherNodes, recordFromMs }: KeyUsageReport): object {
  return {
    [key.id]: {
      ...{ USER: key.user, SINCE: momentOf(sinceMs) },
      QUOTAS: quotas.map(({ keyId, quota, used, endsAtMs }) => {
        return { KEY: keyId, QUOTA: formatQuota(quota), USED: used, UNTIL: formatQuotaEnd(endsAtMs) };
      }),
      USES: uses.map(({ day, command, outcome, reason, count }) => {
        return { DAY: day, COMMAND: command, OUTCOME: outcome, REASON: reason, COUNT: count };
      }),
      ...{ NODE: node, OTHER_NODES: otherNodes },
      RECORD_FROM: recordFromMs === undefined ? '' : momentOf(recordFromMs),
    },
  };
}

function formatTables({ uses, quotas }: KeyUsageReport): string {
  const table = tableOf(
    ['DAY', 'COMMAND', 'OUTCOME', 'REASON', 'COUNT'],
    uses.map(({ day, command, outcome, reason, count }) => [
      ...[day, command || '-', outcome, reason || '-', String(count)],
    ]),
  );
  if (quotas.length === 0) return table;
  const ofQuotas = tableOf(
    ['KEY', 'QUOTA', 'USED', 'UNTIL'],
    quotas.map(({ keyId, quota, used, endsAtMs }) => [
      ...[keyId, formatQuota(quota), String(used), formatQuotaEnd(endsAtMs)],
    ]),
  );
  return `${ofQuotas}\n${table}`;
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return formatTable([heads, heads.map((head) => '-'.repeat(head.length)), ...rows]);
}

/** UTC, to the second. */
function momentOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
