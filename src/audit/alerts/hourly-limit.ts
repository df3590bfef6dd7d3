import { RecentMap } from './recent-map.js';

const hourMs = 3_600_000;
const maxSubjects = 20_000;

interface Hour {
  beganAtMs: number;
  count: number;
}

/** An hour of a subject as it is written down. */
export type HourEntry = readonly [name: string, beganAtMs: number, count: number];

/** What an alert says besides: how many before it were not told, and that it is the last one of this hour. */
export interface HourlyNote {
  untold?: number;
  isLimitReached?: true;
}

/** So many alerts of one kind about a subject within an hour are told, from the first one on; more are counted. */
export class HourlyLimit {
  private readonly hours = new RecentMap<Hour>(maxSubjects);
  private newestMs = -Infinity;

  constructor(private readonly most: number) {}

  /** @returns undefined: it is one too many */
  note(name: string, atMs: number): HourlyNote | undefined {
    this.newestMs = atMs;
    const known = this.hours.use(name);
    // A clock that went back ends the hour too.
    const isOver = known === undefined || Math.abs(atMs - known.beganAtMs) >= hourMs;
    const hour = isOver ? { beganAtMs: atMs, count: 0 } : known;
    if (isOver) this.hours.set(name, hour);
    hour.count++;
    if (hour.count > this.most) return undefined;
    const untold = isOver && known !== undefined ? Math.max(0, known.count - this.most) : 0;
    return { ...(untold > 0 && { untold }), ...(hour.count === this.most && { isLimitReached: true }) };
  }

  /** Those that say something of what comes. */
  *entries(): Generator<HourEntry> {
    for (const [name, { beganAtMs, count }] of this.hours.entries())
      if (count > this.most || Math.abs(this.newestMs - beganAtMs) < hourMs) yield [name, beganAtMs, count];
  }

  restore([name, beganAtMs, count]: HourEntry): void {
    this.hours.set(name, { beganAtMs, count });
    this.newestMs = Math.max(this.newestMs, beganAtMs);
  }
}
