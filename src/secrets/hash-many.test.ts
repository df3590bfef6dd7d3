import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ReturnCode } from '../errors.js';
import { hashMany } from './hash-many.js';
import type { SlowHash } from './slow-hash.js';

/** Counts how many run at once; refuses the first few. */
function fakePool(concurrency: number, refusals = 0) {
  const seen = { running: 0, most: 0, refused: 0 };
  const pool = {
    concurrency,
    hash: async (secret: string) => {
      if (seen.refused < refusals) {
        seen.refused++;
        throw new AppError(ReturnCode.BUSY, 'busy');
      }
      seen.most = Math.max(seen.most, ++seen.running);
      await sleep(Math.random() * 5);
      seen.running--;
      return `hash of ${secret}`;
    },
  } as unknown as SlowHash;
  return { pool, seen };
}

const secrets = Array.from({ length: 20 }, (_, index) => `secret ${index}`);

describe('hashing many secrets', () => {
  it.each([
    [1, 1],
    [2, 1],
    [4, 3],
  ])('of a pool of %i it takes %i, and leaves the rest to requests', async (concurrency, most) => {
    const { pool, seen } = fakePool(concurrency);
    expect(await hashMany(pool, secrets)).toEqual(secrets.map((secret) => `hash of ${secret}`));
    expect(seen.most).toBe(most);
  });

  it('waits while the pool is too busy', async () => {
    const { pool, seen } = fakePool(2, 3);
    expect(await hashMany(pool, ['one'])).toEqual(['hash of one']);
    expect(seen.refused).toBe(3);
  });

  it('ends with any other error', async () => {
    const pool = { concurrency: 2, hash: () => Promise.reject(new Error('broken')) } as unknown as SlowHash;
    await expect(hashMany(pool, secrets)).rejects.toThrow('broken');
  });
});
