import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer is yes; throws when that takes longer than so many milliseconds. */
export async function within(
  ms: number,
  what: string,
  isSo: () => Promise<boolean> | boolean,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${String(ms)} ms: ${what}`);
    await sleep(20);
  }
}
