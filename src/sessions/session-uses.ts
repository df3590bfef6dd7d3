import type { SessionStore } from './session-store.js';

/** A use is in the store at most so long after it happened, and what the writing takes. */
export const writeEveryMs = 20_000;

/** When sessions were last used: kept in memory and written in batches, so that no request waits for it. */
export class SessionUses {
  private pending = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: SessionStore,
    private readonly onError: (error: unknown) => void,
  ) {}

  note(sessionId: string, atMs: number): void {
    this.pending.set(sessionId, atMs);
    this.timer ??= setTimeout(() => void this.flush(), writeEveryMs).unref();
  }

  /** Of what is not yet in the store. */
  lastOf(sessionId: string): number | undefined {
    return this.pending.get(sessionId);
  }

  /** Resolves when everything noted so far is written, or was tried. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    const seen = new Map(this.pending);
    if (seen.size === 0) return;
    try {
      await this.store.keepSeen(seen);
      // What was noted meanwhile is for the next time; until now what is being written counted here.
      for (const [id, atMs] of seen) if (this.pending.get(id) === atMs) this.pending.delete(id);
    } catch (error) {
      this.onError(error);
    }
  }
}
