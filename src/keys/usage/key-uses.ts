import type { KeyUse, KeyUseStore } from './key-use-store.js';

/** A use is in the store at most so long after it happened, and what the writing takes. */
const writeEveryMs = 30_000;

/** The last use of each key, kept in memory and written in batches: no decision waits for it. */
export class KeyUses {
  private pending = new Map<string, KeyUse>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: KeyUseStore,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @param version - of the secret: what is noted is kept only while it is the key's */
  note(keyId: string, usedAtMs: number, clientAddress: string, command: string, version?: string): void {
    const known = this.pending.get(keyId);
    if (known === undefined || version !== undefined)
      this.pending.set(keyId, {
        usedAtMs,
        clientAddress,
        command,
        ...(version !== undefined && { version }),
      });
    else {
      known.usedAtMs = usedAtMs;
      known.clientAddress = clientAddress;
      known.command = command;
    }
    this.writeLater();
  }

  /** Resolves when everything noted so far is written, or was tried: then it is tried again with the next. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const uses = this.pending;
    this.pending = new Map();
    this.writing = this.writing.then(() => this.write(uses));
    return this.writing;
  }

  private writeLater(): void {
    this.timer ??= setTimeout(() => void this.flush(), writeEveryMs).unref();
  }

  private async write(uses: ReadonlyMap<string, KeyUse>): Promise<void> {
    if (uses.size === 0) return;
    try {
      await this.store.keep(uses);
    } catch (error) {
      this.onError(error);
      for (const [keyId, use] of uses) if (!this.pending.has(keyId)) this.pending.set(keyId, use);
      this.writeLater();
    }
  }
}
