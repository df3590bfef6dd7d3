import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordedNotes, recordLines } from '../../test/support/record.js';
import { appendAgain, event, TestAuditLog } from '../../test/support/test-audit-log.js';
import { within } from '../../test/support/waiting.js';
import type { NewAuditEvent } from './audit-event.js';
import type { AuditLog } from './audit-log.js';

let fixture: TestAuditLog;

beforeEach(() => {
  fixture = new TestAuditLog();
});

afterEach(() => fixture.close());

describe('a record that log rotation has moved away', () => {
  it('is begun anew within a second or two, and no event is lost between the two files', async () => {
    const audit = fixture.open();
    await audit.append({ ...event, code: 0 });
    renameSync(fixture.file, `${fixture.file}.1`);
    let code = 0;
    while (!existsSync(fixture.file)) {
      await audit.append({ ...event, code: ++code });
      await sleep(20);
    }
    await audit.append({ ...event, code: ++code });
    expect([...fixture.codes(`${fixture.file}.1`), ...fixture.codes()]).toEqual(
      Array.from({ length: code + 1 }, (_, index) => index),
    );
    expect(statSync(fixture.file).mode & 0o777).toBe(0o600);
  });

  it('goes on with the same chain in the new file', async () => {
    const audit = fixture.open();
    await audit.append({ ...event, code: 0 });
    renameSync(fixture.file, `${fixture.file}.1`);
    await within(2000, 'it is begun anew', () => existsSync(fixture.file));
    await audit.append({ ...event, code: 1 });
    const [last] = recordLines(`${fixture.file}.1`).slice(-1);
    expect(recordLines(fixture.file)).toMatchObject([
      { seq: 3, note: 'record_begun', target: { chain: audit.chainId, previous: last?.mac } },
      { seq: 4, code: 1 },
    ]);
  });

  it('while the service was down is gone on with too', async () => {
    const first = fixture.open();
    await first.append({ ...event, code: 0 });
    first.close();
    renameSync(fixture.file, `${fixture.file}-20260131`);
    await fixture.open().append({ ...event, code: 1 });
    expect(recordLines(fixture.file).map(({ seq }) => seq)).toEqual([3, 4]);
    expect(fixture.notes()).toEqual(['record_begun']);
  });

  it('and can not be begun anew is an error at each append until it can, and nothing is written elsewhere', async () => {
    const audit = fixture.open();
    await audit.append({ ...event, code: 0 });
    rmSync(join(fixture.dataDir, 'audit'), { recursive: true });
    const isRefused = (): Promise<boolean> =>
      audit.append({ ...event, code: 1 }).then(
        () => false,
        () => true,
      );
    await within(1100, 'it is missed', isRefused);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(audit.append({ ...event, code: 1 })).rejects.toThrow();
    }
    mkdirSync(join(fixture.dataDir, 'audit'));
    await appendAgain(audit, { ...event, code: 2 });
    expect(fixture.codes()).toEqual([2]);
  });
});

describe('a record that somebody else changes', () => {
  const decision: NewAuditEvent = { ...event, type: 'decision', outcome: 'allow' };

  async function changed(change: () => void): Promise<AuditLog> {
    const audit = fixture.open();
    await Promise.all([1, 2, 3].map((code) => audit.append({ ...decision, code })));
    change();
    await within(1000, 'it is noticed', () => audit.unavailableSinceMs !== undefined);
    await expect(audit.append(decision)).rejects.toThrow();
    expect(fixture.errors).toHaveLength(1);
    await appendAgain(audit, { ...decision, code: 9 });
    expect(audit.deniedCount).toBeGreaterThan(0);
    expect(fixture.codes().at(-1)).toBe(9);
    const resumed = recordedNotes(fixture.file).at(-1)?.[1];
    expect(resumed).toMatchObject({ denied: String(audit.deniedCount), since: '2026-01-02T03:04:05.678Z' });
    return audit;
  }

  it('by deleting it is begun anew within a second, which is noted and denied in between', async () => {
    await changed(() => rmSync(fixture.file));
    expect(fixture.notes()).toEqual(['record_begun', 'recording_resumed']);
    expect(recordLines(fixture.file)[0]?.seq).toBeGreaterThan(4);
    expect(String(fixture.errors[0])).toContain('it was deleted');
  });

  it('by cutting it goes on after what was cut, so that the gap stays', async () => {
    await changed(() => truncateSync(fixture.file, statSync(fixture.file).size - 300));
    expect(fixture.notes()).toEqual(['record_begun', 'torn_line_cut', 'record_cut', 'recording_resumed']);
    expect(String(fixture.errors[0])).toContain('it was truncated');
  });

  it('by emptying it goes on after what was cut', async () => {
    await changed(() => truncateSync(fixture.file, 0));
    expect(fixture.notes()).toEqual(['record_begun', 'recording_resumed']);
    expect(recordLines(fixture.file)[0]?.seq).toBeGreaterThan(4);
  });

  it('by adding to it is noticed as well', async () => {
    await changed(() => appendFileSync(fixture.file, '{"type":"decision"}\n'));
    expect(String(fixture.errors[0])).toContain('it was grown');
  });

  it('by deleting the folder of the audit key ends recording until there is one again', async () => {
    const audit = fixture.open();
    await audit.append(event);
    rmSync(`${fixture.dataDir}-audit`, { recursive: true });
    await within(2000, 'it is noticed', () => audit.unavailableSinceMs !== undefined);
    await expect(audit.append(event)).rejects.toThrow('ENOENT');
    mkdirSync(`${fixture.dataDir}-audit`);
    await appendAgain(audit, { ...event, code: 7 });
    expect(fixture.notes()).toEqual(['record_begun', 'recording_resumed']);
    expect(fixture.codes().at(-1)).toBe(7);
    expect(statSync(`${fixture.dataDir}-audit/key.head`).mode & 0o777).toBe(0o600);
  });

  it('is noticed without anything being recorded', async () => {
    fixture.open();
    rmSync(fixture.file);
    await within(1000, 'it is noticed', () => fixture.errors.length > 0);
    await within(1000, 'it is there again', () => existsSync(fixture.file));
  });

  it('while it was closed is noticed by the head beside the key, and the numbers go on after it', async () => {
    const first = fixture.open();
    await Promise.all([1, 2, 3].map((code) => first.append({ ...decision, code })));
    first.close();
    const lines = readFileSync(fixture.file, 'utf8').split('\n');
    writeFileSync(fixture.file, `${lines.slice(0, 2).join('\n')}\n`);
    const second = fixture.open();
    await second.append({ ...decision, code: 9 });
    expect(recordedNotes(fixture.file).slice(1)).toEqual([
      ['record_cut', expect.objectContaining({ found: '2', expected: '4', tree: '5' })],
    ]);
    expect(recordLines(fixture.file).map(({ seq }) => seq)).toEqual([1, 2, 5, 6]);
  });
});
