import { freeBytes } from './body-budget.js';

const leastBytes = 1024;

const nothing = Buffer.alloc(0);

/** What has come of a body, in one buffer: pieces of one byte take one byte each. */
export class ReceivedBytes {
  private buffer: Buffer = nothing;
  private length = 0;

  /** @param whole - how many bytes the body has; NaN: nobody knows */
  constructor(private readonly whole = Number.NaN) {}

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** What it takes in memory. */
  get capacity(): number {
    return this.buffer.length;
  }

  add(chunk: Buffer): void {
    // Most come at once. With the chunk all is kept that was read with it: that is no more than each request has free.
    const isAll = chunk.length === this.whole && this.length === 0;
    if (isAll && chunk.buffer.byteLength <= freeBytes) {
      this.buffer = chunk;
      this.length = chunk.length;
      return;
    }
    const needed = this.length + chunk.length;
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.buffer.length, leastBytes));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    chunk.copy(this.buffer, this.length);
    this.length = needed;
  }
}
