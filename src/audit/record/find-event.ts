import { readHead } from './chain.js';
import { readAt, type RecordFile } from './record-files.js';

const newline = 10;
const blockBytes = 65_536;
/** Longer than any event. */
const longestLineBytes = 4_194_304;

interface Line {
  start: number;
  sequence: number;
}

/**
 * The line with this number, without its end, found by halving the file: numbers grow from line to line, so an old event among ten
 * million is found by some twenty short reads.
 *
 * @param file - not compressed
 */
export async function findLine(
  file: Pick<RecordFile, 'descriptor' | 'size'>,
  number: number,
): Promise<string | undefined> {
  const { start, end } = await narrow(file, number);
  return scan(file.descriptor, start, end, number);
}

/** A part of the file, from the beginning of a line on, in which that line is if it is in the file. */
export async function narrow(
  { descriptor, size }: Pick<RecordFile, 'descriptor' | 'size'>,
  number: number,
): Promise<{ start: number; end: number }> {
  let [start, end] = [0, size];
  while (end - start > blockBytes) {
    const middle = await lineAfter(descriptor, Math.floor((start + end) / 2), end);
    // No line begins there, or none of a chain: what is left is read from its beginning.
    if (middle === undefined || middle.start >= end) break;
    if (middle.sequence > number) end = middle.start;
    else start = middle.start;
  }
  return { start, end };
}

/** The first line that begins behind a place. */
async function lineAfter(descriptor: number, place: number, end: number): Promise<Line | undefined> {
  for (let length = blockBytes; length <= longestLineBytes; length *= 2) {
    const bytes = await readAt(descriptor, place, Math.min(length, end - place));
    const begin = bytes.indexOf(newline) + 1;
    const stop = begin === 0 ? -1 : bytes.indexOf(newline, begin);
    if (stop !== -1) {
      const head = readHead(bytes.subarray(begin, stop));
      return head && { start: place + begin, sequence: head.sequence };
    }
    if (place + length >= end) return undefined;
  }
  return undefined;
}

async function scan(
  descriptor: number,
  start: number,
  end: number,
  number: number,
): Promise<string | undefined> {
  const wanted = `{"seq":${String(number)},`;
  let rest: Buffer = Buffer.alloc(0);
  for (let place = start; place < end;) {
    const read = await readAt(descriptor, place, Math.min(blockBytes, end - place));
    if (read.length === 0) return undefined; // it was cut meanwhile
    place += read.length;
    const bytes = Buffer.concat([rest, read]);
    const whole = bytes.lastIndexOf(newline) + 1;
    const line = bytes
      .toString('utf8', 0, whole)
      .split('\n')
      .find((text) => text.startsWith(wanted));
    if (line !== undefined) return line;
    rest = bytes.subarray(whole);
  }
  return undefined;
}
