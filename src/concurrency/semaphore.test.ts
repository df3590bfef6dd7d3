import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Semaphore } from './semaphore.js';

it('so many run at a time, so many wait, and the others are refused at once', async () => {
  const semaphore = new Semaphore({ concurrency: 3, queueLength: 4 });
  let running = 0;
  let most = 0;
  const work = async (): Promise<string> => {
    most = Math.max(most, (running += 1));
    await sleep(20);
    running -= 1;
    return 'ran';
  };
  for (let round = 0; round < 2; round++) {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => semaphore.run(work)));
    expect(outcomes.map((ran) => ran?.result ?? 'refused')).toEqual([
      ...Array<string>(7).fill('ran'),
      ...Array<string>(3).fill('refused'),
    ]);
  }
  expect(most).toBe(3);
});

it('nobody waits for ever, and what fails gives its turn back', async () => {
  const semaphore = new Semaphore({ concurrency: 1, queueLength: 4 });
  const { promise, reject } = withResolvers();
  const first = semaphore.run(() => promise);
  expect(await semaphore.run(() => Promise.resolve('ran'), 50)).toBeUndefined();
  expect([semaphore.runningCount, semaphore.waitingCount, semaphore.startedCount]).toEqual([1, 0, 1]);
  reject(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  expect(await semaphore.run(() => Promise.resolve('ran'))).toEqual({ result: 'ran' });
});

function withResolvers(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, refuse) => (reject = refuse));
  return { promise, reject };
}
