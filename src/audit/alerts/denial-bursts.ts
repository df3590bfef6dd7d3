const windowMs = 60_000;
/** A burst that goes on is told again after this. */
const quietMs = 600_000;
/** Keys and addresses; when there are more the one that was denied first is forgotten. */
const maxSubjects = 10_000;

interface Subject {
  /** Of the denials within the window: when, and how many at once. The oldest first. */
  denials: [atMs: number, count: number][];
  toldAtMs: number | undefined;
}

/** A subject as it is written down. */
export type BurstEntry = readonly [
  name: string,
  denials: readonly (readonly [atMs: number, count: number])[],
  toldAtMs: number | null,
];

/** Counts denials of keys and addresses: so many within a minute are a burst, which is told once in ten minutes. */
export class DenialBursts {
  private readonly subjects = new Map<string, Subject>();

  /** @param least - so many within a minute are a burst */
  constructor(private readonly least: number) {}

  /** @returns how many there were within the minute where this makes a burst that has to be told; else undefined */
  note(name: string, atMs: number, count: number): number | undefined {
    const subject = this.subjects.get(name) ?? { denials: [], toldAtMs: undefined };
    // Last in the order from now on.
    this.subjects.delete(name);
    this.subjects.set(name, subject);
    this.forgetOldest();
    const denials = subject.denials.filter(([deniedAtMs]) => deniedAtMs > atMs - windowMs);
    denials.push([atMs, count]);
    // More of them than make a burst need not be told apart.
    subject.denials = denials.slice(-this.least);
    const total = denials.reduce((sum, [, each]) => sum + each, 0);
    if (total < this.least) return undefined;
    if (subject.toldAtMs !== undefined && atMs < subject.toldAtMs + quietMs) return undefined;
    subject.toldAtMs = atMs;
    return total;
  }

  get size(): number {
    return this.subjects.size;
  }

  *entries(): Generator<BurstEntry> {
    for (const [name, { denials, toldAtMs = null }] of this.subjects) yield [name, denials, toldAtMs];
  }

  restore([name, denials, toldAtMs]: BurstEntry): void {
    const copies = denials.map(([atMs, count]): [number, number] => [atMs, count]);
    this.subjects.set(name, { denials: copies, toldAtMs: toldAtMs ?? undefined });
  }

  private forgetOldest(): void {
    if (this.subjects.size <= maxSubjects) return;
    for (const oldest of this.subjects.keys()) {
      this.subjects.delete(oldest);
      return;
    }
  }
}
