import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { appendFileSync, cpSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { problems, RecordWithRetention } from '../../../test/support/record-with-retention.js';

let record: RecordWithRetention;

beforeEach(() => {
  record = new RecordWithRetention();
});

afterEach(() => record.close());

it('retention by size puts away the oldest files until the others fit', async () => {
  await record.open();
  await record.writeDays(4);
  const bytes = readFileSync(record.inFolder('events.jsonl-to-301')).length;
  await record.retention({ keepBytes: 3.5 * bytes }).run();
  expect(record.files).toHaveLength(4);
  await record.retention({ keepBytes: 1 }).run();
  expect(record.files).toEqual(['events.jsonl']);
  expect(problems(await record.verify())).toBe('');
});

it.each([
  ['a file that is none of the record', () => writeFileSync(record.inFolder('events.jsonl.bak'), '')],
  [
    'a copy of a file',
    () => cpSync(record.inFolder('events.jsonl-to-602'), record.inFolder('events.jsonl.bak')),
  ],
])('retention by size puts nothing away for %s, or junk at the end of a file', async (_, make) => {
  await record.open();
  await record.writeDays(3);
  const closed = record.files.filter((name) => name !== 'events.jsonl');
  const bytes = closed.reduce((sum, name) => sum + statSync(record.inFolder(name)).size, 0);
  make();
  truncateSync(record.inFolder('events.jsonl.bak'), 6e6);
  truncateSync(record.inFolder('events.jsonl-to-301'), 6e6);
  const keep = record.retention({ keepBytes: bytes });
  await keep.run();
  expect(record.files).toHaveLength(5);
  expect(keep.heldBack).toContain('only with lines that this node did not write');
  const less = record.retention({ keepBytes: bytes - 1 });
  await expect(less.run()).resolves.toBeUndefined();
  expect(record.files).not.toContain('events.jsonl-to-301');
  expect(record.files).toContain('events.jsonl-to-602');
});

it('retention by size does not count the present file, which somebody may have filled with junk', async () => {
  await record.open();
  await record.writeDays(2);
  const closed = record.files.filter((name) => name !== 'events.jsonl');
  const bytes = closed.reduce((sum, name) => sum + statSync(record.inFolder(name)).size, 0);
  appendFileSync(record.inFolder('events.jsonl'), 'x'.repeat(100_000));
  const keep = record.retention({ keepBytes: bytes });
  await keep.run();
  expect(record.files).toHaveLength(3);
  expect(keep.heldBack).toBeUndefined();
});
