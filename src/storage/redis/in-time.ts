/**
 * What is answered within so many milliseconds. Where it was this process that was held up, the answer is there and has
 * only to be read: the event loop reads once more before this gives up. `commandTimeout` of ioredis gives up first, so it
 * isn't used.
 *
 * @throws Error when there is no answer in time
 */
export async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => reject(new Error(`no answer within ${String(ms)} ms`));
    timer = setTimeout(() => setImmediate(giveUp), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
