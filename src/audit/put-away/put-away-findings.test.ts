import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import {
  dayMs,
  problems,
  RecordWithRetention,
  startMs,
} from '../../../test/support/record-with-retention.js';
import { AuditKey } from '../key/audit-key.js';
import { openStatement, readStatement, signStatement, statementFile } from './statement.js';

let record: RecordWithRetention;

beforeEach(() => {
  record = new RecordWithRetention();
});

afterEach(() => record.close());

describe('after a part was put away, found is', () => {
  beforeEach(async () => {
    await record.open();
    await record.writeDays(4);
    record.nowMs = startMs + 11.5 * dayMs;
    await record.retention({ keepMs: 10 * dayMs }).run();
    expect(record.files).toHaveLength(4);
    expect(problems(await record.verify())).toBe('');
  });

  it('one more file that is gone', async () => {
    rmSync(record.inFolder('events.jsonl-to-602'));
    expect(problems(await record.verify())).toContain('missing before this: number 302 to 602');
    await record.reopen();
    expect(problems(await record.verify())).toContain('missing before this: number 302 to 602');
  });

  it('a file that was put away and is back, or was made up', async () => {
    writeFileSync(
      record.inFolder('events.jsonl.9'),
      '{"seq":17,"id":"made-up","mac":"' + 'a'.repeat(64) + '"}\n',
    );
    expect(problems(await record.verify())).toContain('number 17 was put away; somebody has laid it there');
  });

  it.each([
    ['removed', (note: string) => note.slice(0, 0)],
    ['altered', (note: string) => note.replace('\n302\n', '\n603\n')],
    [
      'signed with another key',
      (note: string) => {
        const statement = openStatement(note, record.log.record.key, record.log.chainId)!;
        return signStatement(AuditKey.generate(), { ...statement, begin: 603 });
      },
    ],
  ])('a beginning that was %s', async (_, change) => {
    writeFileSync(statementFile(record.dataDir), change(readStatement(record.dataDir) ?? ''));
    rmSync(record.inFolder('events.jsonl-to-602'));
    await record.reopen();
    expect(record.log.record.putAway).toBeUndefined();
    expect(problems(await record.verify())).toContain('missing before this: number 1 to 602');
  });

  it('a line of the first file that was altered or taken out', async () => {
    const file = record.inFolder('events.jsonl-to-602');
    const lines = readFileSync(file, 'utf8').split('\n');
    for (const changed of [lines.with(0, lines[0]!.replace('"seq":302', '"seq":303')), lines.slice(1)]) {
      writeFileSync(file, changed.join('\n'));
      expect((await record.verify()).isWhole).toBe(false);
    }
  });

  it('a tile that stands for what was put away', async () => {
    const tile = record.inFolder('tree-1/tile/0/000');
    const bytes = readFileSync(tile);
    bytes[40]! ^= 1;
    writeFileSync(tile, bytes);
    expect(problems(await record.verify())).toContain("tree-1: its tiles don't match the signed root");
    rmSync(tile);
    expect(problems(await record.verify())).toContain('the tile tile/0/000 is missing');
  });

  it('nothing where tiles were lost that can be made anew, and the tree goes on', async () => {
    record.close();
    rmSync(record.inFolder('tree-1/checkpoint'));
    rmSync(record.inFolder('tree-1/tile/0/004.p'), { recursive: true });
    await record.open();
    await record.sign();
    expect(record.log.record.tree.begin).toBe(1);
    expect(problems(await record.verify())).toBe('');
  });
});

describe('what somebody changed before it is put away', () => {
  it('is told of ever after: putting away hides nothing', async () => {
    await record.open();
    await record.writeDays(3);
    const file = record.inFolder('events.jsonl-to-301');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"event":"17"', '"event":"18"'));
    record.nowMs += 100 * dayMs;
    await record.retention({ keepMs: dayMs }).run();
    expect(record.files).toEqual(['events.jsonl']);
    for (let start = 0; start < 2; start++) {
      const found = await record.verify();
      expect(found).toMatchObject({ isWhole: false, findingCount: 1 });
      expect(problems(found)).toMatch(
        /when they were put away \(.*\): events.jsonl-to-301 line 19: number 19/,
      );
      await record.reopen();
    }
  });

  it('a file that is gone, too', async () => {
    await record.open();
    await record.writeDays(3);
    rmSync(record.inFolder('events.jsonl-to-301'));
    record.nowMs += 100 * dayMs;
    await record.retention({ keepMs: dayMs }).run();
    expect(problems(await record.verify())).toContain('missing before this: number 1 to 301');
  });

  it('a compressed file that is cut, too: it holds nothing back', async () => {
    await record.open();
    await record.writeDays(3);
    const file = record.inFolder('events.jsonl-to-301');
    const compressed = gzipSync(readFileSync(file));
    writeFileSync(`${file}.gz`, compressed.subarray(0, compressed.length / 2));
    rmSync(file);
    record.nowMs += 100 * dayMs;
    await record.retention({ keepMs: dayMs }).run();
    expect(record.files).toEqual(['events.jsonl']);
    expect(problems(await record.verify())).toContain('events.jsonl-to-301.gz: this file can not be read');
  });

  it('makes nothing older than it is', async () => {
    await record.open();
    await record.writeDays(2);
    const file = record.inFolder('events.jsonl-to-602');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"time":"2026-', '"time":"2016-'));
    const keep = record.retention({ keepMs: 100 * dayMs });
    await keep.run();
    expect(record.files).toHaveLength(3);
    expect(keep.heldBack).toBe('the first line of events.jsonl-to-602 is not what this node wrote');
  });
});

it('trees that were begun anew are put away with their heads', async () => {
  await record.open();
  await record.writeDays(2);
  record.log.beginTree('record_altered', { number: '1' }, 'a test');
  await record.writeDays(2);
  record.nowMs += 100 * dayMs;
  await record.retention({ keepMs: dayMs }).run();
  expect(record.log.record.putAway?.trees.map(({ begin }) => begin)).toEqual([1, expect.any(Number)]);
  for (let start = 0; start < 2; start++) {
    // That a tree was begun is said from now on as it was before.
    expect(problems(await record.verify())).toMatch(
      /^[^\n]*a new tree begins with number \d+: record_altered$/,
    );
    await record.reopen();
  }
});
