import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChildScript, source } from '../../test/support/child-scripts.js';
import { temporaryFolder } from '../../test/support/folders.js';
import { recordedEvents, recordedNotes, recordLines } from '../../test/support/record.js';
import { within } from '../../test/support/waiting.js';
import type { NewAuditEvent } from './audit-event.js';
import { AuditLog } from './audit-log.js';
import { auditRecordFile } from './record/record-files.js';

const event: NewAuditEvent = { type: 'change', outcome: 'done', actor: { kind: 'service' } };

let dataDir: string;
let file: string;
let errors: unknown[];
let log: AuditLog | undefined;

function open(sync: 'second' | 'always' = 'second'): AuditLog {
  log = new AuditLog({
    dataDir,
    sync,
    onError: (error) => errors.push(error),
    now: () => 1_767_323_045_678,
  });
  return log;
}

const codes = (from = file): unknown[] => recordedEvents(from).map(({ code }) => code);
const notes = (from = file) => recordedNotes(from).map(([note]) => note);
const begun = ['record_begun', expect.objectContaining({ previous: '0'.repeat(64), tree: '1' })];
/** Appends as soon as it can be recorded again. */
const appendAgain = (audit: AuditLog, event: NewAuditEvent): Promise<void> =>
  within(2000, 'it is recorded again', () =>
    audit.append(event).then(
      () => true,
      () => false,
    ),
  );

beforeEach(() => {
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  file = auditRecordFile(dataDir);
  errors = [];
});

afterEach(() => {
  if (file !== '') log?.close();
  log = undefined;
});

