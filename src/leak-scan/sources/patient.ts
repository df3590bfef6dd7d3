/**
 * The parts of a stream. It fails where one of them takes too long; the time in which nobody asks for the next does not
 * count.
 *
 * @param name - who is waited for
 */
export async function* patient(
  stream: AsyncIterable<Buffer>,
  patienceMs: number,
  name: string,
): AsyncGenerator<Buffer, void> {
  const parts = stream[Symbol.asyncIterator]();
  for (;;) {
    const next = await inTime(parts.next(), patienceMs, name);
    if (next.done === true) return;
    yield next.value;
  }
}

async function inTime<T>(work: Promise<T>, patienceMs: number, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const seconds = String(Math.round(patienceMs / 1000));
    timer = setTimeout(() => reject(new Error(`${name} did not answer within ${seconds} s`)), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
