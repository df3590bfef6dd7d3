import { readHead } from '../record/chain.js';
import { readAt, type RecordFile } from '../record/record-files.js';

const newline = 10;
const blockBytes = 65_536;
/** Longer than any event. */
const longestLineBytes = 4_194_304;

/**
 * A place in the file from which all events after this number are found, and few before them: numbers grow from line
 * to line, so the file is halved until a block is left.
 *
 * @param file - not compressed
 */
export async function placeAfter(
  { descriptor, size }: Pick<RecordFile, 'descriptor' | 'size'>,
  number: number,
): Promise<number> {
  let [start, end] = [0, size];
  while (end - start > blockBytes) {
    const middle = await lineBehind(descriptor, Math.floor((start + end) / 2), end);
    // No line of a chain begins there: what is left is read from its beginning.
    if (middle === undefined || middle.start >= end) break;
    if (middle.number > number) end = middle.start;
    else start = middle.start;
  }
  return start;
}

/** The first line that begins behind a place, by its start and its number. */
async function lineBehind(
  descriptor: number,
  place: number,
  end: number,
): Promise<{ start: number; number: number } | undefined> {
  for (let length = blockBytes; length <= longestLineBytes; length *= 2) {
    const bytes = await readAt(descriptor, place, Math.min(length, end - place));
    const begin = bytes.indexOf(newline) + 1;
    const stop = begin === 0 ? -1 : bytes.indexOf(newline, begin);
    if (stop !== -1) {
      const head = readHead(bytes.subarray(begin, stop));
      return head && { start: place + begin, number: head.sequence };
    }
    if (place + length >= end) return undefined;
  }
  return undefined;
}
