import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/**
 * How long tests wait for what is to be seen. A test that passes never waits so long; a machine that has much else to
 * do is slow, which is no failure. It ends before Jest would end the test (jest.config.js), so that the failure says
 * what was waited for.
 */
export const patienceMs = 300_000;

/** Lets the event loop turn: what was written to a connection within this process is read by then. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

/** Whether the answer waits for nothing outside this process, however busy that is. */
export async function isAtOnce(answer: Promise<unknown>): Promise<boolean> {
  const later = new Promise<boolean>((resolve) => setImmediate(resolve, false));
  return Promise.race([answer.then(() => true), later]);
}

/** What the work costs this process in processor time, which doesn't grow when others use the machine. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Asks again until the answer is yes; throws when it is no to a question that was asked after `patienceMs`.
 *
 * @param ms - how long it takes at most where the machine has nothing else to do; only told in the failure. How fast
 * something is is judged by the harnesses (test/faults, bench), which measure the machine first.
 */
export async function within(
  ms: number,
  what: string,
  isSo: () => Promise<boolean> | boolean,
): Promise<void> {
  const deadline = performance.now() + Math.max(ms, patienceMs);
  for (;;) {
    const askedAt = performance.now();
    if (await isSo()) return;
    if (askedAt > deadline)
      throw new Error(`not within ${String(patienceMs)} ms (expected ${String(ms)}): ${what}`);
    await sleep(20);
  }
}
