/** For all bodies together: 32 of the longest. */
const totalBytes = 67_108_864;
/** What each request has beside that, so that one client that uses the budget up can't shut out usual requests. */
export const freeBytes = 16_384;

/**
 * Bytes of bodies that are in memory at a time, over all connections: they are kept before anybody knows who sent them.
 */
export class BodyBudget {
  private left = totalBytes;

  /**
   * @param before - what one body had already
   * @param now - what it has from now on
   * @returns whether there is room for it
   */
  change(before: number, now: number): boolean {
    const more = Math.max(now - freeBytes, 0) - Math.max(before - freeBytes, 0);
    if (more > this.left) return false;
    this.left -= more;
    return true;
  }
}
