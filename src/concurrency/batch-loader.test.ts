import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchLoader } from './batch-loader.js';

describe('batches', () => {
  it('read together what was asked for during a reading, each thing once', async () => {
    const read: string[][] = [];
    const batches = new BatchLoader(async (ids) => {
      read.push([...ids]);
      await sleep(5);
      return (id) => id.toUpperCase();
    });
    const answers = await Promise.all(['a', 'b', 'c', 'b', 'a'].map((id) => batches.ask(id)));
    expect(answers).toEqual(['A', 'B', 'C', 'B', 'A']);
    // The second "a" came after its reading had begun, so it is read again.
    expect(read).toEqual([['a'], ['b', 'c', 'a']]);
  });

  it('take only so many things at once', async () => {
    const sizes: number[] = [];
    const batches = new BatchLoader(async (ids) => {
      sizes.push(ids.length);
      await sleep(1);
      return (id) => id;
    });
    const ids = Array.from({ length: 1201 }, (_, index) => String(index));
    expect(await Promise.all(ids.map((id) => batches.ask(id)))).toEqual(ids);
    expect(sizes).toEqual([1, 500, 500, 200]);
  });

  it('that fail are told to all who wait, and to nobody afterwards', async () => {
    let isBroken = true;
    const batches = new BatchLoader(async () => {
      await sleep(5);
      if (isBroken) throw new Error('out of reach');
      return (id) => id;
    });
    const asked = await Promise.allSettled(['a', 'b', 'c'].map((id) => batches.ask(id)));
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    isBroken = false;
    expect(await batches.ask('a')).toBe('a');
  });
});
