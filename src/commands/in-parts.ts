/** An item is kept for that long at most, so that the first ones are there at once and many come together. */
const soonMs = 100;
const mostItems = 500;

/**
 * Hands items on as they come, in parts: also while the next one is long in coming.
 *
 * @param write - one part after another; the next items are taken when it has resolved
 */
export async function inParts<T>(
  items: AsyncIterable<T>,
  write: (part: readonly T[]) => Promise<void>,
): Promise<void> {
  let part: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const items = part;
    part = [];
    if (items.length === 0) return;
    writing = writing.then(() => write(items));
    // Awaited only with the next part or at the end; until then a failure would end the process.
    writing.catch(() => undefined);
  };
  try {
    for await (const item of items) {
      part.push(item);
      timer ??= setTimeout(flush, soonMs);
      if (part.length < mostItems) continue;
      flush();
      await writing;
    }
  } finally {
    flush();
    await writing;
  }
}
