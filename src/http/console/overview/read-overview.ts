import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { AuditCountsDto, AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
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
    endSoon: () => keys({ expiresBefore: momentOf(nowMs + 14 * dayMs), sort: 'expiresAt' }),
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
  const count = (query: Query): Promise<AuditCountsDto> =>
    api.get('/v1/audit-events/counts', { actor: 'programs', since, ...query });
  const [outcomes, reasons] = await Promise.all([
    count({ by: 'outcome', interval }),
    count({ by: 'reason', outcome: 'deny' }),
  ]);
  const pieces = Array.from({ length: pieceCount }, (_, index) => ({
    ...{ fromMs: beginMs + index * pieceMs, allowed: 0, denied: 0 },
  }));
  for (const { value, from = since, count } of outcomes.items) {
    const piece = pieces[Math.floor((Date.parse(from) - beginMs) / pieceMs)];
    // What was decided since the page was begun.
    if (piece === undefined) continue;
    if (value === 'allow') piece.allowed += count;
    else piece.denied += count;
  }
  return {
    ...{ span, since, pieces },
    allowed: pieces.reduce((sum, { allowed }) => sum + allowed, 0),
    denied: pieces.reduce((sum, { denied }) => sum + denied, 0),
    reasons: reasons.items.map(({ value, count }) => ({ reason: value, count })),
  };
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}
