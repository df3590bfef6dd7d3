/** When what was forbidden: from the return of a revoking command to the beginning of the one that gives back. */

interface Interval {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
}

/** The things that a revocation can be about: one key, one user, or everybody. */
export type Scope = `key ${string}` | `user ${string}` | 'everybody';

export interface Violation {
  accessKeyId: string;
  scope: Scope;
  /** How long after the revoking command had returned. */
  lateMs: number;
  found: 'request began after' | 'decision was taken after';
}

export class Timeline {
  private readonly intervals = new Map<Scope, Interval[]>();
  private readonly owners = new Map<string, string>();

  own(accessKeyId: string, user: string): void {
    this.owners.set(accessKeyId, user);
  }

  /** To be called when the revoking command has returned. */
  revoked(scope: Scope): void {
    const known = this.intervals.get(scope) ?? [];
    if (known.at(-1)?.to === Infinity) return;
    known.push({ from: Date.now(), to: Infinity });
    this.intervals.set(scope, known);
  }

  /** To be called before a command is sent that gives back. */
  givenBack(scope: Scope): void {
    const last = this.intervals.get(scope)?.at(-1);
    if (last?.to === Infinity) last.to = Date.now();
  }

  /** An answer that has just come: an allow for a request that began after a revocation still in force is one too many. */
  judgeAnswer(accessKeyId: string, beganAtMs: number): Violation | undefined {
    for (const scope of this.scopesOf(accessKeyId)) {
      const last = this.intervals.get(scope)?.at(-1);
      if (last === undefined || last.to !== Infinity || beganAtMs <= last.from) continue;
      return { accessKeyId, scope, lateMs: beganAtMs - last.from, found: 'request began after' };
    }
    return undefined;
  }

  /** An allow by its decision time, once all is over. The clock reads whole milliseconds, hence the one of grace. */
  judgeDecision(accessKeyId: string, decidedAtMs: number): Violation | undefined {
    for (const scope of this.scopesOf(accessKeyId)) {
      const interval = lastBefore(this.intervals.get(scope) ?? [], decidedAtMs - 1);
      if (interval === undefined || decidedAtMs >= interval.to) continue;
      return { accessKeyId, scope, lateMs: decidedAtMs - interval.from, found: 'decision was taken after' };
    }
    return undefined;
  }

  private scopesOf(accessKeyId: string): Scope[] {
    return [`key ${accessKeyId}`, `user ${this.owners.get(accessKeyId) ?? ''}`, 'everybody'];
  }
}

/** The last interval that began before a time; they are in order. */
function lastBefore(intervals: readonly Interval[], timeMs: number): Interval | undefined {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (intervals[middle]!.from < timeMs) low = middle + 1;
    else high = middle;
  }
  return intervals[low - 1];
}
