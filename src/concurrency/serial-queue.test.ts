import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { SerialQueue } from './serial-queue.js';

describe('turns', () => {
  it('come one after the other, in the order in which they were asked for', async () => {
    const turns = new SerialQueue();
    const steps: string[] = [];
    await Promise.all(
      [3, 1, 2].map((ms) =>
        turns.take(async () => {
          steps.push(`begin ${String(ms)}`);
          await sleep(ms);
          steps.push(`end ${String(ms)}`);
        }),
      ),
    );
    expect(steps).toEqual(['begin 3', 'end 3', 'begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('go on after one that failed', async () => {
    const turns = new SerialQueue();
    const failing = turns.take(() => Promise.reject(new Error('refused')));
    const next = turns.take(() => Promise.resolve('made'));
    await expect(failing).rejects.toThrow('refused');
    await expect(next).resolves.toBe('made');
  });

  it('that come too late are not taken at all', async () => {
    const turns = new SerialQueue(200);
    let isMade = false;
    const first = turns.take(() => sleep(400));
    const late = turns.take(async () => {
      isMade = true;
    });
    await expect(late).rejects.toThrow('the store was busy for too long');
    await first;
    expect(isMade).toBe(false);
    await expect(turns.take(() => Promise.resolve('made'))).resolves.toBe('made');
  });
});
