import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/folders.js';
import { plainLine, origin } from './chain.js';
import { findLine } from './find-event.js';

const first = 41;

/** A file whose lines are of very different lengths, as those of a record are. */
function recordOf(count: number, longest: number): { descriptor: number; size: number } {
  const lines: string[] = [];
  let head = { ...origin, sequence: first - 1 };
  for (let number = 0; number < count; number++) {
    const length = number % 97 === 0 ? longest : (number * 7919) % 600;
    const made = plainLine(head, JSON.stringify({ id: `event-${String(number)}`, note: 'x'.repeat(length) }));
    lines.push(made.line);
    head = made.head;
  }
  const file = join(temporaryFolder(), 'events.jsonl');
  writeFileSync(file, lines.join(''));
  const descriptor = openSync(file, 'r');
  return { descriptor, size: fstatSync(descriptor).size };
}

it.each([
  ['a short record', 3, 10],
  ['a long one', 3000, 2000],
  ['one with lines longer than what is read at once', 600, 200_000],
])('finds each event of %s by its number, and none that is not there', async (_, count, longest) => {
  const file = recordOf(count, longest);
  const step = Math.max(1, Math.floor(count / 150));
  for (let number = 0; number < count; number += step) {
    const line = (await findLine(file, first + number)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ id: `event-${String(number)}` });
  }
  for (const number of [first - 1, first + count]) expect(await findLine(file, number)).toBeUndefined();
  closeSync(file.descriptor);
});
