export interface SemaphoreLimits {
  /** How many run at a time. */
  concurrency: number;
  /** How many more may wait. */
  queueLength: number;
}

/** Lets so many run at a time and so many more wait, the longest waiting first; others are refused at once. */
export class Semaphore {
  private running = 0;
  private started = 0;
  /** What lets each of those that wait begin. */
  private readonly waiting = new Set<() => void>();

  constructor(private readonly limits: SemaphoreLimits) {}

  get runningCount(): number {
    return this.running;
  }

  get waitingCount(): number {
    return this.waiting.size;
  }

  /** How many have begun since this was made. */
  get startedCount(): number {
    return this.started;
  }

  /**
   * @param patienceMs - how long it may wait for its turn; undefined: for as long as it takes
   * @returns what `work` comes to, in an object; undefined where the queue is full or the wait was too long
   */
  async run<T>(work: () => Promise<T>, patienceMs?: number): Promise<{ result: T } | undefined> {
    if (!(await this.turn(patienceMs))) return undefined;
    this.started += 1;
    try {
      return { result: await work() };
    } finally {
      const [next] = this.waiting;
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  private async turn(patienceMs: number | undefined): Promise<boolean> {
    const { concurrency, queueLength } = this.limits;
    if (this.running < concurrency) {
      this.running += 1;
      return true;
    }
    if (this.waiting.size >= queueLength) return false;
    return new Promise((resolve) => {
      const end = (isTurn: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(begin);
        resolve(isTurn);
      };
      const begin = (): void => end(true);
      const timer = patienceMs === undefined ? undefined : setTimeout(end, patienceMs, false);
      this.waiting.add(begin);
    });
  }
}
