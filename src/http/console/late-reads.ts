import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** Nobody asks for it later than that. */
const keptMs = 120_000;
const mostKept = 100;

/** What a page could not wait for: it is read on, once, and taken by the request that comes for it. */
@Injectable()
export class LateReads {
  /** A page waits so long for what it shows; the rest is shown when it is there. */
  patienceMs = 120;
  private readonly begun = new Map<string, Promise<unknown>>();

  /**
   * @param key - names reader and work
   * @returns undefined where it takes longer than a page waits for
   */
  async soon<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    const read = this.known<T>(key) ?? work();
    const late = Symbol('late');
    const found = await Promise.race([read, sleep(this.patienceMs, late, { ref: false })]);
    if (found !== late) {
      this.begun.delete(key);
      return found;
    }
    this.keep(key, read);
    return undefined;
  }

  /** What was begun, or is begun now, however long it takes. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await (this.known<T>(key) ?? work());
    } finally {
      this.begun.delete(key);
    }
  }

  private known<T>(key: string): Promise<T> | undefined {
    return this.begun.get(key) as Promise<T> | undefined;
  }

  private keep(key: string, read: Promise<unknown>): void {
    const forget = (): void => {
      if (this.begun.get(key) === read) this.begun.delete(key);
    };
    // An error is told to a request that waits for it already; the next one reads anew.
    read.catch(forget);
    if (this.begun.has(key) || this.begun.size >= mostKept) return;
    this.begun.set(key, read);
    setTimeout(forget, keptMs).unref();
  }
}
