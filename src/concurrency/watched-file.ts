import { statSync } from 'node:fs';

/** How often a look is due, and how long a file must have kept still to be believed. */
export const lookEveryMs = 200;
const settledMs = 250;
/** A file that does not keep still for this long is not believed any more, until it does. */
const restlessMs = 700;

/** What one look says of a file; `settled`: it has changed and may be read, `restless`: it changes for too long. */
export type FileState = 'unchanged' | 'changing' | 'restless' | 'settled';

/**
 * Tells when a file that people edit may be read again: a change counts within a second, and a half-written file is
 * never read. The file is told apart by its signature; the caller reads the clock.
 */
export class WatchedFile {
  private pending: { signature: string | undefined; sinceMs: number; restlessSinceMs: number } | undefined;

  /** @param believed - what the file looked like when it was read; undefined: it was not there */
  constructor(private believed?: string) {}

  /** @param lastLookMs - when the look before this one was: a change may be as old */
  look(signature: string | undefined, nowMs: number, lastLookMs: number): FileState {
    if (signature === this.believed) {
      this.pending = undefined;
      return 'unchanged';
    }
    if (this.pending === undefined || this.pending.signature !== signature) {
      const restlessSinceMs = this.pending?.restlessSinceMs ?? lastLookMs;
      this.pending = { signature, sinceMs: nowMs, restlessSinceMs };
    } else if (nowMs - this.pending.sinceMs >= settledMs) return 'settled';
    if (nowMs - this.pending.restlessSinceMs <= restlessMs) return 'changing';
    this.believed = notRead; // what it looked like before has to settle again, too
    return 'restless';
  }

  /** It was read, and looked the same before and after. */
  believe(signature: string | undefined): void {
    this.believed = signature;
    this.pending = undefined;
  }
}

/** No file has this signature. */
const notRead = '';

/** @returns what changes with every edit; undefined: there is no such file */
export function signatureOf(file: string): string | undefined {
  try {
    const stats = statSync(file, { bigint: true });
    if (!stats.isFile()) return undefined;
    const { ino, size, mtimeNs, ctimeNs } = stats;
    return [ino, size, mtimeNs, ctimeNs].join(':');
  } catch {
    return undefined;
  }
}
