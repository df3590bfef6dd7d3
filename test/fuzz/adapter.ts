import type { Random } from '../faults/random.js';

/** One way in, and how inputs for it are made and judged. */
export interface Adapter {
  name: string;
  /** What is sent, for the table. */
  what: string;
  /** How many inputs are under way at once. */
  atOnce: number;
  open(): Promise<Target>;
}

export interface Target {
  /**
   * Makes one input, sends it and judges the answer.
   *
   * @returns the kind of the answer, for the counts
   * @throws Finding
   */
  try(random: Random): Promise<string> | string;
  /** Of the process whose memory is watched; undefined: this one. */
  pid?: number;
  /** Looks once more when all inputs were sent. @throws Finding */
  close(): Promise<void>;
}

/** What no answer tells: where the code is, and what the runtime says. */
export const inside = new RegExp(
  [
    ...[/\bat \S+ \(/, /node_modules/, /\/src\//, /\[object Object\]/, /SqliteError/],
    ...[
      /(?:Type|Range|Syntax|Reference)Error/,
      /Cannot read propert/,
      /is not a function/,
      /is not iterable/,
    ],
    ...[/Unexpected (?:token|end of JSON)/, /undefined is not/],
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** What no input may cause. */
export class Finding extends Error {
  constructor(
    what: string,
    readonly input: unknown,
  ) {
    super(what);
  }
}
