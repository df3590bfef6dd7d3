import type { Changes } from '../../storage/changes.js';

/** A list about keys that is read from the store again only when a key has changed. */
export class CachedList {
  private items: readonly string[] = [];
  private isRead = false;

  constructor(
    changes: Changes,
    private readonly read: () => Promise<readonly string[]>,
  ) {
    const invalidate = (): void => {
      this.isRead = false;
    };
    changes.onApplied(({ touched }) => {
      if (touched.some(({ kind }) => kind === 'access_key')) invalidate();
    }, invalidate);
  }

  async get(): Promise<readonly string[]> {
    if (this.isRead) return this.items;
    // Before the reading: a change that is applied meanwhile has it read again.
    this.isRead = true;
    try {
      this.items = await this.read();
    } catch (error) {
      this.isRead = false;
      throw error;
    }
    return this.items;
  }
}
