import { describe, expect, it } from '@jest/globals';
import { HearthkeyError, type ErrorDetails } from './hearthkey-error.js';
import { readRetryAfter, retryDelayMs } from './retry-delay.js';

const failed = (details: Partial<ErrorDetails>, attempts = 1): HearthkeyError =>
  new HearthkeyError('no', { reason: 'server_error', requestId: '1', attempts, ...details });
const longMs = 1_000_000;

describe('the delay before a retry', () => {
  it.each([429, 502, 503, 504])('is there after %d', (status) => {
    expect(retryDelayMs(failed({ status }), longMs)).toBeGreaterThan(0);
  });

  it.each([400, 401, 403, 404, 409, 412, 500, 501])('is not there after %d', (status) => {
    expect(retryDelayMs(failed({ status }), longMs)).toBeUndefined();
  });

  it('is there after a network error, and after no other without a status', () => {
    expect(retryDelayMs(failed({ reason: 'client_unreachable' }), longMs)).toBeGreaterThan(0);
    for (const reason of ['client_timeout', 'client_redirected', 'client_bad_answer'] as const)
      expect(retryDelayMs(failed({ reason }), longMs)).toBeUndefined();
  });

  it('doubles up to eight seconds, and is half of that at least, at random', () => {
    const range = (attempts: number) =>
      [0, 1].map((random) => retryDelayMs(failed({ status: 503 }, attempts), longMs, () => random));
    expect([1, 2, 3, 6, 7, 100].map(range)).toEqual([
      ...[
        [125, 250],
        [250, 500],
        [500, 1000],
      ],
      ...[
        [4000, 8000],
        [4000, 8000],
        [4000, 8000],
      ],
    ]);
  });

  it('is longer than Retry-After, and the error comes at once where the call would end before', () => {
    const error = failed({ status: 429, retryAfterMs: 3000 });
    expect(retryDelayMs(error, 3126, () => 0)).toBe(3125);
    expect(retryDelayMs(error, 3125, () => 0)).toBeUndefined();
  });
});

describe('Retry-After', () => {
  it.each([
    [null, undefined],
    ['7', 7000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('%p is %p ms', (header, expected) => {
    expect(readRetryAfter(header, 10_000)).toBe(expected);
  });
});
