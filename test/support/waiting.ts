import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Lets the event loop turn: what was written to a connection within this process is read by then. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

/**
 * Asks again until the answer is yes; throws when it is no to a question that was asked after so many milliseconds. So
 * a machine that stands still for longer than that has failed nothing yet.
 */
export async function within(
  ms: number,
  what: string,
  isSo: () => Promise<boolean> | boolean,
): Promise<void> {
  const deadline = performance.now() + ms;
  for (;;) {
    const askedAt = performance.now();
    if (await isSo()) return;
    if (askedAt > deadline) throw new Error(`not within ${String(ms)} ms: ${what}`);
    await sleep(20);
  }
}
