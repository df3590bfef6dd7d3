import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { dayMs, RecordWithRetention } from '../../../test/support/record-with-retention.js';
import { closeRecordFiles, openRecordFiles } from '../record/record-files.js';
import { dueFiles, type DueFiles } from './due-files.js';

const diskError = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });

let record: RecordWithRetention;

beforeEach(async () => {
  record = new RecordWithRetention();
  await record.open();
  await record.writeDays(3);
});

afterEach(() => record.close());

describe('a file that can never be read holds nothing back', () => {
  it.each([
    ['a link to nothing', () => symlinkSync('nowhere', record.inFolder('events.jsonl.9'))],
    ['a link to itself', () => symlinkSync('events.jsonl.9', record.inFolder('events.jsonl.9'))],
    [
      'a compressed file that is none',
      () => writeFileSync(record.inFolder('events.jsonl.9.gz'), 'x'.repeat(99)),
    ],
  ])('such as %s', async (_, make) => {
    make();
    record.nowMs += 100 * dayMs;
    const keep = record.retention({ keepMs: dayMs });
    await keep.run();
    expect(record.files).toHaveLength(2);
    expect(record.files[1]).toMatch(/^events\.jsonl\.9/);
    expect(keep.heldBack).toBeUndefined();
    expect((await record.verify()).isWhole).toBe(false);
  });
});

describe('a file that may be read later', () => {
  /** @param name - of the file whose first line can't be read at present */
  async function dueWithout(name: string): Promise<DueFiles | string | undefined> {
    const files = await openRecordFiles(record.dataDir);
    try {
      const file = files.find((each) => each.name === name)!;
      Object.assign(file, { firstSequence: -Infinity, readError: diskError });
      return await dueFiles(files, {
        ...{ log: record.log, keepMs: dayMs, keepBytes: undefined, nowMs: record.nowMs + 100 * dayMs },
        ...{ isClockDoubted: false, slowestSink: undefined, onPiece: () => undefined },
        genuineSize: { of: () => Promise.resolve(0) },
      });
    } finally {
      closeRecordFiles(files);
    }
  }

  it('holds nothing back where the other files have all lines', async () => {
    writeFileSync(record.inFolder('events.jsonl.bak'), '');
    expect(await dueWithout('events.jsonl.bak')).toMatchObject({ last: 301 });
  });

  it.each(['events.jsonl-to-301', 'events.jsonl-to-602'])(
    'holds back where it may have lines that the others do not have: %s',
    async (name) => {
      const reason = `${name} can't be read, and may hold lines that are missing: EIO: i/o error, read`;
      expect(await dueWithout(name)).toBe(reason);
    },
  );

  it('holds back where a compressed file may not be the whole of what it was', async () => {
    const file = record.inFolder('events.jsonl-to-301');
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
    rmSync(file);
    writeFileSync(record.inFolder('events.jsonl.bak'), '');
    expect(await dueWithout('events.jsonl.bak')).toMatch("events.jsonl.bak can't be read");
  });
});
