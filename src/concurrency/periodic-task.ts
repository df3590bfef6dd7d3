export interface PeriodicTaskOptions {
  run: () => Promise<void>;
  /** From the end of a run to the next one. */
  intervalMs: number | (() => number);
  /** From the start to the first run; without it, at once. */
  firstMs?: number;
  onError: (error: unknown) => void;
}

/** Runs something again and again in the background, never twice at a time. It keeps no process alive. */
export class PeriodicTask {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = true;

  constructor(private readonly options: PeriodicTaskOptions) {}

  start(): void {
    this.isStopped = false;
    this.schedule(this.options.firstMs ?? 0);
  }

  /** Starts no run any more, and waits for one that is under way: what it works on may be closed afterwards. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(afterMs: number): void {
    this.timer = setTimeout(() => {
      this.running = this.runOnce();
    }, afterMs).unref();
  }

  private async runOnce(): Promise<void> {
    const { run, intervalMs, onError } = this.options;
    await run().catch(onError);
    if (!this.isStopped) this.schedule(typeof intervalMs === 'number' ? intervalMs : intervalMs());
  }
}
