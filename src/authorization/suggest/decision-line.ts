import type { AuditEvent } from '../../audit/audit-event.js';

/** What a suggestion reads of a decision about an access key whose secret was right. */
export interface RecordedDecision {
  accessKeyId: string;
  timeMs: number;
  isAllowed: boolean;
  /** Empty: the record names none. */
  clientAddress: string;
  command: string;
  reason: string;
}

/**
 * A line as decisions are written (audit/event-json.ts). It is held to the beginning of the line: what a client sent
 * stands behind it, or in quotation marks that are escaped.
 */
const text = '([^"\\\\]*)';
const usual = new RegExp(
  `^{"seq":\\d+,"id":"[^"\\\\]*","time":"${text}","type":"decision","outcome":"(allow|deny)",` +
    `"actor":{"kind":"access_key","accessKeyId":"${text}","user":"[^"\\\\]*"}` +
    `(?:,"clientAddress":"${text}")?(?:,"addressClaimedBy":"[^"\\\\]*")?,"command":"${text}"(?:,"reason":"${text}")?`,
);

/** Undefined: another event, or a decision about somebody who could not prove who he is. */
export function readDecision(line: string): RecordedDecision | undefined {
  const found = usual.exec(line);
  if (found !== null) {
    const [, time = '', outcome, accessKeyId = '', clientAddress = '', command = '', reason = ''] = found;
    const isAllowed = outcome === 'allow';
    return { accessKeyId, timeMs: Date.parse(time), isAllowed, clientAddress, command, reason };
  }
  return line.includes('"type":"decision"') ? readEvent(line) : undefined;
}

/** The arguments of a decision; undefined: it has none. */
export function argumentsIn(line: string): readonly string[] | undefined {
  return parse(line)?.args;
}

function readEvent(line: string): RecordedDecision | undefined {
  const { type, actor, time, outcome, clientAddress = '', command = '', reason = '' } = parse(line) ?? {};
  if (type !== 'decision' || actor?.kind !== 'access_key' || actor.user === undefined) return undefined;
  const { accessKeyId } = actor;
  const isAllowed = outcome === 'allow';
  return { accessKeyId, timeMs: Date.parse(time ?? ''), isAllowed, clientAddress, command, reason };
}

function parse(line: string): Partial<AuditEvent> | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}
