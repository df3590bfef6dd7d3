import { expect, it } from '@jest/globals';
import { linesOf } from './lines-of.js';

async function read(pieces: readonly string[]): Promise<string[]> {
  async function* given(): AsyncGenerator<string> {
    yield* pieces;
  }
  const lines: string[] = [];
  for await (const line of linesOf(given())) lines.push(line);
  return lines;
}

it.each([
  [[], []],
  [['a\nb\n'], ['a', 'b']],
  [
    ['a', 'b\n', 'c', '\n'],
    ['ab', 'c'],
  ],
  [['a\n', 'unfinished'], ['a']],
])('of the pieces %j the lines are %j', async (pieces, expected) => {
  expect(await read(pieces)).toEqual(expected);
});
