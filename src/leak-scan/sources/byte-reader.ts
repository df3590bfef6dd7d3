/** What can be read from its start to its end, in parts. */
export type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

/**
 * Reads a stream of bytes in pieces of the lengths that its format says. Where the stream fails, what came before that
 * is read first.
 */
export class ByteReader {
  private readonly chunks: AsyncIterator<Buffer> | Iterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);
  private hasEnded = false;
  private failure: Error | undefined;

  constructor(chunks: Chunks) {
    this.chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  /** The next bytes, without taking them: fewer at the end of the stream. */
  async peek(length: number): Promise<Buffer> {
    const parts = [this.rest];
    let total = this.rest.length;
    while (total < length) {
      const part = await this.next();
      if (part === undefined) break;
      parts.push(part);
      total += part.length;
    }
    // Once for all of them: part by part it would be copied as often as there are parts.
    if (parts.length > 1) this.rest = Buffer.concat(parts, total);
    if (total === 0 && length > 0) this.requireWhole();
    return this.rest.subarray(0, length);
  }

  /** The next bytes; fewer at the end of the stream. */
  async read(length: number): Promise<Buffer> {
    const bytes = await this.peek(length);
    this.rest = this.rest.subarray(bytes.length);
    return bytes;
  }

  /**
   * Up to the end of a line, without that; undefined at the end of the stream.
   *
   * @throws where a line is longer than this, or has no end
   */
  async readLine(longest: number): Promise<string | undefined> {
    for (;;) {
      const end = this.rest.indexOf(10);
      const length = end === -1 ? this.rest.length : end;
      if (length > longest) throw new Error('a line in it is too long');
      if (end !== -1) {
        const line = this.rest.toString('utf8', 0, end);
        this.rest = this.rest.subarray(end + 1);
        return line;
      }
      if ((await this.peek(length + 1)).length > length) continue;
      if (length === 0) return undefined;
      throw new Error('it is cut off in a line');
    }
  }

  /** All that is left, in parts as they come. */
  async *all(): AsyncGenerator<Buffer, void> {
    for (;;) {
      const part = await this.readSome(Infinity);
      if (part.length === 0) return;
      yield part;
    }
  }

  /** What is there of the next bytes, at most so many; none at the end of the stream. */
  async readSome(most: number): Promise<Buffer> {
    await this.peek(1);
    const part = this.rest.subarray(0, Math.min(most, this.rest.length));
    this.rest = this.rest.subarray(part.length);
    return part;
  }

  /** Ends the stream that is read from. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private async next(): Promise<Buffer | undefined> {
    if (this.hasEnded) return undefined;
    try {
      const next = await this.chunks.next();
      if (next.done !== true) return next.value;
    } catch (error) {
      this.failure = error as Error;
    }
    this.hasEnded = true;
    return undefined;
  }

  private requireWhole(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/**
 * So many bytes of a stream, as a stream of their own. Its reader may stop anywhere: `skip` passes over what is left.
 */
export class Section implements AsyncIterable<Buffer> {
  constructor(
    private readonly reader: ByteReader,
    private left: number,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    while (this.left > 0) yield await this.next();
  }

  async skip(): Promise<void> {
    while (this.left > 0) await this.next();
  }

  private async next(): Promise<Buffer> {
    const part = await this.reader.readSome(this.left);
    if (part.length === 0) throw new Error('it is cut off');
    this.left -= part.length;
    return part;
  }
}
