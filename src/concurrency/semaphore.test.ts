import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Semaphore } from './semaphore.js';

it('so many run at a time, so many wait, and the others are refused at once', async () => {
  const turns = new Semaphore({ atOnce: 3, queueLength: 4, patienceMs: 20_000 });
  let running = 0;
  let most = 0;
  const work = async (): Promise<string> => {
    most = Math.max(most, (running += 1));
    await sleep(20);
    running -= 1;
    return 'ran';
  };
  for (let round = 0; round < 2; round++) {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => turns.run(work)));
    expect(outcomes.map((outcome) => outcome ?? 'refused')).toEqual([
      ...Array<string>(7).fill('ran'),
      ...Array<string>(3).fill('refused'),
    ]);
  }
  expect(most).toBe(3);
});

it('nobody waits for ever, and what fails gives its turn back', async () => {
  const turns = new Semaphore({ atOnce: 1, queueLength: 4, patienceMs: 50 });
  const { promise, reject } = withResolvers();
  const first = turns.run(() => promise);
  expect(await turns.run(() => Promise.resolve('ran'))).toBeUndefined();
  reject(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  expect(await turns.run(() => Promise.resolve('ran'))).toBe('ran');
});

function withResolvers(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, refuse) => (reject = refuse));
  return { promise, reject };
}
