/** Callers that ask for the same thing at the same time share one run of it. */
export class SingleFlight<T> {
  private readonly running = new Map<string, Promise<T>>();

  /** @param key - the same text for the same question; it is kept while the work runs, so it never holds a secret */
  run(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.running.get(key);
    if (running !== undefined) return running;
    const run = work().finally(() => this.running.delete(key));
    this.running.set(key, run);
    return run;
  }
}
