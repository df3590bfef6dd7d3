import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** The request for what was late comes soon after the page. */
const keptMs = 10_000;
const mostKept = 100;

interface Begun {
  read: Promise<unknown>;
  isPending: boolean;
}

/** Reads that a page could not wait for. Each goes on once, and the request for its result takes it. */
@Injectable()
export class LateReads {
  /** A page waits so long for what it shows; the rest is shown when it is there. */
  patienceMs = 120;
  private readonly begun = new Map<string, Begun>();

  /**
   * Joins a read that is still pending. One that has ended may be older than the page, so it is begun anew.
   *
   * @param key - names reader and work
   * @returns undefined where it takes longer than a page waits for
   */
  async soon<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    const before = this.begun.get(key);
    const read = before?.isPending === true ? (before.read as Promise<T>) : work();
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
    const before = this.begun.get(key)?.read as Promise<T> | undefined;
    try {
      return await (before ?? work());
    } finally {
      this.begun.delete(key);
    }
  }

  private keep(key: string, read: Promise<unknown>): void {
    const before = this.begun.get(key);
    if (before?.read === read) return;
    const begun: Begun = { read, isPending: true };
    const forget = (): void => {
      if (this.begun.get(key) === begun) this.begun.delete(key);
    };
    const end = (): void => {
      begun.isPending = false;
      setTimeout(forget, keptMs).unref();
    };
    // A request that waits for it already gets the error; the next one reads anew.
    read.then(end, forget);
    if (before === undefined && this.begun.size >= mostKept) return;
    this.begun.set(key, begun);
  }
}
