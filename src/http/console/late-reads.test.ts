import { expect, it } from '@jest/globals';
import { turns } from '../../../test/support/waiting.js';
import { LateReads } from './late-reads.js';

function slow<T>(): { work: () => Promise<T>; count: () => number; end: (value: T) => void } {
  let count = 0;
  let end: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (end = resolve));
  return { work: () => (count++, promise), count: () => count, end: (value) => end(value) };
}

it('gives what is there soon, and begins it anew each time', async () => {
  const reads = new LateReads();
  let count = 0;
  const work = () => Promise.resolve(++count);
  expect([await reads.soon('a', work), await reads.soon('a', work)]).toEqual([1, 2]);
});

it('goes on with a late read once, for the request that takes it', async () => {
  const reads = new LateReads();
  const { work, count, end } = slow<string>();
  expect(await reads.soon('a', work)).toBeUndefined();
  expect(await reads.soon('a', work)).toBeUndefined();
  const taken = reads.take('a', work);
  end('there');
  expect(await taken).toBe('there');
  expect(count()).toBe(1);
  // The result is given once: the next request reads anew.
  expect(await reads.take('a', () => Promise.resolve('anew'))).toBe('anew');
});

it('shows no page a result that an earlier page was too early for', async () => {
  const reads = new LateReads();
  const { work, end } = slow<string>();
  expect(await reads.soon('a', work)).toBeUndefined();
  end('old');
  await turns();
  expect(await reads.soon('a', () => Promise.resolve('new'))).toBe('new');
  expect(await reads.take('a', () => Promise.resolve('newer'))).toBe('newer');
});

it('gives the result to the request that comes for it after its end', async () => {
  const reads = new LateReads();
  const { work, end, count } = slow<string>();
  expect(await reads.soon('a', work)).toBeUndefined();
  end('there');
  await turns();
  expect(await reads.take('a', work)).toBe('there');
  expect(count()).toBe(1);
});

it('gives an error to the request that waits for it, and keeps none', async () => {
  const reads = new LateReads();
  let fail: (error: Error) => void = () => undefined;
  const work = () => new Promise<string>((_, reject) => (fail = reject));
  expect(await reads.soon('a', work)).toBeUndefined();
  const taken = reads.take('a', work);
  fail(new Error('the record is gone'));
  await expect(taken).rejects.toThrow('the record is gone');
  expect(await reads.soon('a', () => Promise.resolve('again'))).toBe('again');
});

it('keeps no read that failed before a request took it', async () => {
  const reads = new LateReads();
  let fail: (error: Error) => void = () => undefined;
  const work = () => new Promise<string>((_, reject) => (fail = reject));
  expect(await reads.soon('a', work)).toBeUndefined();
  fail(new Error('the database was away'));
  await turns();
  expect(await reads.take('a', () => Promise.resolve('anew'))).toBe('anew');
});
