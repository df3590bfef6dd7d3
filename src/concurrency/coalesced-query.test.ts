import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { CoalescedQuery } from './coalesced-query.js';

describe('a question asked one at a time', () => {
  it('is asked twice for any number that come together, and each answer is newer than who asked', async () => {
    let clock = 0;
    let running = 0;
    let questions = 0;
    const one = new CoalescedQuery(async () => {
      questions++;
      running++;
      const sentAt = ++clock;
      await sleep(1);
      expect(running--).toBe(1);
      return sentAt;
    });
    const ask = async (): Promise<void> => {
      const askedAt = clock;
      expect(await one.ask()).toBeGreaterThan(askedAt);
    };
    await Promise.all(Array.from({ length: 100 }, ask));
    expect(questions).toBe(2);
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        await sleep(index % 10);
        await ask();
      }),
    );
    await ask();
  });

  it('that fails leaves nobody waiting, and is asked anew', async () => {
    let count = 0;
    const one = new CoalescedQuery(async () => {
      await sleep(1);
      if (++count < 3) throw new Error(`failure ${String(count)}`);
      return count;
    });
    const results = await Promise.allSettled([one.ask(), one.ask(), one.ask()]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await one.ask()).toBe(3);
  });
});
