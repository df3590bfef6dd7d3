/** The changes of a traced run: which committed, and which of them a decision was taken without. */
import { of, type Line } from './told.js';

export interface Made {
  number: number;
  prepared: Line<'prepare'>;
}

export class MadeChanges {
  /** The number that was the newest when the run began. */
  readonly base: number;
  private readonly made = new Map<number, Made>();
  private readonly byThing = new Map<string, Made[]>();
  private readonly byPrepared = new Map<Line, Made>();

  constructor(told: readonly Line[]) {
    this.base = of(told, 'joined')[0]?.number ?? 0;
    const seen = new Set(of(told, 'settle', 'answer', 'joined').map(({ mark }) => mark));
    const prepared = of(told, 'prepare');
    const numbers = prepared.filter(({ mark }) => seen.has(mark)).map(({ number }) => number);
    const newest = Math.max(this.base, ...numbers);
    for (let number = this.base + 1; number <= newest; number++) {
      const those = prepared.filter((line) => line.number === number);
      // Numbers commit in order: of those that nobody saw as the newest, the last one did.
      const found = those.find(({ mark }) => seen.has(mark)) ?? those.at(-1);
      if (found === undefined) throw new Error(`no node has told of change ${String(number)}`);
      this.add({ number, prepared: found });
    }
  }

  get count(): number {
    return this.made.size;
  }

  all(): Made[] {
    return [...this.made.values()];
  }

  /** The change that this line prepares; undefined: it was taken back. */
  preparedBy(line: Line): Made | undefined {
    return this.byPrepared.get(line);
  }

  /** Changes of a thing that a fact of that number does not know of, and which may have been committed by then. */
  missing(thing: string, factNumber: number, atMs: number): Made[] {
    const all = this.byThing.get(thing) ?? [];
    return all.filter(({ number, prepared }) => number > factNumber && prepared.atMs <= atMs);
  }

  private add(made: Made): void {
    this.made.set(made.number, made);
    this.byPrepared.set(made.prepared, made);
    for (const thing of new Set(made.prepared.touched))
      this.byThing.set(thing, [...(this.byThing.get(thing) ?? []), made]);
  }
}
