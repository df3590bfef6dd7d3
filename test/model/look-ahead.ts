/** What a trace says later, and the model has to know before: what a question was answered with. */
import type { MadeChanges } from './changes.js';
import { of, type Line } from './told.js';

/** In which of its looks at the table a command may do what: note who is there, or find that nobody is behind. */
export const look = { first: 1, last: 2, both: 3 } as const;

export class Ahead {
  /** Of renewals; none where the answer was lost. */
  readonly answers = new Map<Line<'ask'>, Line<'answer'>>();
  /** The kind of look, by the lines of its question and of its answer. */
  readonly windows = new Map<Line, number>();
  /** The changes that a decision is taken without, by their numbers. */
  readonly keysOf = new Map<Line<'allow'>, Set<number>>();
  /** The same for each reading that such a decision rests on. */
  readonly missed = new Map<Line<'read'>, Set<number>>();
  /** The number that each node was told when it joined. */
  readonly joined: ReadonlyMap<string, number>;
  /** IDs of rows that somebody has seen, and removed. */
  readonly seenIds: ReadonlySet<string>;
  /** The marks of changes whose commands have gone on after the commit. */
  readonly confirmed: ReadonlySet<string | undefined>;

  constructor(
    told: readonly Line[],
    private readonly changes: MadeChanges,
  ) {
    this.joined = new Map(of(told, 'joined').map(({ id, number }) => [id, number]));
    this.seenIds = new Set(of(told, 'remove').map(({ id }) => id));
    this.confirmed = new Set(of(told, 'settle').map(({ mark }) => mark));
    for (const { lines } of new Set(told.map(({ process }) => process))) this.read(lines);
  }

  private read(lines: readonly Line[]): void {
    let asked: Line<'ask'> | undefined;
    const readings = new Map<number, Line<'read'>>();
    for (const line of lines) {
      if (line.step === 'ask') asked = line;
      else if (line.step === 'answer' && asked !== undefined) this.answers.set(asked, line);
      else if (line.step === 'read') readings.set(line.reading, line);
      else if (line.step === 'allow') this.restOn(line, readings);
    }
    for (const settle of of(lines, 'settle')) this.findWindows(lines, settle);
  }

  private restOn(line: Line<'allow'>, readings: ReadonlyMap<number, Line<'read'>>): void {
    for (const [thing, number] of Object.entries(line.by)) {
      const reading = readings.get(number);
      if (reading === undefined) throw new Error(`${thing} was never read`);
      for (const made of this.changes.missing(thing, reading.number, line.atMs)) {
        addTo(this.keysOf, line, made.number);
        addTo(this.missed, reading, made.number);
      }
    }
  }

  /** Of the looks that were answered. Without any, a command may have looked at any moment. */
  private findWindows(lines: readonly Line[], settle: Line<'settle'>): void {
    const mine = of(lines, 'look', 'looked').filter(({ command }) => command === settle.command);
    const answered = mine.flatMap((line, index) =>
      line.step === 'looked' && line.hasSeen ? [{ asked: mine[index - 1]!, looked: line }] : [],
    );
    const [first, last] = [answered[0], answered.at(-1)];
    if (first === undefined || last === undefined) this.windows.set(settle, look.both);
    else if (first === last) this.windows.set(first.asked, look.both).set(first.looked, look.both);
    else this.windows.set(first.asked, look.first).set(first.looked, look.first).set(last.asked, look.last);
  }
}

function addTo<K>(map: Map<K, Set<number>>, key: K, value: number): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}
