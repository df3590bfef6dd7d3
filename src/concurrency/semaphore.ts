export interface SemaphoreLimits {
  /** How many run at a time. */
  atOnce: number;
  /** How many more may wait. */
  queueLength: number;
  /** How long each of them may. */
  patienceMs: number;
}

/** So many run at a time, so many more wait for their turn, the longest waiting first; the others hear no at once. */
export class Semaphore {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly limits: SemaphoreLimits) {}

  /** @returns what `work` comes to; undefined where its turn did not come */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.turn())) return undefined;
    try {
      return await work();
    } finally {
      const [next] = this.waiting;
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  private async turn(): Promise<boolean> {
    const { atOnce, queueLength, patienceMs } = this.limits;
    if (this.running < atOnce) {
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
      const timer = setTimeout(end, patienceMs, false);
      this.waiting.add(begin);
    });
  }
}
