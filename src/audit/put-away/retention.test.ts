import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import {
  dayMs,
  problems,
  RecordWithRetention,
  startMs,
} from '../../../test/support/record-with-retention.js';
import { contentOf, leafOf } from '../record/chain.js';
import { rootFromInclusion } from '../tree/proofs.js';

let record: RecordWithRetention;

beforeEach(() => {
  record = new RecordWithRetention();
});

afterEach(() => record.close());

describe('retention by age', () => {
  it('puts away whole files once the next one is older, never before, and never the present one', async () => {
    await record.open();
    await record.writeDays(4);
    expect(record.files).toHaveLength(5);
    const keep = record.retention({ keepMs: 10 * dayMs });
    // The second file was begun a day after the first.
    record.nowMs = startMs + 11 * dayMs;
    await keep.run();
    expect(record.files).toHaveLength(5);
    record.nowMs++;
    await keep.run();
    expect(record.files).toHaveLength(4);
    record.nowMs += 100 * dayMs;
    await keep.run();
    expect(record.files).toEqual(['events.jsonl']);
    expect(readdirSync(record.inFolder('')).filter((name) => name.startsWith('put-away'))).toEqual([]);
    expect(keep.heldBack).toBeUndefined();
  });

  it('leaves a record that is whole from there on, and every older head and proof still counts', async () => {
    await record.open();
    await record.writeDays(4);
    const before = record.heads.at(-1);
    record.nowMs = startMs + 12.5 * dayMs;
    await record.retention({ keepMs: 10 * dayMs }).run();
    await record.writeDays(2);
    for (let start = 0; start < 2; start++) {
      const found = await record.verify();
      expect(problems(found)).toBe('');
      const begin = record.log.record.putAway?.begin ?? 0;
      expect(found).toMatchObject({
        isWhole: true,
        first: begin,
        putAway: { begin, why: 'HEARTHKEY_AUDIT_KEEP=test' },
      });
      expect(begin).toBeGreaterThan(600);
      const line =
        readFileSync(record.inFolder(record.files.sort().at(-1) ?? ''), 'utf8').split('\n')[0] ?? '';
      const { seq } = JSON.parse(line) as { seq: number };
      const leaf = leafOf(contentOf(Buffer.from(line), 'mac'));
      const { size = 0, root } = seq <= (before?.size ?? 0) ? (before ?? {}) : (record.heads.at(-1) ?? {});
      const path = await record.log.tree.proofs(size).inclusion(seq - 1);
      expect(rootFromInclusion(leaf, seq - 1, size, path)).toBe(root);
      await record.reopen();
    }
    const lines = record.files.flatMap((name) => readFileSync(record.inFolder(name), 'utf8').split('\n'));
    const told = lines.filter((line) => line.includes('"note":"record_put_away"'));
    expect(told.map((line) => (JSON.parse(line) as { target: object }).target)).toEqual([
      { from: '1', to: '301', files: 'events.jsonl-to-301', why: 'HEARTHKEY_AUDIT_KEEP=test' },
      { from: '302', to: '602', files: 'events.jsonl-to-602', why: 'HEARTHKEY_AUDIT_KEEP=test' },
    ]);
  });

  it('waits for a receiver that has not acknowledged them, and says for which', async () => {
    await record.open();
    await record.writeDays(3);
    record.nowMs += 100 * dayMs;
    record.slowestSink = { name: 'https://siem.example.com/', number: 300 };
    const keep = record.retention({ keepMs: dayMs });
    await keep.run();
    expect(record.files).toHaveLength(4);
    expect(keep.heldBack).toBe('https://siem.example.com/ has not acknowledged events 301 to 301');
    record.slowestSink = { name: 'https://siem.example.com/', number: 301 };
    await keep.run();
    expect(record.files).toHaveLength(3);
    expect(keep.heldBack).toContain('events 302 to 602');
    record.slowestSink = undefined;
    await keep.run();
    expect(record.files).toHaveLength(1);
  });

  it('a stop while files are verified for the last time puts nothing away', async () => {
    await record.open();
    await record.writeDays(3);
    record.nowMs += 100 * dayMs;
    const keep = record.retention({ keepMs: dayMs });
    const running = keep.run();
    await keep.stop();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(record.files).toHaveLength(4);
    expect(record.log.record.putAway).toBeUndefined();
  });

  it('believes a clock that was set forward only after a day', async () => {
    await record.open();
    await record.writeDays(3);
    let monotonicMs = 0;
    const keep = record.retention({ keepMs: 100 * dayMs }, () => monotonicMs);
    await keep.run();
    record.nowMs += 4000 * dayMs;
    monotonicMs += 60_000;
    for (const laterMs of [0, dayMs - 60_000]) {
      record.nowMs += laterMs;
      monotonicMs += laterMs;
      await keep.run();
      expect(record.files).toHaveLength(4);
      expect(keep.heldBack).toContain('it jumped forward by more than an hour');
    }
    record.nowMs += dayMs;
    monotonicMs += dayMs;
    await keep.run();
    expect(record.files).toHaveLength(1);
  });
});

describe('after a start long after the newest event', () => {
  beforeEach(async () => {
    await record.open();
    await record.writeDays(3);
    record.nowMs += 100 * dayMs;
    await record.reopen();
  });

  it('nothing goes for its age before a day is over, and nothing is held back that is not due', async () => {
    const keep = record.retention({ keepMs: dayMs });
    await keep.run();
    expect(record.files).toHaveLength(4);
    expect(keep.heldBack).toContain('the newest event at start was not from the last day');
    const longer = record.retention({ keepMs: 500 * dayMs });
    await longer.run();
    expect(longer.heldBack).toBeUndefined();
    record.nowMs += dayMs;
    await keep.run();
    expect(record.files).toHaveLength(1);
  });

  it('what is too large goes all the same: that needs no clock', async () => {
    await record.sign();
    await record.retention({ keepBytes: 1 }).run();
    expect(record.files).toHaveLength(1);
  });
});