describe('the audit record', () => {
  it('has the event as a line of its own when append resolves', async () => {
    await open().append({ ...event, code: 1, command: 'line\nend "quoted"' });
    expect(recordedEvents(file)).toEqual([
      {
        seq: 2,
        mac: expect.stringMatching(/^[0-9a-f]{64}$/),
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        time: '2026-01-02T03:04:05.678Z',
        ...event,
        code: 1,
        command: 'line\nend "quoted"',
      },
    ]);
  });

  it('has it after a kill of the process, once append has resolved', async () => {
    const child = ChildScript.start(`
      import { AuditLog } from ${source('audit/audit-log.ts')};
      const log = new AuditLog({ dataDir: ${JSON.stringify(dataDir)}, sync: 'second', onError() {} });
      for (let code = 0; code < 100; code++) {
        await log.append({ type: 'change', outcome: 'done', actor: { kind: 'service' }, code });
      }
      console.log('appended');
      process.kill(process.pid, 'SIGKILL');
    `);
    await child.output();
    expect(codes()).toEqual(Array.from({ length: 100 }, (_, code) => code));
  });

  it('gives each event an ID of its own, and keeps one that it brings', async () => {
    const audit = open();
    await Promise.all([audit.append(event), audit.append(event), audit.append({ ...event, id: 'mine' })]);
    const ids = recordedEvents(file).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe('mine');
  });

  it('gets all events of one turn in one write, in their order', async () => {
    const audit = open();
    const appends = Array.from({ length: 200 }, (_, code) => audit.append({ ...event, code }));
    expect(codes()).toEqual([]);
    await Promise.race(appends);
    expect(codes()).toEqual(Array.from({ length: 200 }, (_, code) => code));
    await Promise.all(appends);
  });

  it('is on the disk at each answer where that is asked for', async () => {
    await open('always').append({ ...event, code: 1 });
    expect(codes()).toEqual([1]);
  });

  it('and auth.log are readable to their owner alone', () => {
    open();
    for (const name of [file, join(dataDir, 'auth.log')]) expect(statSync(name).mode & 0o777).toBe(0o600);
  });

  it('goes on where it was after a restart', async () => {
    await open().append({ ...event, code: 1 });
    log?.close();
    await open().append({ ...event, code: 2 });
    expect(codes()).toEqual([1, 2]);
  });

  it('cuts off a line that a kill had torn, says how much that was, and goes on from the line before', async () => {
    await open().append({ ...event, code: 1 });
    log?.close();
    appendFileSync(file, '{"seq":3,"id":"torn","ti');
    await open().append({ ...event, code: 2 });
    expect(codes()).toEqual([1, 2]);
    expect(recordedNotes(file)).toEqual([begun, ['torn_line_cut', { bytes: '24' }]]);
    expect(recordLines(file).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('can be torn in its very first line', async () => {
    appendFileSync(file, '{"seq":1,"id":"torn","ti');
    await open().append({ ...event, code: 2 });
    expect(recordedNotes(file)).toEqual([begun, ['torn_line_cut', { bytes: '24' }]]);
  });

  it('has what was appended before it was closed', async () => {
    const audit = open();
    const last = audit.append({ ...event, code: 9 });
    audit.close();
    log = undefined;
    await last;
    expect(codes()).toEqual([9]);
  });
});

describe('auth.log', () => {
  const login = { who: 'InNqgp01kO3v0W22eg6Z', clientAddress: '203.0.113.9', launched: undefined };

  it('has a line for each event that is a login outcome, and none for others', async () => {
    const audit = open();
    await Promise.all([audit.append(event, login), audit.append(event), audit.append(event, login)]);
    const written = readFileSync(join(dataDir, 'auth.log'), 'utf8');
    expect(written).toMatch(/^(?:\S+ \S+ InNqgp01kO3v0W22eg6Z 203\.0\.113\.9 failed to login\n){2}$/);
  });

  it('that can not be written is reported, and the record goes on', async () => {
    symlinkSync('/dev/full', join(dataDir, 'auth.log'));
    await open().append({ ...event, code: 1 }, login);
    expect(codes()).toEqual([1]);
    expect(errors).toMatchObject([{ code: 'ENOSPC' }]);
    log = undefined; // /dev/full can't be synced at the end
  });
});

describe('a record that log rotation has moved away', () => {
  it('is begun anew within a second or two, and no event is lost between the two files', async () => {
    const audit = open();
    await audit.append({ ...event, code: 0 });
    renameSync(file, `${file}.1`);
    let code = 0;
    while (!existsSync(file)) {
      await audit.append({ ...event, code: ++code });
      await sleep(20);
    }
    await audit.append({ ...event, code: ++code });
    expect([...codes(`${file}.1`), ...codes()]).toEqual(
      Array.from({ length: code + 1 }, (_, index) => index),
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('goes on with the same chain in the new file', async () => {
    const audit = open();
    await audit.append({ ...event, code: 0 });
    renameSync(file, `${file}.1`);
    await within(2000, 'it is begun anew', () => existsSync(file));
    await audit.append({ ...event, code: 1 });
    const [last] = recordLines(`${file}.1`).slice(-1);
    expect(recordLines(file)).toMatchObject([
      { seq: 3, note: 'record_begun', target: { chain: audit.chainId, previous: last?.mac } },
      { seq: 4, code: 1 },
    ]);
  });

  it('while the service was down is gone on with too', async () => {
    const first = open();
    await first.append({ ...event, code: 0 });
    first.close();
    renameSync(file, `${file}-20260131`);
    await open().append({ ...event, code: 1 });
    expect(recordLines(file).map(({ seq }) => seq)).toEqual([3, 4]);
    expect(notes()).toEqual(['record_begun']);
  });

  it('and can not be begun anew is an error at each append until it can, and nothing is written elsewhere', async () => {
    const audit = open();
    await audit.append({ ...event, code: 0 });
    rmSync(join(dataDir, 'audit'), { recursive: true });
    const isRefused = (): Promise<boolean> =>
      audit.append({ ...event, code: 1 }).then(
        () => false,
        () => true,
      );
    await within(1100, 'it is missed', isRefused);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(audit.append({ ...event, code: 1 })).rejects.toThrow();
    }
    mkdirSync(join(dataDir, 'audit'));
    await appendAgain(audit, { ...event, code: 2 });
    expect(codes()).toEqual([2]);
  });
});

describe('a record that somebody else changes', () => {
  const decision: NewAuditEvent = { ...event, type: 'decision', outcome: 'allow' };

  async function changed(change: () => void): Promise<AuditLog> {
    const audit = open();
    await Promise.all([1, 2, 3].map((code) => audit.append({ ...decision, code })));
    change();
    await within(1000, 'it is noticed', () => audit.unavailableSinceMs !== undefined);
    await expect(audit.append(decision)).rejects.toThrow();
    expect(errors).toHaveLength(1);
    await appendAgain(audit, { ...decision, code: 9 });
    expect(audit.deniedCount).toBeGreaterThan(0);
    expect(codes().at(-1)).toBe(9);
    const resumed = recordedNotes(file).at(-1)?.[1];
    expect(resumed).toMatchObject({ denied: String(audit.deniedCount), since: '2026-01-02T03:04:05.678Z' });
    return audit;
  }

  it('by deleting it is begun anew within a second, which is noted and denied in between', async () => {
    await changed(() => rmSync(file));
    expect(notes()).toEqual(['record_begun', 'recording_resumed']);
    expect(recordLines(file)[0]?.seq).toBeGreaterThan(4);
    expect(String(errors[0])).toContain('it was deleted');
  });

  it('by cutting it goes on after what was cut, so that the gap stays', async () => {
    await changed(() => truncateSync(file, statSync(file).size - 300));
    expect(notes()).toEqual(['record_begun', 'torn_line_cut', 'record_cut', 'recording_resumed']);
    expect(String(errors[0])).toContain('it was truncated');
  });

  it('by emptying it goes on after what was cut', async () => {
    await changed(() => truncateSync(file, 0));
    expect(notes()).toEqual(['record_begun', 'recording_resumed']);
    expect(recordLines(file)[0]?.seq).toBeGreaterThan(4);
  });

  it('by adding to it is noticed as well', async () => {
    await changed(() => appendFileSync(file, '{"type":"decision"}\n'));
    expect(String(errors[0])).toContain('it was grown');
  });

  it('by deleting the folder of the audit key ends recording until there is one again', async () => {
    const audit = open();
    await audit.append(event);
    rmSync(`${dataDir}-audit`, { recursive: true });
    await within(2000, 'it is noticed', () => audit.unavailableSinceMs !== undefined);
    await expect(audit.append(event)).rejects.toThrow('ENOENT');
    mkdirSync(`${dataDir}-audit`);
    await appendAgain(audit, { ...event, code: 7 });
    expect(notes()).toEqual(['record_begun', 'recording_resumed']);
    expect(codes().at(-1)).toBe(7);
    expect(statSync(`${dataDir}-audit/key.head`).mode & 0o777).toBe(0o600);
  });

  it('is noticed without anything being recorded', async () => {
    open();
    rmSync(file);
    await within(1000, 'it is noticed', () => errors.length > 0);
    await within(1000, 'it is there again', () => existsSync(file));
  });

  it('while it was closed is noticed by the head beside the key, and the numbers go on after it', async () => {
    const first = open();
    await Promise.all([1, 2, 3].map((code) => first.append({ ...decision, code })));
    first.close();
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, 2).join('\n')}\n`);
    const second = open();
    await second.append({ ...decision, code: 9 });
    expect(recordedNotes(file).slice(1)).toEqual([
      ['record_cut', expect.objectContaining({ found: '2', expected: '4', tree: '5' })],
    ]);
    expect(recordLines(file).map(({ seq }) => seq)).toEqual([1, 2, 5, 6]);
  });
});

describe('a record that can not be written', () => {
  it('is an error for each who waits for it: none of them may answer', async () => {
    symlinkSync('/dev/full', file);
    const audit = open();
    const results = await Promise.allSettled([audit.append(event), audit.append(event)]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'ENOSPC' } },
      { status: 'rejected', reason: { code: 'ENOSPC' } },
    ]);
    expect(errors).toHaveLength(1);
    log = undefined;
  });

  it('writes no login outcome for what it could not record', async () => {
    symlinkSync('/dev/full', file);
    const login = { who: 'x', clientAddress: '203.0.113.9', launched: 'v-a' };
    await expect(open().append(event, login)).rejects.toThrow();
    expect(readFileSync(join(dataDir, 'auth.log'), 'utf8')).toBe('');
    log = undefined;
  });

  it('because a part of it did not fit loses nothing that is written when there is room again', async () => {
    const script = `
      import { readFileSync, truncateSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { AuditLog } from ${source('audit/audit-log.ts')};
      const dataDir = ${JSON.stringify(dataDir)};
      const file = ${JSON.stringify(file)};
      const log = new AuditLog({ dataDir, sync: 'second', onError() {} });
      const event = { type: 'change', outcome: 'done', actor: { kind: 'service' } };
      const long = 'x'.repeat(1500);
      await log.append({ ...event, id: 'first', command: long });
      await log.append({ ...event, id: 'second', command: long }).then(
        () => console.log('written'), (error) => console.log('refused', error.code));
      if (readFileSync(file, 'utf8').endsWith('"}\\n')) console.log('whole');
      // There is room again: here, because the first line was taken away.
      truncateSync(file, 0);
      let isWritten = false;
      while (!isWritten) {
        await setTimeout(100);
        isWritten = await log.append({ ...event, id: 'third' }).then(() => true, () => false);
      }
      console.log(JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\\n').at(-1)).id);
    `;
    expect(await ChildScript.start(script, { maxFileKib: 3 }).output()).toBe('refused EFBIG\nwhole\nthird\n');
  });
});
