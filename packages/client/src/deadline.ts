/** The time limit of a call together with the caller's own signal: what ends first ends the call. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #ms: number;
  readonly #outer: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#controller.abort();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endsAt = 0;

  constructor(ms: number, outer: AbortSignal | undefined) {
    this.#ms = ms;
    this.#outer = outer;
    outer?.throwIfAborted();
    outer?.addEventListener('abort', this.#onAbort, { once: true });
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get remainingMs(): number {
    return this.#endsAt - performance.now();
  }

  restart(): void {
    this.pause();
    this.#endsAt = performance.now() + this.#ms;
    this.#timer = setTimeout(() => this.#controller.abort(), this.#ms);
  }

  /** The time that the program takes for what it got doesn't count. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Ends with the work, or rejects when the call ends: for what takes no signal. */
  async race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => reject(new Error('the call ended'));
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  async wait(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await this.race(waited).finally(() => clearTimeout(timer));
  }

  /** A signal may be used for many calls: none stays registered with it. */
  close(): void {
    this.pause();
    this.#outer?.removeEventListener('abort', this.#onAbort);
  }
}
