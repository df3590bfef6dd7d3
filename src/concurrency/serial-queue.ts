/** A change that has waited this long for those before it is given up: nobody waits for its answer any more. */
const waitLimitMs = 30_000;

/**
 * One piece of work at a time, in the order in which it was asked for. The changes of a node wait here for each other,
 * not in the database, where each would hold a connection that readings need.
 */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly limitMs = waitLimitMs) {}

  /** @throws Error when its turn has not come within the limit; nothing of it was done then */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const askedAt = performance.now();
    const turn = this.last.then(async () => {
      if (performance.now() - askedAt > this.limitMs) throw new Error('the store was busy for too long');
      return work();
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
