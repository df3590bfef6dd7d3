import { expect, it } from '@jest/globals';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { recordGrowth } from '../audit/record/record-growth.js';
import { diskOutlook, diskThatFills, outlookText } from './disk-outlook.js';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 5, 1);
const keepAll = {
  keepMs: undefined,
  keepBytes: undefined,
  keepText: '',
  fileBytes: 1e9,
  fileAgeMs: 7 * dayMs,
};

function record(files: Readonly<Record<string, { seq: number; ageMs: number; bytes: number }>>): string {
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  for (const [name, { seq, ageMs, bytes }] of Object.entries(files)) {
    const time = new Date(nowMs - ageMs).toISOString();
    const line = `{"seq":${String(seq)},"time":"${time}","x":"","mac":"${'a'.repeat(64)}"}\n`;
    writeFileSync(
      join(dataDir, 'audit', name),
      line.replace('"x":""', `"x":"${'x'.repeat(bytes - line.length)}"`),
    );
  }
  return dataDir;
}

it('is as fast as the newest files say, back to a week ago', async () => {
  const files = {
    'events.jsonl-to-10': { seq: 1, ageMs: 400 * dayMs, bytes: 50_000 },
    'events.jsonl-to-100': { seq: 11, ageMs: 10 * dayMs, bytes: 30_000 },
    'events.jsonl': { seq: 101, ageMs: 2 * dayMs, bytes: 20_000 },
  };
  const growth = await recordGrowth(record(files), 210, nowMs);
  expect(growth?.presentBytes).toBe(100_000);
  expect(growth?.bytesPerDay).toBeCloseTo((50_000 * (1 + 1 / 60) + 200 * 33) / 10);
});

it('passes over files that have no lines of the record', async () => {
  const dataDir = record({
    'events.jsonl-to-100': { seq: 1, ageMs: 10 * dayMs, bytes: 30_000 },
    'events.jsonl': { seq: 101, ageMs: 2 * dayMs, bytes: 20_000 },
  });
  const without = await recordGrowth(dataDir, 210, nowMs);
  writeFileSync(join(dataDir, 'audit/events.jsonl.bak'), 'x'.repeat(5000));
  symlinkSync('nowhere', join(dataDir, 'audit/events.jsonl.9'));
  expect(without).toBeDefined();
  expect(await recordGrowth(dataDir, 210, nowMs)).toEqual(without);
});

it('is not told of a record that began just now, nor of one that is compressed', async () => {
  const young = { 'events.jsonl': { seq: 1, ageMs: 60_000, bytes: 1000 } };
  expect(await recordGrowth(record(young), 5, nowMs)).toBeUndefined();
  expect(await recordGrowth(temporaryFolderWithRecord(), 5, nowMs)).toBeUndefined();
});

function temporaryFolderWithRecord(): string {
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  return dataDir;
}

it.each([
  ['is full before long', keepAll, 29.5e6, 29],
  ['is full one day', keepAll, 100e6, 100],
  ['has room for what is kept by age', { ...keepAll, keepMs: 10 * dayMs }, 15e6, Infinity],
  ['has no room for what is kept by age', { ...keepAll, keepMs: 10 * dayMs }, 14e6, 14],
  ['has room for what is kept by size', { ...keepAll, keepBytes: 5e6, fileBytes: 1e6 }, 4e6, Infinity],
])('a disk that %s', (_, settings, freeBytes, days) => {
  const outlook = diskOutlook({ bytesPerDay: 1e6, presentBytes: 2e6 }, freeBytes, settings, undefined);
  expect(Math.floor(outlook.days)).toBe(days);
  expect(diskThatFills(outlook, '/data')).toHaveLength(days < 30 ? 1 : 0);
});

it('a disk is full before long while files are held back that are due to be put away', () => {
  const settings = { ...keepAll, keepBytes: 5e6, fileBytes: 1e6 };
  const growth = { bytesPerDay: 1e6, presentBytes: 2e6 };
  expect(diskOutlook(growth, 4e6, settings, 'the sink has not acknowledged events 1 to 301').days).toBe(4);
});

it.each([
  [
    { bytesPerDay: 12_345_678, days: 29.9 },
    'the audit record grows by 12 MB a day, and the disk lasts for 29 days',
  ],
  [
    { bytesPerDay: 950, days: 4000 },
    'the audit record grows by 950 bytes a day, and the disk lasts for more than ten years',
  ],
  [
    { bytesPerDay: 2e9, days: Infinity },
    'the audit record grows by 2 GB a day; what is put away makes room for it (33 bytes of each event stay)',
  ],
])('%j is said in words', (outlook, text) => {
  expect(outlookText(outlook)).toBe(text);
});
