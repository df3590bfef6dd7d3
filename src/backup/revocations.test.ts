import { expect, it } from '@jest/globals';
import type { CopyHead } from './copy-format.js';
import { isPartForgotten } from './revocations.js';

const chain = 'c'.repeat(32);
const other = 'd'.repeat(32);
const timeMs = Date.UTC(2026, 5, 1);
const copy = (sequence: number, createdAt: string): CopyHead =>
  ({ createdAt, audit: { chain, sequence, hash: '' } }) as unknown as CopyHead;

it.each([
  [
    'the record goes back to the copy',
    chain,
    { number: 101, timeMs },
    copy(100, '2020-01-01T00:00:00.000Z'),
    false,
  ],
  [
    'a line after the copy is gone',
    chain,
    { number: 101, timeMs },
    copy(99, '2027-01-01T00:00:00.000Z'),
    true,
  ],
  ['no line can be read', chain, undefined, copy(99, '2027-01-01T00:00:00.000Z'), true],
  [
    'it is of another record, and older',
    other,
    { number: 101, timeMs },
    copy(500, '2026-05-01T00:00:00.000Z'),
    true,
  ],
  [
    'it is of another record, and newer',
    other,
    { number: 101, timeMs },
    copy(1, '2026-07-01T00:00:00.000Z'),
    false,
  ],
  [
    'it is of another record, and this one is whole',
    other,
    { number: 1, timeMs },
    copy(500, '2026-05-01T00:00:00.000Z'),
    false,
  ],
  [
    'it is of another record, and no time is known',
    other,
    { number: 101, timeMs: Number.NaN },
    copy(1, '2026-07-01T00:00:00.000Z'),
    true,
  ],
])('of a copy where %s, a part is forgotten or not', (_, ofChain, first, head, is) => {
  expect(isPartForgotten(first, head, ofChain)).toBe(is);
});
