import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../../test/support/folders.js';
import { origin, plainLine, type Head } from '../record/chain.js';
import { verifyRecord, type Verification } from './verify-record.js';

let dataDir: string;

beforeEach(() => {
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
});

/** Lines of one chain, each with its end, and the head behind each. */
function chain(count: number, begin: Head = origin, begun?: string): { lines: string[]; heads: Head[] } {
  const lines: string[] = [];
  const heads: Head[] = [];
  let head = begin;
  for (let index = 0; index < count; index++) {
    const note = { type: 'note', note: 'record_begun', target: { chain: 'c', previous: head.hash } };
    const event = {
      id: `${begun ?? ''}${String(index)}`,
      args: ['ü€😀', '"}'],
      ...(index === 0 ? note : {}),
    };
    const next = plainLine(head, JSON.stringify(event));
    lines.push(next.line);
    ({ head } = next);
    heads.push(head);
  }
  return { lines, heads };
}

function verify(text: string, known: readonly Head[] = [], from?: number): Promise<Verification> {
  writeFileSync(join(dataDir, 'audit/events.jsonl'), text);
  return verifyRecord({ dataDir, known, ...(from === undefined ? {} : { from }) });
}

const problems = ({ findings }: Verification): string[] =>
  findings.map(({ place, problem }) => `${place}: ${problem}`);

const { lines, heads } = chain(20);
const last = heads.at(-1) ?? origin;
const text = lines.join('');
const position = fc.integer({ min: 0, max: 19 });

describe('a record that nobody touched', () => {
  it('is whole', async () => {
    expect(await verify(text, heads)).toMatchObject({ isWhole: true, lines: 20, first: 1, head: last });
  });

  it('is whole from a line on, whatever was done to those before it', async () => {
    const spoiled = [`{"se${lines[4] ?? ''}`, ...lines.slice(5)].join('');
    expect(await verify(spoiled, heads, 7)).toMatchObject({ isWhole: true, first: 7 });
    expect(await verify(spoiled, heads, 6)).toMatchObject({ isWhole: false, findingCount: 1 });
    const atTheEnd = `${lines.join('')}{"se\n`;
    expect(await verify(atTheEnd, heads, 7)).toMatchObject({ isWhole: false, findingCount: 1 });
    expect(
      await verify(`${lines.slice(0, 9).join('')}{"se\n${lines.slice(9).join('')}`, heads, 10),
    ).toMatchObject({
      ...{ isWhole: false, findingCount: 1 },
    });
  });

  it('is whole when there is nothing in it', async () => {
    expect(await verify('')).toMatchObject({ isWhole: true, lines: 0, head: origin });
  });

  it('is whole over rotated files, however they are named, compressed ones too', async () => {
    const second = chain(5, last, 'b');
    const third = chain(5, second.heads.at(-1), 'c');
    const folder = join(dataDir, 'audit');
    writeFileSync(join(folder, 'events.jsonl.2.gz'), gzipSync(text));
    writeFileSync(join(folder, 'events.jsonl-20260131'), second.lines.join(''));
    const found = await verify(third.lines.join(''), [last]);
    expect(found).toMatchObject({ isWhole: true, files: 3, lines: 30 });
    rmSync(join(folder, 'events.jsonl.2.gz'));
    expect(problems(await verify(third.lines.join('')))).toEqual([
      'events.jsonl-20260131 line 1: missing before this: number 1 to 20',
    ]);
    expect(await verify(third.lines.join(''), [], 21)).toMatchObject({ isWhole: true, first: 21 });
  });
});

