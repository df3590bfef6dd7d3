/** Runs one query at a time: callers that come while one is under way share the next. */
export class CoalescedQuery<T> {
  private running: Promise<T> | undefined;
  private next: Promise<T> | undefined;

  constructor(private readonly question: () => Promise<T>) {}

  /** @returns an answer to a question that was sent after this call */
  ask(): Promise<T> {
    if (this.running === undefined) return this.start();
    const start = (): Promise<T> => {
      this.next = undefined;
      return this.start();
    };
    this.next ??= this.running.then(start, start);
    return this.next;
  }

  private start(): Promise<T> {
    this.running = this.question().finally(() => (this.running = undefined));
    return this.running;
  }
}
