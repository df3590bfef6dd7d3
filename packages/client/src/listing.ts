export interface Page<T> {
  items: T[];
  /** The `cursor` of the next page; null: this is the last one. */
  next: string | null;
}

/** A list in pages. Nothing is asked before it is read; each reading asks anew. */
export class Listing<T> implements AsyncIterable<T> {
  readonly #read: (cursor: string | undefined) => Promise<Page<T>>;
  readonly #cursor: string | undefined;

  /** @param cursor - where to begin, as the `next` of a page says */
  constructor(read: (cursor: string | undefined) => Promise<Page<T>>, cursor: string | undefined) {
    this.#read = read;
    this.#cursor = cursor;
  }

  /** One page: the first one, or that of the `cursor` in the filters. */
  page(): Promise<Page<T>> {
    return this.#read(this.#cursor);
  }

  async *pages(): AsyncGenerator<Page<T>, void> {
    let cursor = this.#cursor;
    do {
      const page = await this.#read(cursor);
      yield page;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for await (const { items } of this.pages()) yield* items;
  }
}