describe('found is', () => {
  it('any single byte that was altered, wherever it stands', async () => {
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (index, difference) => {
          const altered = Buffer.from(bytes);
          altered[index] = (altered[index] ?? 0) ^ difference;
          writeFileSync(join(dataDir, 'audit/events.jsonl'), altered);
          const found = await verifyRecord({ dataDir, known: [last] });
          expect(found.isWhole).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('what stands behind the last end of a line in a rotated file, a whole line too', async () => {
    const next = chain(2, last);
    const rest = plainLine(last, '{"id":"unseen"}').line.trimEnd();
    for (const added of ['{"seq":21,"id":"to', rest]) {
      writeFileSync(join(dataDir, 'audit/events.jsonl.1'), `${text}${added}`);
      expect(problems(await verify(next.lines.join('')))[0]).toContain('events.jsonl.1 line 21');
    }
  });

  it('any line that was removed, with its number', async () => {
    await fc.assert(
      fc.asyncProperty(position, async (index) => {
        const found = await verify(lines.toSpliced(index, 1).join(''), [last]);
        const place = index === 19 ? 'the end' : `events.jsonl line ${String(index + 1)}`;
        expect(found.findings[0]).toMatchObject({
          place,
          problem: expect.stringMatching(`number ${String(index + 1)}`),
        });
        expect(found.findingCount).toBe(1);
      }),
    );
  });

  it('any line that was repeated or put elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(position, position, fc.boolean(), async (from, to, isCopy) => {
        const line = lines[from] ?? '';
        const rest = isCopy ? lines : lines.toSpliced(from, 1);
        const moved = rest.toSpliced(to, 0, line);
        fc.pre(moved.join('') !== text);
        expect((await verify(moved.join(''), [last])).isWhole).toBe(false);
      }),
    );
  });

  it('any two lines that were swapped', async () => {
    await fc.assert(
      fc.asyncProperty(position, position, async (one, other) => {
        fc.pre(one !== other);
        const swapped = lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '');
        expect((await verify(swapped.join(''), [last])).isWhole).toBe(false);
      }),
    );
  });

  it('any end that was cut, up to the last checkpoint, also in the middle of a line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length - 2 }), async (length) => {
        const cut = Buffer.from(text).subarray(0, length);
        writeFileSync(join(dataDir, 'audit/events.jsonl'), cut);
        expect((await verifyRecord({ dataDir, known: [last] })).isWhole).toBe(false);
      }),
    );
    expect((await verify(lines.slice(0, 10).join(''), [heads[9] ?? origin])).isWhole).toBe(true);
  });

  it('a line of another chain that was inserted, though it fits in itself', async () => {
    const other = chain(20, origin, 'other');
    expect(problems(await verify(lines.with(7, other.lines[7] ?? '').join('')))[0]).toContain(
      'events.jsonl line 8',
    );
  });

  it('a record that was written anew from some line on, with all its hashes', async () => {
    const anew = chain(10, heads[9] ?? origin, 'anew');
    const forged = [...lines.slice(0, 10), ...anew.lines].join('');
    expect((await verify(forged)).isWhole).toBe(true); // nothing in it tells; that is what checkpoints are for
    expect(problems(await verify(forged, [heads[9] ?? origin, heads[14] ?? origin]))).toEqual([
      'events.jsonl line 15: number 15 is not what was written: the record up to here was made anew',
    ]);
  });

  it('each of several places, the first one first, and after a gap what follows is still looked at', async () => {
    const broken = lines
      .toSpliced(4, 3)
      .map((line, index) => (index === 10 ? line.replace('"id"', '"ID"') : line));
    expect(problems(await verify(broken.join('')))).toEqual([
      'events.jsonl line 5: missing before this: number 5 to 7',
      'events.jsonl line 11: number 14 does not follow the one before: one of the two was altered',
    ]);
  });

  it('a record of another chain, whole as it is', async () => {
    writeFileSync(join(dataDir, 'audit/events.jsonl'), text);
    expect(problems(await verifyRecord({ dataDir, known: [], chain: 'd' }))).toEqual([
      'events.jsonl: this file is of another chain: c',
    ]);
    expect(await verifyRecord({ dataDir, known: [], chain: 'c' })).toMatchObject({ isWhole: true });
  });

  it('a whole file that is gone', async () => {
    writeFileSync(join(dataDir, 'audit/events.jsonl'), text);
    renameSync(join(dataDir, 'audit/events.jsonl'), join(dataDir, 'elsewhere'));
    const found = await verifyRecord({ dataDir, known: [last] });
    expect(problems(found)).toEqual([
      'the end: the record ends with number 0, but number 20 was written: cut',
    ]);
  });
});

describe('what an operator knows', () => {
  it('counts as a checkpoint does', async () => {
    expect((await verify(text, [{ sequence: 21, hash: 'a'.repeat(64) }])).isWhole).toBe(false);
    expect((await verify(text, [{ sequence: 12, hash: 'a'.repeat(64) }])).isWhole).toBe(false);
    expect((await verify(text, [heads[11] ?? origin])).isWhole).toBe(true);
  });
});
