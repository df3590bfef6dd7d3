const leastBytes = 1024;

/** What has come of a body, in one buffer: pieces of one byte take one byte each. */
export class ReceivedBytes {
  private buffer = Buffer.alloc(0);
  private length = 0;

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** What it takes in memory. */
  get capacity(): number {
    return this.buffer.length;
  }

  add(chunk: Buffer): void {
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
