import { expect, it } from '@jest/globals';
import { within } from '../../test/support/waiting.js';
import { PeriodicTask } from './periodic-task.js';

it('runs again after each run, one at a time, and goes on after an error', async () => {
  let runs = 0;
  let atOnce = 0;
  let most = 0;
  const errors: unknown[] = [];
  const task = new PeriodicTask({
    intervalMs: 1,
    onError: (error) => errors.push(error),
    run: async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
      if (++runs === 2) throw new Error('broken');
    },
  });
  task.start();
  await within(1000, 'it has run four times', () => runs >= 4);
  await task.stop();
  expect(errors).toEqual([new Error('broken')]);
  expect(most).toBe(1);
});

it('stop() waits for a run that is under way, and none begins afterwards', async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let hasBegun = false;
  let hasEnded = false;
  const task = new PeriodicTask({
    intervalMs: 1,
    onError: (error) => expect(error).toBeUndefined(),
    run: async () => {
      hasBegun = true;
      await gate;
      hasEnded = true;
    },
  });
  task.start();
  await within(1000, 'it has begun', () => hasBegun);
  const stopped = task.stop().then(() => hasEnded);
  open();
  expect(await stopped).toBe(true);
  hasBegun = false;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(hasBegun).toBe(false);
});
