import { RecentMap } from './recent-map.js';

const windowSeconds = 60;
/** A burst that goes on is told again after this. */
const quietSeconds = 600;
/** When there are more, those that were denied least recently are forgotten. */
const maxSubjects = 10_000;

interface Subject {
  /** The denials of each second within the window, the oldest first. */
  denials: [second: number, count: number][];
  toldAt: number | undefined;
}

/** A subject as it is written down. */
export type BurstEntry = readonly [
  name: string,
  denials: readonly (readonly [second: number, count: number])[],
  toldAt: number | null,
];

/** Counts denials by whom they are of: so many within a minute are a burst, which is told once in ten minutes. */
export class DenialBursts {
  private readonly subjects = new RecentMap<Subject>(maxSubjects);

  /** @param least - so many within a minute are a burst */
  constructor(private readonly least: number) {}

  /** @returns how many there were within the minute where this makes a burst that has to be told; else undefined */
  note(name: string, atMs: number, count: number): number | undefined {
    const second = Math.floor(atMs / 1000);
    const subject = this.subjects.use(name) ?? this.begin(name);
    // What is far ahead is from before the clock went back.
    subject.denials = subject.denials.filter(([at]) => Math.abs(second - at) < windowSeconds);
    const last = subject.denials.at(-1);
    if (last?.[0] === second) last[1] += count;
    else subject.denials.push([second, count]);
    const total = subject.denials.reduce((sum, [, each]) => sum + each, 0);
    if (total < this.least) return undefined;
    if (subject.toldAt !== undefined && Math.abs(second - subject.toldAt) < quietSeconds) return undefined;
    subject.toldAt = second;
    return total;
  }

  get size(): number {
    return this.subjects.size;
  }

  *entries(): Generator<BurstEntry> {
    for (const [name, { denials, toldAt = null }] of this.subjects.entries()) yield [name, denials, toldAt];
  }

  restore([name, denials, toldAt]: BurstEntry): void {
    const copies = denials.map(([second, count]): [number, number] => [second, count]);
    this.subjects.set(name, { denials: copies, toldAt: toldAt ?? undefined });
  }

  private begin(name: string): Subject {
    const subject: Subject = { denials: [], toldAt: undefined };
    this.subjects.set(name, subject);
    return subject;
  }
}
