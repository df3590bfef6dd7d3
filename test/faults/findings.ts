/** What a harness found: what is wrong breaks the promise; what is only slow can't be judged, and breaks nothing. */
export class Findings {
  /** How many answers were judged. */
  answers = 0;
  /** How many of them it took until something was wrong; undefined: nothing was while they came. */
  firstAfter: number | undefined;

  constructor(
    readonly wrong: string[] = [],
    readonly slow: string[] = [],
  ) {}

  /** To be called when an answer has been judged. */
  judged(): void {
    this.answers++;
    if (this.wrong.length > 0) this.firstAfter ??= this.answers;
  }

  /** Some other one's findings, each with these words before it. */
  take({ wrong, slow, answers, firstAfter }: Findings, before = ''): void {
    if (firstAfter !== undefined) this.firstAfter ??= this.answers + firstAfter;
    this.answers += answers;
    this.wrong.push(...wrong.map((text) => before + text));
    this.slow.push(...slow.map((text) => before + text));
  }
}

/** Answers that decide nothing: the service, or the way to it, was too busy, or a lease had ended. */
export function decidesNothing(code: number | string): boolean {
  return code === 14 || code === 17 || code === 'no answer';
}
