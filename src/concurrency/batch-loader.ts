interface Waiter<T> {
  answer: Promise<T>;
  resolve: (found: T) => void;
  reject: (error: unknown) => void;
}

/** So many are read at once; a statement takes only so many values. */
const batchSize = 500;

/**
 * Puts readings of single things together: callers that ask while a reading is under way wait for the next one, which
 * reads all that was asked for meanwhile. So no number of callers takes more than one connection of the store.
 */
export class BatchLoader<T> {
  private readonly waiting = new Map<string, Waiter<T>>();
  private isReading = false;

  /** @param read - reads these things; what it returns tells of each */
  constructor(private readonly read: (ids: readonly string[]) => Promise<(id: string) => T>) {}

  /** @returns what a reading finds that begins after this call */
  async ask(id: string): Promise<T> {
    const waiter = this.waiting.get(id) ?? newWaiter<T>();
    this.waiting.set(id, waiter);
    if (!this.isReading) void this.readAll();
    return waiter.answer;
  }

  private async readAll(): Promise<void> {
    this.isReading = true;
    while (this.waiting.size > 0) {
      const batch = [...this.waiting].slice(0, batchSize);
      for (const [id] of batch) this.waiting.delete(id);
      try {
        const found = await this.read(batch.map(([id]) => id));
        for (const [id, { resolve }] of batch) resolve(found(id));
      } catch (error) {
        // A caller that waited behind a reading that timed out doesn't wait for another one.
        for (const { reject } of [...batch.map(([, waiter]) => waiter), ...this.waiting.values()])
          reject(error);
        this.waiting.clear();
      }
    }
    this.isReading = false;
  }
}

function newWaiter<T>(): Waiter<T> {
  const waiter: Partial<Waiter<T>> = {};
  waiter.answer = new Promise<T>((resolve, reject) => Object.assign(waiter, { resolve, reject }));
  return waiter as Waiter<T>;
}
