import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { recordedEvents } from '../../test/support/record.js';
import { turns } from '../../test/support/waiting.js';
import type { DenyReason } from '../errors.js';
import type { NewAuditEvent } from './audit-event.js';
import { AuditLog } from './audit-log.js';
import { FailureSums } from './failure-sums.js';
import { auditRecordFile } from './record/record-files.js';

let dataDir: string;
let log: AuditLog;

beforeEach(() => {
  // The second in which failures are summed lasts until a test ends it: a slow machine would spread them over several.
  jest.useFakeTimers({
    doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval'],
  });
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'audit'));
  log = new AuditLog({ dataDir, sync: 'second', onError: (error) => expect(error).toBeUndefined() });
});

afterEach(() => {
  log.close();
  jest.useRealTimers();
});

async function endOfSecond(): Promise<void> {
  jest.advanceTimersByTime(1000);
  await turns();
}

function fail(
  accessKeyId: string,
  clientAddress: string,
  reason: DenyReason = 'secret_mismatch',
): Promise<void> {
  const event: NewAuditEvent = {
    type: 'decision',
    outcome: 'deny',
    actor: { kind: 'access_key', accessKeyId },
    clientAddress,
    command: 'v-list-users',
    reason,
    code: 9,
  };
  return log.appendFailure(event, { who: accessKeyId, clientAddress, launched: undefined });
}

const key = 'InNqgp01kO3v0W22eg6Z';
const events = () => recordedEvents(auditRecordFile(dataDir));
const counts = () =>
  events().map(({ actor, clientAddress, reason, count = 1 }) => [actor, clientAddress, reason, count]);
const total = (): number => events().reduce((sum, { count = 1 }) => sum + count, 0);
const authLines = (): number => readFileSync(join(dataDir, 'auth.log'), 'utf8').split('\n').length - 1;
const bytes = (): number =>
  statSync(auditRecordFile(dataDir)).size + statSync(join(dataDir, 'auth.log')).size;
const many = (count: number, work: (index: number) => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

describe('failed attempts', () => {
  it('are recorded before they are answered, the first of each address, key and reason', async () => {
    await fail(key, '192.0.2.1');
    await fail(key, '192.0.2.2');
    await fail('x'.repeat(20), '192.0.2.1');
    await fail(key, '192.0.2.1', 'too_many_attempts');
    expect(events()).toHaveLength(4);
    expect(authLines()).toBe(4);
  });

  it('are one event with their number when they come again within a second', async () => {
    for (let attempt = 0; attempt < 5; attempt++) await fail(key, '192.0.2.1');
    expect(events()).toHaveLength(1);
    await endOfSecond();
    const actor = { kind: 'access_key', accessKeyId: key };
    expect(counts()).toEqual([
      [actor, '192.0.2.1', 'secret_mismatch', 1],
      [actor, '192.0.2.1', 'secret_mismatch', 4],
    ]);
    await fail(key, '192.0.2.1');
    expect(events()).toHaveLength(3);
  });

  it('that are counted are in the record after an orderly end', async () => {
    await many(7, () => fail(key, '192.0.2.1'));
    log.close();
    expect(total()).toBe(7);
    log = new AuditLog({ dataDir, sync: 'second', onError: () => undefined });
  });

  it('of 5,000 wrong secrets in a second write less than 4 KiB, and none goes uncounted', async () => {
    const before = bytes();
    await many(5000, () => fail(key, '192.0.2.1'));
    await endOfSecond();
    expect(total()).toBe(5000);
    expect(bytes() - before).toBeLessThan(4096);
  });

  it('under 5,000 made-up names write less than 32 KiB, and hide no attempt on a key that exists', async () => {
    const before = bytes();
    await many(5000, (index) => fail(`madeUpName${String(index)}`, '192.0.2.1', 'key_unknown'));
    await fail(key, '192.0.2.1');
    await endOfSecond();
    expect(total()).toBe(5001);
    expect(counts()).toContainEqual([
      { kind: 'access_key', accessKeyId: key },
      '192.0.2.1',
      'secret_mismatch',
      1,
    ]);
    expect(bytes() - before).toBeLessThan(32_768);
  });

  it('give fail2ban ten lines of an address, key and second, more than its rules count to', async () => {
    await many(500, () => fail(key, '192.0.2.1'));
    await endOfSecond();
    expect(authLines()).toBe(10);
  });

  it('from more addresses than can be counted apart are still counted', async () => {
    await many(6000, (index) => fail(key, `2001:db8::${index.toString(16)}`));
    await endOfSecond();
    expect(total()).toBe(6000);
    expect(events().length).toBeLessThan(5500);
  });
});

describe('failed attempts that go on, each from another address', () => {
  const perSecond = 5000;

  /** @returns how many events each second has, and how many attempts they stand for */
  function flood(seconds: number): { written: number[]; counted: number } {
    let nowMs = 0;
    const written: number[] = [];
    let counted = 0;
    const recorder = {
      unavailableSinceMs: undefined,
      append: ({ count = 1 }: NewAuditEvent) => {
        written[Math.floor(nowMs / 1000)] = (written[Math.floor(nowMs / 1000)] ?? 0) + 1;
        counted += count;
        return Promise.resolve();
      },
      addLogin: () => undefined,
      endOfTurn: () => Promise.resolve(),
    };
    const sums = new FailureSums(recorder, () => nowMs);
    for (let index = 0; index < seconds * perSecond; index++) {
      nowMs = (index * 1000) / perSecond;
      void sums.append({
        ...{ type: 'decision', outcome: 'deny', command: 'v-list-users', code: 9 },
        actor: { kind: 'access_key', accessKeyId: key },
        ...{ clientAddress: `2001:db8::${index.toString(16)}`, reason: 'secret_mismatch' },
      });
      if ((index + 1) % perSecond === 0) sums.flush();
    }
    return { written, counted };
  }

  it('are all counted, and write a bounded number of events', () => {
    const { written, counted } = flood(10);
    expect(counted).toBe(10 * perSecond);
    expect(written[0]).toBeGreaterThan(4096);
    for (const count of written.slice(2)) expect(count).toBeLessThan(140);
  });
});
