import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { dayMs, problems, RecordWithRetention } from '../../../test/support/record-with-retention.js';
import { noteBody } from '../record/note-body.js';
import { enactStatement, layStatement } from './put-away-files.js';
import { openStatement, readStatement, signStatement } from './statement.js';

let record: RecordWithRetention;

beforeEach(() => {
  record = new RecordWithRetention();
});

afterEach(() => record.close());

describe('a kill', () => {
  /** The state of before, with everything up to a step done to it. */
  async function killedAfter(step: 'laid' | 'noted' | 'stated' | 'all'): Promise<void> {
    await record.open();
    await record.writeDays(3);
    record.nowMs += 100 * dayMs;
    record.append('the newest at start');
    const copy = join(temporaryFolder(), 'data');
    for (const end of ['', '-audit']) cpSync(`${record.dataDir}${end}`, `${copy}${end}`, { recursive: true });
    await record.retention({ keepMs: dayMs }).run();
    const statement = openStatement(
      readStatement(record.dataDir) ?? '',
      record.log.record.key,
      record.log.chainId,
    )!;
    const all = ['events.jsonl-to-301', 'events.jsonl-to-602', 'events.jsonl-to-903'];
    record.close();
    record.dataDir = copy;
    await record.open();
    await layStatement(record.dataDir, signStatement(record.log.record.key, { ...statement, files: all }));
    if (step !== 'laid') record.log.record.append([noteBody('record_put_away', {}, record.nowMs)]);
    if (step === 'stated' || step === 'all') enactStatement(record.dataDir);
    if (step === 'all')
      for (const name of all) cpSync(record.inFolder(name), record.inFolder(`put-away-${name}`));
    if (step === 'all') for (const name of all) rmSync(record.inFolder(name));
    await record.reopen();
  }

  it.each([
    ['laid', 4],
    ['noted', 4],
    ['stated', 1],
    ['all', 1],
  ] as const)(
    'after the statement is %s leaves the state of before or after, and no alarm',
    async (step, left) => {
      await killedAfter(step);
      expect(record.files).toHaveLength(left);
      expect(problems(await record.verify())).toBe('');
      expect(record.log.record.findings).toEqual([]);
      const keep = record.retention({ keepMs: dayMs });
      await keep.start();
      await keep.stop();
      expect(readdirSync(record.inFolder('')).filter((name) => /put-away|\.new$/.test(name))).toEqual([]);
      await keep.run();
      await record.retention({ keepMs: dayMs }).run();
      expect(record.files).toHaveLength(1);
      expect(problems(await record.verify())).toBe('');
    },
  );

  it('takes no other file out that log rotation has given the name to since', async () => {
    await killedAfter('stated');
    writeFileSync(record.inFolder('events.jsonl-to-301'), readFileSync(record.inFolder('events.jsonl')));
    await record.reopen();
    expect(record.files).toHaveLength(2);
  });
});
