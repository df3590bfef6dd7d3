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
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChildScript, source } from '../../test/support/child-scripts.js';
import { temporaryFolder } from '../../test/support/folders.js';
import { AuditLog, auditRecordFile, type NewAuditEvent } from './audit-log.js';

const event: NewAuditEvent = { type: 'change', outcome: 'done', actor: { kind: 'service' } };

let dataDir: string;
let file: string;
let errors: unknown[];
let log: AuditLog | undefined;

function open(sync: 'second' | 'always' = 'second'): AuditLog {
  log = new AuditLog({ dataDir, sync, onError: (error) => errors.push(error), now: () => 1_767_323_045_678 });
  return log;
}

const lines = (from = file): string[] => readFileSync(from, 'utf8').split('\n').slice(0, -1);
const codes = (from = file): unknown[] =>
  lines(from).map((line) => (JSON.parse(line) as { code: number }).code);

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
    expect(lines()).toHaveLength(1);
    expect(JSON.parse(lines()[0]!)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      time: '2026-01-02T03:04:05.678Z',
      ...event,
      code: 1,
      command: 'line\nend "quoted"',
    });
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
    const ids = lines().map((line) => (JSON.parse(line) as { id: string }).id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe('mine');
  });

  it('gets all events of one turn in one write, in their order', async () => {
    const audit = open();
    const appends = Array.from({ length: 200 }, (_, code) => audit.append({ ...event, code }));
    expect(readFileSync(file, 'utf8')).toBe('');
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

  it('loses no event to a line that a kill cut off before: the next one is a line of its own', async () => {
    appendFileSync(file, '{"id":"torn","ti');
    await open().append({ ...event, code: 1 });
    expect(lines().map((line) => line.startsWith('{"id":"torn","ti'))).toEqual([true, false]);
    expect(JSON.parse(lines()[1]!)).toMatchObject({ code: 1 });
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

describe('a record that was moved away', () => {
  it('is begun anew within a second or two, and no event is lost between the two files', async () => {
    const audit = open();
    await audit.append({ ...event, code: 0 });
    renameSync(file, `${file}.1`);
    let code = 0;
    while (!existsSync(file)) {
      await audit.append({ ...event, code: ++code });
      await sleep(20);
      if (code > 200) throw new Error('it was not begun anew');
    }
    await audit.append({ ...event, code: ++code });
    expect([...codes(`${file}.1`), ...codes()]).toEqual(
      Array.from({ length: code + 1 }, (_, index) => index),
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('and can not be begun anew is an error at each append until it can, and nothing is written elsewhere', async () => {
    const audit = open();
    await audit.append({ ...event, code: 0 });
    rmSync(join(dataDir, 'audit'), { recursive: true });
    await sleep(1100);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(audit.append({ ...event, code: 1 })).rejects.toMatchObject({ code: 'ENOENT' });
    }
    mkdirSync(join(dataDir, 'audit'));
    await audit.append({ ...event, code: 2 });
    expect(codes()).toEqual([2]);
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
      import { AuditLog } from ${source('audit/audit-log.ts')};
      const dataDir = ${JSON.stringify(dataDir)};
      const file = ${JSON.stringify(file)};
      const log = new AuditLog({ dataDir, sync: 'second', onError() {} });
      const event = { type: 'change', outcome: 'done', actor: { kind: 'service' } };
      const long = 'x'.repeat(1500);
      await log.append({ ...event, id: 'first', command: long });
      await log.append({ ...event, id: 'second', command: long }).then(
        () => console.log('written'), (error) => console.log('refused', error.code));
      // There is room again: here, because the first line was taken away.
      truncateSync(file, 1700);
      await log.append({ ...event, id: 'third' });
      console.log(JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\\n').at(-1)).id);
    `;
    expect(await ChildScript.start(script, { maxFileKib: 2 }).output()).toBe('refused EFBIG\nthird\n');
  });
});
