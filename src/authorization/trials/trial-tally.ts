import { readVerdicts, type AuditEvent } from '../../audit/audit-event.js';
import type { AccessKey } from '../../keys/access-key.js';
import { sinceOf } from './judge-trials.js';
import type { TriedDenials, TrialReport } from './trial-report.js';

/** As it stands in a line that has it: within a text the quotation marks would be escaped. */
const marker = '"trial":[';

/** Counts what the record has of trials that are going on. */
export class TrialTally {
  private readonly counted: ReadonlyMap<string, Counted>;

  constructor(private readonly keys: readonly AccessKey[]) {
    this.counted = new Map(
      keys.flatMap(({ id, trial }) =>
        trial === undefined
          ? []
          : [[id, { since: sinceOf(trial), decisions: 0, denied: 0, denials: new Map() }]],
      ),
    );
  }

  /** A line of the record: most are about others, and cost little. */
  add(line: string): void {
    if (!line.includes(marker)) return;
    const event = parse(line);
    if (event?.type !== 'decision') return;
    const { command = '', time } = event;
    for (const { accessKeyId, since, wouldDeny } of readVerdicts(event)) {
      const counted = this.counted.get(accessKeyId);
      if (counted === undefined || counted.since !== since) continue;
      counted.decisions++;
      if (wouldDeny === undefined) continue;
      counted.denied++;
      const name = `${command} ${wouldDeny}`;
      const lastMs = Date.parse(time);
      const known = counted.denials.get(name) ?? { command, reason: wouldDeny, count: 0, lastMs };
      known.count++;
      known.lastMs = Math.max(known.lastMs, lastMs);
      counted.denials.set(name, known);
    }
  }

  reports(): TrialReport[] {
    return this.keys.flatMap((key) => {
      const counted = this.counted.get(key.id);
      if (counted === undefined || key.trial === undefined) return [];
      const { decisions, denied, denials } = counted;
      const sorted = [...denials.values()].sort(
        (one, other) => other.count - one.count || (nameOf(one) < nameOf(other) ? -1 : 1),
      );
      return [{ key, trial: key.trial, decisions, denied, denials: sorted }];
    });
  }
}

interface Counted {
  since: string;
  decisions: number;
  denied: number;
  denials: Map<string, TriedDenials>;
}

function nameOf({ command, reason }: TriedDenials): string {
  return `${command} ${reason}`;
}

function parse(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}
