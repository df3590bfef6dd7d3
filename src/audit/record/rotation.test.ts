import { beforeEach, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { verifyRecord } from '../verify/verify-record.js';
import { AppendOnlyFile } from './append-only-file.js';
import { AuditRecord } from './audit-record.js';
import { Rotation } from './rotation.js';

const startMs = Date.UTC(2026, 0, 1);
let dataDir: string;
let nowMs: number;
let record: AuditRecord;

beforeEach(() => {
  dataDir = join(temporaryFolder(), 'data');
  mkdirSync(join(dataDir, 'audit'), { recursive: true });
  nowMs = startMs;
  open();
});

function open(): void {
  const rotation = { fileBytes: 2000, fileAgeMs: 60_000 };
  record = new AuditRecord({ dataDir, rotation, now: () => nowMs, onNote: () => undefined });
  record.begin();
}

const files = (): string[] => readdirSync(join(dataDir, 'audit')).sort();
const append = (text = ''): void => record.append([JSON.stringify({ id: 'x', text })]);

it('begins another file once the present one is large or old enough, and the chain goes on over all', async () => {
  append('x'.repeat(1000));
  expect(record.watch()).toBeUndefined();
  expect(files()).toEqual(['events.jsonl']);
  append('x'.repeat(1000));
  record.watch();
  expect(files()).toEqual(['events.jsonl', 'events.jsonl-to-3']);
  append();
  nowMs += 59_999;
  record.watch();
  expect(files()).toHaveLength(2);
  // The age is that of the file, however often the service starts.
  record.close(() => undefined);
  open();
  nowMs++;
  record.watch();
  expect(files()).toEqual(['events.jsonl', 'events.jsonl-to-3', 'events.jsonl-to-5']);
  const found = await verifyRecord({
    ...{ dataDir, known: [], chain: record.chainId, current: () => ({ head: record.head }) },
    isNext: (previous, leaf, value) => record.chain.isNext(previous, leaf, value),
  });
  expect(found).toMatchObject({ isWhole: true, files: 3, lines: 6 });
});

it('begins none while nothing is recorded', () => {
  nowMs += 1e9;
  record.watch();
  expect(files()).toEqual(['events.jsonl']);
});

it('never takes the place of another file', () => {
  writeFileSync(join(dataDir, 'audit', 'events.jsonl-to-2'), 'kept');
  append('x'.repeat(2000));
  record.watch();
  expect(files()).toEqual(['events.jsonl', 'events.jsonl-to-2', 'events.jsonl-to-2-2']);
});

it('tries again after a minute where a file could not be moved', () => {
  let monotonicMs = 0;
  const told: string[] = [];
  const folder = join(dataDir, 'audit');
  const limits = { fileBytes: 1, fileAgeMs: Infinity };
  const rotation = new Rotation(
    dataDir,
    limits,
    () => nowMs,
    (text) => told.push(text),
    () => monotonicMs,
  );
  append();
  renameSync(folder, `${folder}-away`);
  const file = new AppendOnlyFile(join(`${folder}-away`, 'events.jsonl'));
  expect(rotation.moveIfDue(file, 2)).toBe(false);
  expect(told).toHaveLength(1);
  renameSync(`${folder}-away`, folder);
  monotonicMs = 59_999;
  expect(rotation.moveIfDue(file, 2)).toBe(false);
  monotonicMs = 60_000;
  expect(rotation.moveIfDue(file, 2)).toBe(true);
  file.close(() => undefined);
  expect(files()).toEqual(['events.jsonl-to-2']);
});
