import type { AuditEvent } from '../../audit/audit-event.js';
import { readDecision } from '../suggest/decision-line.js';
import { dayOf } from '../../keys/limits/quota-period.js';
import type { DayUse } from './key-usage.js';

/** Of different days, commands and outcomes; those beyond are counted together, as the command `…`. */
const mostRows = 10_000;

interface Counted extends Omit<DayUse, 'day'> {
  timeMs: number;
}

/** Counts the decisions about one key, line by line. */
export class UsageTally {
  private readonly rows = new Map<string, DayUse>();

  constructor(
    private readonly keyId: string,
    private readonly sinceMs: number,
  ) {}

  add(line: string): void {
    // Most lines of a piece are about others: what is cheap comes first.
    if (!line.includes(this.keyId)) return;
    const found = this.read(line);
    if (found === undefined || found.timeMs < this.sinceMs) return;
    const { timeMs, command, outcome, reason, count } = found;
    const use = { day: dayOf(timeMs), command, outcome, reason, count };
    const place = placeOf(use);
    const known = this.rows.get(place);
    if (known !== undefined) known.count += count;
    else if (this.rows.size < mostRows) this.rows.set(place, use);
    else this.addToRest(use);
  }

  uses(): DayUse[] {
    const places = [...this.rows.keys()].sort();
    return places.flatMap((place) => this.rows.get(place) ?? []);
  }

  private addToRest(use: DayUse): void {
    const rest = { ...use, command: '…' };
    const known = this.rows.get(placeOf(rest));
    if (known === undefined) this.rows.set(placeOf(rest), rest);
    else known.count += use.count;
  }

  private read(line: string): Counted | undefined {
    const decision = readDecision(line);
    if (decision === undefined) return readFailure(line, this.keyId);
    const { accessKeyId, timeMs, isAllowed, command, reason } = decision;
    if (accessKeyId !== this.keyId) return undefined;
    return { timeMs, command, outcome: isAllowed ? 'allow' : 'deny', reason, count: 1 };
  }
}

function placeOf({ day, command, outcome, reason }: DayUse): string {
  return [day, command, outcome, reason].join('\n');
}

/** Of a client who could not prove who he is; several of a second are one event. */
function readFailure(line: string, keyId: string): Counted | undefined {
  if (!line.includes('"type":"decision"')) return undefined;
  const event = parse(line);
  if (event?.type !== 'decision' || event.actor?.kind !== 'access_key' || event.actor.accessKeyId !== keyId)
    return undefined;
  const { time = '', outcome, command = '', reason = '', count = 1 } = event;
  return {
    timeMs: Date.parse(time),
    command,
    outcome: outcome === 'allow' ? 'allow' : 'deny',
    reason,
    count,
  };
}

function parse(line: string): Partial<AuditEvent> | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}
