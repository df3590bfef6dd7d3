import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../../test/support/folders.js';
import { plainLine, origin, type Head } from '../record/chain.js';
import { auditRecordFile } from '../record/record-files.js';
import { placeAfter } from './place-after.js';
import { RecordTail } from './record-tail.js';

let dataDir: string;
let file: string;
let head: Head;
let tail: RecordTail;

/** Appends so many events, of up to so many characters. */
function append(count: number, longest = 600): void {
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    const next = plainLine(head, JSON.stringify({ fill: 'ü'.repeat((head.sequence * 37) % longest) }));
    lines.push(next.line);
    ({ head } = next);
  }
  appendFileSync(file, lines.join(''));
}

/** As log rotation does it. */
function rotate(name: string, isCompressed = false): void {
  renameSync(file, `${file}${name}`);
  if (!isCompressed) return;
  writeFileSync(`${file}${name}.gz`, gzipSync(readFileSync(`${file}${name}`)));
  rmSync(`${file}${name}`);
}

async function readAll(after: number, maxEvents: number, maxBytes: number): Promise<number[]> {
  const numbers: number[] = [];
  for (let from = after; ;) {
    const events = await tail.read(from, { upTo: head.sequence, maxEvents, maxBytes });
    for (const { number, line } of events) expect(JSON.parse(line)).toMatchObject({ seq: number });
    numbers.push(...events.map(({ number }) => number));
    if (events.length === 0) return numbers;
    from = numbers.at(-1) ?? 0;
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

beforeEach(() => {
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  file = auditRecordFile(dataDir);
  head = origin;
  tail = new RecordTail(dataDir);
});

afterEach(() => tail.close());

describe('reading the record forwards', () => {
  it('gives every event after a number once and in order, over rotated and compressed files', async () => {
    append(700);
    rotate('.3', true);
    append(1);
    rotate('.2');
    append(900);
    rotate('.1');
    append(300);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1901 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 300_000 }),
        async (after, maxEvents, maxBytes) => {
          // Small batches over the whole of it would only repeat themselves.
          const from = Math.max(after, 1901 - 40 * Math.min(maxEvents, Math.ceil(maxBytes / 600)));
          expect(await readAll(from, maxEvents, maxBytes)).toEqual(range(from + 1, 1901));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on with what is appended, also behind a rotation', async () => {
    append(10);
    expect(await readAll(3, 100, 100_000)).toEqual(range(4, 10));
    append(5);
    expect(await readAll(10, 100, 100_000)).toEqual(range(11, 15));
    append(2);
    rotate('-20260131');
    append(3);
    expect(await readAll(15, 100, 100_000)).toEqual(range(16, 20));
  });

  it('gives nothing that is newer than it may be, and reads it anew when the writer had cut it off again', async () => {
    append(5);
    const before = readFileSync(file).length;
    const { sequence, hash } = head;
    append(2);
    const limits = { upTo: 5, maxEvents: 100, maxBytes: 100_000 };
    expect((await tail.read(0, limits)).map(({ number }) => number)).toEqual(range(1, 5));
    truncateSync(file, before);
    head = { sequence, hash };
    const other = plainLine(head, '{"other":true}');
    appendFileSync(file, other.line);
    const [event] = await tail.read(5, { ...limits, upTo: 6 });
    expect(JSON.parse(event?.line ?? '')).toMatchObject({ seq: 6, other: true });
  });

  it('passes over what is no line of the chain, and over numbers that are gone', async () => {
    append(3);
    appendFileSync(file, 'nonsense\n{"seq":4}\n');
    head = { ...head, sequence: 100 };
    append(2);
    expect(await readAll(0, 100, 100_000)).toEqual([1, 2, 3, 101, 102]);
    rmSync(file);
    expect(await tail.read(0, { upTo: 102, maxEvents: 9, maxBytes: 9 })).toEqual([]);
  });

  it('finds a number among many by few short reads', async () => {
    append(20_000, 60);
    const bytes = readFileSync(file);
    writeFileSync(join(dataDir, 'copy'), bytes);
    const descriptor = openSync(join(dataDir, 'copy'), 'r');
    for (const number of [0, 1, 7_777, 19_999, 20_000]) {
      const place = await placeAfter({ descriptor, size: bytes.length }, number);
      const wanted = bytes.indexOf(`{"seq":${String(number + 1)},`);
      expect(place).toBeLessThanOrEqual(wanted === -1 ? bytes.length : wanted);
      if (wanted !== -1) expect(wanted - place).toBeLessThan(2 * 65_536);
    }
    closeSync(descriptor);
  });
});
