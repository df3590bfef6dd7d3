import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ChildScript, source } from '../../test/support/child-scripts.js';
import { recordedEvents, recordedNotes, recordLines } from '../../test/support/record.js';
import { event, TestAuditLog } from '../../test/support/test-audit-log.js';

const begun = ['record_begun', expect.objectContaining({ previous: '0'.repeat(64), tree: '1' })];

let fixture: TestAuditLog;

beforeEach(() => {
  fixture = new TestAuditLog();
});

afterEach(() => fixture.close());

describe('the audit record', () => {
  it('has the event as a line of its own when append resolves', async () => {
    await fixture.open().append({ ...event, code: 1, command: 'line\nend "quoted"' });
    expect(recordedEvents(fixture.file)).toEqual([
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
      const log = new AuditLog({ dataDir: ${JSON.stringify(fixture.dataDir)}, sync: 'second', onError() {} });
      for (let code = 0; code < 100; code++) {
        await log.append({ type: 'change', outcome: 'done', actor: { kind: 'service' }, code });
      }
      console.log('appended');
      process.kill(process.pid, 'SIGKILL');
    `);
    await child.output();
    expect(fixture.codes()).toEqual(Array.from({ length: 100 }, (_, code) => code));
  });

  it('gives each event an ID of its own, and keeps one that it brings', async () => {
    const audit = fixture.open();
    await Promise.all([audit.append(event), audit.append(event), audit.append({ ...event, id: 'mine' })]);
    const ids = recordedEvents(fixture.file).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe('mine');
  });

  it('gets all events of one turn in one write, in their order', async () => {
    const audit = fixture.open();
    const appends = Array.from({ length: 200 }, (_, code) => audit.append({ ...event, code }));
    expect(fixture.codes()).toEqual([]);
    await Promise.race(appends);
    expect(fixture.codes()).toEqual(Array.from({ length: 200 }, (_, code) => code));
    await Promise.all(appends);
  });

  it('is on the disk at each answer where that is asked for', async () => {
    await fixture.open('always').append({ ...event, code: 1 });
    expect(fixture.codes()).toEqual([1]);
  });

  it('and auth.log are readable to their owner alone', () => {
    fixture.open();
    for (const name of [fixture.file, join(fixture.dataDir, 'auth.log')])
      expect(statSync(name).mode & 0o777).toBe(0o600);
  });

  it('goes on where it was after a restart', async () => {
    await fixture.open().append({ ...event, code: 1 });
    fixture.close();
    await fixture.open().append({ ...event, code: 2 });
    expect(fixture.codes()).toEqual([1, 2]);
  });

  it('cuts off a line that a kill had torn, says how much that was, and goes on from the line before', async () => {
    await fixture.open().append({ ...event, code: 1 });
    fixture.close();
    appendFileSync(fixture.file, '{"seq":3,"id":"torn","ti');
    await fixture.open().append({ ...event, code: 2 });
    expect(fixture.codes()).toEqual([1, 2]);
    expect(recordedNotes(fixture.file)).toEqual([begun, ['torn_line_cut', { bytes: '24' }]]);
    expect(recordLines(fixture.file).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('can be torn in its very first line', async () => {
    appendFileSync(fixture.file, '{"seq":1,"id":"torn","ti');
    await fixture.open().append({ ...event, code: 2 });
    expect(recordedNotes(fixture.file)).toEqual([begun, ['torn_line_cut', { bytes: '24' }]]);
  });

  it('has what was appended before it was closed', async () => {
    const audit = fixture.open();
    const last = audit.append({ ...event, code: 9 });
    audit.close();
    fixture.abandon();
    await last;
    expect(fixture.codes()).toEqual([9]);
  });
});

describe('auth.log', () => {
  const login = { who: 'InNqgp01kO3v0W22eg6Z', clientAddress: '203.0.113.9', launched: undefined };

  it('has a line for each event that is a login outcome, and none for others', async () => {
    const audit = fixture.open();
    await Promise.all([audit.append(event, login), audit.append(event), audit.append(event, login)]);
    const written = readFileSync(join(fixture.dataDir, 'auth.log'), 'utf8');
    expect(written).toMatch(/^(?:\S+ \S+ InNqgp01kO3v0W22eg6Z 203\.0\.113\.9 failed to login\n){2}$/);
  });

  it('that can not be written is reported, and the record goes on', async () => {
    symlinkSync('/dev/full', join(fixture.dataDir, 'auth.log'));
    await fixture.open().append({ ...event, code: 1 }, login);
    expect(fixture.codes()).toEqual([1]);
    expect(fixture.errors).toMatchObject([{ code: 'ENOSPC' }]);
    fixture.abandon(); // /dev/full can't be synced at the end
  });
});

describe('a record that can not be written', () => {
  it('is an error for each who waits for it: none of them may answer', async () => {
    symlinkSync('/dev/full', fixture.file);
    const audit = fixture.open();
    const results = await Promise.allSettled([audit.append(event), audit.append(event)]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'ENOSPC' } },
      { status: 'rejected', reason: { code: 'ENOSPC' } },
    ]);
    expect(fixture.errors).toHaveLength(1);
    fixture.abandon();
  });

  it('writes no login outcome for what it could not record', async () => {
    symlinkSync('/dev/full', fixture.file);
    const login = { who: 'x', clientAddress: '203.0.113.9', launched: 'v-a' };
    await expect(fixture.open().append(event, login)).rejects.toThrow();
    expect(readFileSync(join(fixture.dataDir, 'auth.log'), 'utf8')).toBe('');
    fixture.abandon();
  });

  it('because a part of it did not fit loses nothing that is written when there is room again', async () => {
    const script = `
      import { readFileSync, truncateSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { AuditLog } from ${source('audit/audit-log.ts')};
      const dataDir = ${JSON.stringify(fixture.dataDir)};
      const file = ${JSON.stringify(fixture.file)};
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
