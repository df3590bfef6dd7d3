import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../../test/support/folders.js';
import { RecordWithRetention, dayMs, startMs } from '../../../test/support/record-with-retention.js';
import { auditRecordFile } from '../record/record-files.js';
import { unbrokenSince, type SinceLine } from './unbroken-since.js';

let record: RecordWithRetention;

/** Lines 1 to 301, 302 to 602, 603 to 903, and one more in the present file. */
beforeEach(async () => {
  record = new RecordWithRetention();
  await record.open();
  await record.writeDays(3);
});

afterEach(() => record.close());

const since = (from?: number): Promise<SinceLine | undefined> =>
  unbrokenSince(record.dataDir, record.log, from);

function change(name: string, changed: (text: string) => string): void {
  const file = record.inFolder(name);
  const text = readFileSync(file, 'utf8');
  expect(changed(text)).not.toBe(text);
  writeFileSync(file, changed(text));
}

const altered = (text: string): string => text.replace('"event":"50"', '"event":"51"');

it('a whole record is unbroken from its first line on', async () => {
  expect(await since()).toEqual({ number: 1, timeMs: startMs });
  expect(await since(400)).toEqual({ number: 302, timeMs: startMs + dayMs });
});

it('without files, from the line after them on', async () => {
  rmSync(record.inFolder('events.jsonl-to-301'));
  expect(await since()).toMatchObject({ number: 302 });
  rmSync(record.inFolder('events.jsonl-to-903'));
  expect(await since()).toMatchObject({ number: 904 });
});

it('a compressed file is not searched, so it counts as missing', async () => {
  const file = record.inFolder('events.jsonl-to-301');
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
  rmSync(file);
  expect(await since()).toMatchObject({ number: 302 });
});

it('an altered line breaks it, unless it is not asked for', async () => {
  change('events.jsonl-to-301', altered);
  expect(await since()).toMatchObject({ number: 302 });
  change('events.jsonl-to-602', altered);
  expect(await since()).toMatchObject({ number: 603 });
  expect(await since(700)).toMatchObject({ number: 603 });
  change('events.jsonl', (text) => text.replace('record_begun', 'record_ended'));
  expect(await since()).toBeUndefined();
});

it('lines that somebody made up fill no gap', async () => {
  const file = record.inFolder('events.jsonl-to-301');
  rmSync(file);
  const line = (seq: number): string => `{"seq":${String(seq)},"id":"x","mac":"${'a'.repeat(64)}"}\n`;
  writeFileSync(file, [1, 301].map(line).join(''));
  expect(await since()).toMatchObject({ number: 302 });
});

it('a first line that says not what it goes on from is not believed', async () => {
  rmSync(record.inFolder('events.jsonl-to-301'));
  change('events.jsonl-to-602', (text) => text.slice(text.indexOf('\n') + 1));
  expect(await since()).toMatchObject({ number: 603 });
});

it('a cut end leaves nothing unbroken', async () => {
  // In a copy: the record itself notices within half a second that its file is gone, and goes on in a new one.
  const copy = join(temporaryFolder(), 'copy');
  cpSync(record.dataDir, copy, { recursive: true });
  expect(await unbrokenSince(copy, record.log)).toMatchObject({ number: 1 });
  rmSync(auditRecordFile(copy));
  expect(await unbrokenSince(copy, record.log)).toBeUndefined();
});

it('a new tree that goes on from the line before is no break', async () => {
  record.log.beginTree('identity_lost', {}, 'a test');
  record.append('after it');
  expect(await since()).toMatchObject({ number: 1 });
});

it('after a problem it begins again where a new tree begins', async () => {
  record.append('50');
  change('events.jsonl', altered);
  expect(await since()).toBeUndefined();
  record.log.beginTree('record_altered', { number: '905' }, 'a test');
  record.append('after it');
  expect(await since()).toEqual({ number: 906, timeMs: record.nowMs });
});
