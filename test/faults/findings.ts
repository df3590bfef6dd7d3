/** What a harness found: what is wrong breaks the promise; what is only slow can't be judged, and breaks nothing. */
export class Findings {
  constructor(
    readonly wrong: string[] = [],
    readonly slow: string[] = [],
  ) {}

  /** Some other one's findings, each with these words before it. */
  take({ wrong, slow }: Findings, before = ''): void {
    this.wrong.push(...wrong.map((text) => before + text));
    this.slow.push(...slow.map((text) => before + text));
  }
}

/** Answers that decide nothing: the service, or the way to it, was too busy, or a lease had ended. */
export function decidesNothing(code: number | string): boolean {
  return code === 14 || code === 17 || code === 'no answer';
}
