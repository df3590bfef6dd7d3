import { expect, it } from '@jest/globals';
import type { CopyHead } from './copy-format.js';
import { isPartForgotten } from './revocations.js';

const chain = 'c'.repeat(32);
const at = '2026-06-01T00:00:00.000Z';
const putAway = { chain, begin: 101, previous: '', at, why: '', files: [], trees: [] };
const copy = (sequence: number, createdAt: string): CopyHead =>
  ({ createdAt, audit: { chain, sequence, hash: '' } }) as unknown as CopyHead;

it.each([
  ['the record goes back to the copy', chain, copy(100, '2020-01-01T00:00:00.000Z'), false],
  ['a line after the copy was put away', chain, copy(99, '2027-01-01T00:00:00.000Z'), true],
  ['it is of another record, and older', 'd'.repeat(32), copy(500, '2026-05-01T00:00:00.000Z'), true],
  ['it is of another record, and newer', 'd'.repeat(32), copy(1, '2026-07-01T00:00:00.000Z'), false],
])('of a copy where %s, a part is forgotten or not', (_, ofChain, head, is) => {
  const statement = { ...putAway, problems: { count: 0, first: [] } };
  expect(isPartForgotten(statement, head, ofChain)).toBe(is);
  expect(isPartForgotten(undefined, head, ofChain)).toBe(false);
});
