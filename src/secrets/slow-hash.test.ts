import { describe, expect, it } from '@jest/globals';
import argon2 from 'argon2';
import { AppError } from '../errors.js';
import { SlowHash } from './slow-hash.js';

const secret = 'correct horse battery staple';

function codeOf(error: unknown): unknown {
  return error instanceof AppError ? error.code : error;
}

describe('a stored hash', () => {
  it('is argon2id with 19 MiB, two passes and one lane, and says so', async () => {
    const hash = await new SlowHash({ concurrency: 1, queueLength: 0 }).hash(secret);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43}$/);
  });

  it('belongs to its secret and to no other', async () => {
    const slowHash = new SlowHash({ concurrency: 2, queueLength: 4 });
    const hash = await slowHash.hash(secret);
    await expect(slowHash.verify(hash, secret, 'a')).resolves.toBe(true);
    await expect(slowHash.verify(hash, `${secret}!`, 'b')).resolves.toBe(false);
    await expect(slowHash.verify(hash, '', 'c')).resolves.toBe(false);
  });

  it('is another one each time, so that equal secrets do not show', async () => {
    const slowHash = new SlowHash({ concurrency: 2, queueLength: 4 });
    expect(await slowHash.hash(secret)).not.toBe(await slowHash.hash(secret));
  });

  it('is to be renewed when it was made with weaker parameters', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 4 });
    const weaker = await argon2.hash(secret, {
      type: argon2.argon2id,
      memoryCost: 8192,
      timeCost: 1,
      parallelism: 1,
    });
    expect(slowHash.needsRehash(weaker)).toBe(true);
    await expect(slowHash.verify(weaker, secret, 'weaker')).resolves.toBe(true);
    expect(slowHash.needsRehash(await slowHash.hash(secret))).toBe(false);
  });
});

describe('the pool', () => {
  it('lets so many run and so many wait, and tells the next one that the server is busy (14)', async () => {
    const slowHash = new SlowHash({ concurrency: 2, queueLength: 3 });
    const results = await Promise.allSettled(Array.from({ length: 9 }, () => slowHash.hash(secret)));
    expect(results.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 5 }, () => 'fulfilled'),
      ...Array.from({ length: 4 }, () => 'rejected'),
    ]);
    for (const result of results) if (result.status === 'rejected') expect(codeOf(result.reason)).toBe(14);
  });

  it('is free again when the work is done', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 0 });
    for (let round = 0; round < 3; round++) {
      const results = await Promise.allSettled([slowHash.hash(secret), slowHash.hash(secret)]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('gives its place back also when the work fails', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 1 });
    await expect(slowHash.verify('not a hash', secret, 'broken')).rejects.toThrow();
    await expect(slowHash.hash(secret)).resolves.toMatch(/^\$argon2id/);
    const both = [slowHash.verify('not a hash', secret, 'broken'), slowHash.hash(secret)];
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('serves those who wait in their order', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 10 });
    const order: number[] = [];
    await Promise.all([1, 2, 3, 4].map((place) => slowHash.hash(secret).then(() => order.push(place))));
    expect(order).toEqual([1, 2, 3, 4]);
  });
});

describe('a check that waits too long for its turn', () => {
  it('is told that the server is busy (14), and takes no place from others', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 2, patienceMs: 1 });
    const hash = await slowHash.hash(secret);
    const running = slowHash.verify(hash, secret, 'running');
    const impatient = [slowHash.verify(hash, secret, 'one'), slowHash.verify(hash, secret, 'two')];
    const results = await Promise.allSettled(impatient);
    expect(results.map((result) => result.status === 'rejected' && codeOf(result.reason))).toEqual([14, 14]);
    expect([slowHash.runningCount, slowHash.waitingCount]).toEqual([1, 0]);
    await expect(running).resolves.toBe(true);
    expect(slowHash.runningCount).toBe(0);
    await expect(slowHash.verify(hash, secret, 'one')).resolves.toBe(true);
  });

  it('is not a secret that an operator has made: that waits', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 2, patienceMs: 1 });
    const hashes = await Promise.all([slowHash.hash(secret), slowHash.hash(secret), slowHash.hash(secret)]);
    expect(hashes).toHaveLength(3);
  });
});

describe('callers that ask for the same thing at the same time', () => {
  it('share one run: fifty fit where there is room for one', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 0 });
    const hash = await slowHash.hash(secret);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => slowHash.verify(hash, secret, 'same')),
    );
    expect(answers).toEqual(Array.from({ length: 50 }, () => true));
  });

  it('do not share it with those who ask for something else', async () => {
    const slowHash = new SlowHash({ concurrency: 2, queueLength: 0 });
    const hash = await slowHash.hash(secret);
    const answers = [slowHash.verify(hash, secret, 'right'), slowHash.verify(hash, 'wrong', 'wrong')];
    await expect(Promise.all(answers)).resolves.toEqual([true, false]);
  });

  it('share nothing with those who ask later', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 0 });
    const hash = await slowHash.hash(secret);
    await expect(slowHash.verify(hash, secret, 'same')).resolves.toBe(true);
    // A new run: with another secret behind the same name the answer is another one.
    await expect(slowHash.verify(hash, 'wrong', 'same')).resolves.toBe(false);
  });

  it('share a refusal too, which is not kept', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 0 });
    const hash = await slowHash.hash(secret);
    const occupied = slowHash.hash(secret);
    const refused = await Promise.allSettled([1, 2].map(() => slowHash.verify(hash, secret, 'same')));
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await occupied;
    await expect(slowHash.verify(hash, secret, 'same')).resolves.toBe(true);
  });
});
