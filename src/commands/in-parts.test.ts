import { expect, it } from '@jest/globals';
import { inParts } from './in-parts.js';

it('what was found is handed on while the next is still looked for', async () => {
  const parts: (readonly number[])[] = [];
  let goOn = (): void => undefined;
  const isWritten = new Promise<void>((resolve) => (goOn = resolve));
  async function* items(): AsyncGenerator<number> {
    yield 1;
    yield 2;
    await isWritten; // never, if the first part waited for the third item
    yield 3;
  }
  await inParts(items(), (part) => {
    parts.push(part);
    goOn();
    return Promise.resolve();
  });
  expect(parts).toEqual([[1, 2], [3]]);
});

it('a part that cannot be written fails the whole, and nothing else, while the next item is looked for', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): unknown => unhandled.push(error);
  process.on('unhandledRejection', note);
  let goOn = (): void => undefined;
  const isTried = new Promise<void>((resolve) => (goOn = resolve));
  async function* items(): AsyncGenerator<number> {
    yield 1;
    await isTried;
    // Unhandled rejections are told between two turns of the event loop.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  try {
    const failing = inParts(items(), () => {
      goOn();
      return Promise.reject(new Error('nobody reads'));
    });
    await expect(failing).rejects.toThrow('nobody reads');
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
});

it('many items come in parts, in their order, and wait for a slow reader', async () => {
  let taken = 0;
  async function* items(): AsyncGenerator<number> {
    for (; taken < 5000; taken++) yield await Promise.resolve(taken);
  }
  const got: number[] = [];
  let ahead = 0;
  await inParts(items(), async (part) => {
    await new Promise((resolve) => setImmediate(resolve));
    got.push(...part);
    ahead = Math.max(ahead, taken - got.length);
  });
  expect(got).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  expect(ahead).toBeLessThanOrEqual(1001);
});
