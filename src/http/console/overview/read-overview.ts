import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type {
  AuditCountDto,
  AuditCountsDto,
  AuditEventPageDto,
} from '../../administration/audit/audit-event.dto.js';
import type { NodeListDto } from '../../administration/insight/insight.dto.js';
import type { ApiCalls, Query } from '../api/console-api.js';
import { beginOf, spans, type SpanName } from './spans.js';
import type { Piece } from '../components/request-chart.js';

const dayMs = 86_400_000;
/** Beyond that a number is told as "more than". */
export const mostKeys = 100;

/** Of one piece of the time. */
export interface Decisions {
  span: SpanName;
  /** ISO 8601. */
  since: string;
  allowed: number;
  denied: number;
  pieces: readonly Piece[];
  reasons: readonly { reason: string; count: number }[];
}

/** The parts of the overview that may take a while. */
export const lateParts = ['decisions', 'endSoon', 'neverUsed', 'alerts'] as const;
export type LatePartName = (typeof lateParts)[number];

interface PartValues {
  decisions: Decisions;
  endSoon: AccessKeyPageDto;
  neverUsed: AccessKeyPageDto;
  alerts: AuditEventPageDto;
}

/** Undefined: it was not there soon enough. */
export type Overview = { [Part in LatePartName]: PartValues[Part] | undefined } & { nodes: NodeListDto };

/** Reads each part, whether it takes long or not. */
export type PartReaders = { [Part in LatePartName]: () => Promise<PartValues[Part]> };

export function partReaders(api: ApiCalls, span: SpanName, nowMs: number): PartReaders {
  const keys = (query: Query): Promise<AccessKeyPageDto> =>
    api.get('/v1/access-keys', { state: 'active', limit: mostKeys, ...query });
  return {
    decisions: () => readDecisions(api, span, nowMs),
    endSoon: () =>
      keys({ expiresBefore: momentOf(nowMs + 14 * dayMs), isDerived: 'false', sort: 'expiresAt' }),
    neverUsed: () => keys({ unusedSince: momentOf(0) }),
    alerts: () => api.get<AuditEventPageDto>('/v1/audit-events', alertQuery(nowMs)),
  };
}

export function alertQuery(nowMs: number): Record<'type' | 'since' | 'limit', string> {
  return { type: 'alert', since: momentOf(nowMs - 30 * dayMs), limit: '5' };
}

async function readDecisions(api: ApiCalls, span: SpanName, nowMs: number): Promise<Decisions> {
  const beginMs = beginOf(span, nowMs);
  const since = momentOf(beginMs);
  const { interval, pieceMs, pieces: pieceCount } = spans[span];
  const pieces = Array.from({ length: pieceCount }, (_, index) => ({
    ...{ fromMs: beginMs + index * pieceMs, allowed: 0, denied: 0 },
  }));
  const counts = await countReasons(api, since, interval);
  for (const { value, from = since, count } of counts.pieces) {
    const piece = pieces[Math.floor((Date.parse(from) - beginMs) / pieceMs)];
    // What was decided since the page was begun.
    if (piece === undefined) continue;
    if (value === counts.allowed) piece.allowed += count;
    else piece.denied += count;
  }
  const sum = (name: 'allowed' | 'denied'): number => pieces.reduce((all, piece) => all + piece[name], 0);
  return {
    ...{ span, since, pieces },
    ...{ allowed: sum('allowed'), denied: sum('denied'), reasons: counts.reasons },
  };
}

interface ReasonCounts {
  pieces: readonly AuditCountDto[];
  /** The value of the pieces that stands for what was allowed. */
  allowed: string;
  reasons: readonly { reason: string; count: number }[];
}

/** What is allowed has no reason: so the events are read once for both, and twice only where there are too many reasons. */
async function countReasons(
  api: ApiCalls,
  since: string,
  interval: (typeof spans)[SpanName]['interval'],
): Promise<ReasonCounts> {
  const count = async (query: Query): Promise<readonly AuditCountDto[]> =>
    (await api.get<AuditCountsDto>('/v1/audit-events/counts', { actor: 'programs', since, ...query })).items;
  const all = await count({ by: 'reason', interval });
  if (!all.some(({ value }) => value === countedTogether)) {
    const denied = all.filter(({ value }) => value !== '');
    return { pieces: all, allowed: '', reasons: inOrder(denied) };
  }
  const [outcomes, reasons] = await Promise.all([
    count({ by: 'outcome', interval }),
    count({ by: 'reason', outcome: 'deny' }),
  ]);
  return { pieces: outcomes, allowed: 'allow', reasons: inOrder(reasons) };
}

/** Stands in place of values beyond those that REST v1 tells apart. */
const countedTogether = '…';

function inOrder(counts: readonly AuditCountDto[]): { reason: string; count: number }[] {
  const sums = new Map<string, number>();
  for (const { value, count } of counts) sums.set(value, (sums.get(value) ?? 0) + count);
  return [...sums]
    .map(([reason, count]) => ({ reason, count }))
    .sort((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}
