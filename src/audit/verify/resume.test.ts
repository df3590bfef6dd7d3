import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problems, RecordWithRetention } from '../../../test/support/record-with-retention.js';
import { AuditKey } from '../key/audit-key.js';
import { VerificationFile } from './saved-verification.js';
import { Interrupted, type Progress } from './verification-run.js';
import type { Verification } from './verify-record.js';

let record: RecordWithRetention;

const stateFile = (): string => join(record.dataDir, 'audit-verification');

beforeEach(async () => {
  record = new RecordWithRetention();
  await record.open();
  await write(2000);
  record.beginFile();
  await write(4000);
});

afterEach(() => record.close());

async function write(count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    record.append(String(number));
    if (number % 1000 === 500) await record.sign();
  }
  await record.sign();
}

interface How {
  stopAfter?: number;
  isResumed?: boolean;
  /** Called at line 1000. */
  meanwhile?: () => void;
  told?: Progress[];
}

/** Interrupted at a line, with its state on the disk. */
async function verify({
  stopAfter = Infinity,
  isResumed = false,
  meanwhile = () => undefined,
  told = [],
}: How = {}): Promise<Verification> {
  const { log } = record;
  const file = new VerificationFile(record.dataDir, log.record.key);
  const stopping = new AbortController();
  let lines = 0;
  return record.verify({
    isNext: (previous, leaf, value) => {
      if (++lines === 1000) meanwhile();
      if (lines === stopAfter) stopping.abort();
      return log.record.chain.isNext(previous, leaf, value);
    },
    run: {
      ...{ file, signal: stopping.signal, chain: log.chainId, intervals: { saveMs: 1e9, tellMs: 0 } },
      onProgress: (progress) => told.push(progress),
      saved: isResumed ? await file.read() : undefined,
    },
  });
}

describe('a verification that is interrupted', () => {
  it.each([200, 1999, 2500, 5000])('after some %d lines goes on from there', async (stopAfter) => {
    await expect(verify({ stopAfter })).rejects.toThrow(Interrupted);
    await write(10);
    const told: Progress[] = [];
    const found = await verify({ isResumed: true, told });
    expect(problems(found)).toBe('');
    expect(found).toMatchObject({ isWhole: true, lines: 6012, first: 1, head: record.log.head });
    expect(found.resumedAt?.number).toBeGreaterThanOrEqual(stopAfter - 1);
    expect(told.every(({ number }) => number > (found.resumedAt?.number ?? 0))).toBe(true);
    expect(told.map(({ bytes }) => bytes)).toEqual(
      told.map(({ bytes }) => bytes).sort((one, other) => one - other),
    );
    // It has ended: there is nothing to go on from any more.
    expect((await verify({ isResumed: true })).resumedAt).toBeUndefined();
  });

  it('goes on more than once, and finds what is wrong behind and what was before', async () => {
    const file = record.inFolder('events.jsonl-to-2001');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"event":"50"', '"event":"51"'));
    await expect(verify({ stopAfter: 2300 })).rejects.toThrow(Interrupted);
    await expect(verify({ stopAfter: 2000, isResumed: true })).rejects.toThrow(Interrupted);
    const current = record.inFolder('events.jsonl');
    writeFileSync(current, readFileSync(current, 'utf8').replace('"event":"3990"', '"event":"3991"'));
    const found = await verify({ isResumed: true });
    expect(found.resumedAt?.number).toBeGreaterThan(4000);
    expect(problems(found)).toMatch(/^events.jsonl-to-2001 line 52: number 52 does not follow/);
    expect(problems(found)).toContain('number 5993 does not follow');
  });

  it('keeps no place behind the newest signed head, whose tiles are not there yet', async () => {
    for (let number = 0; number < 500; number++) record.append('unsigned');
    await expect(verify({ stopAfter: 6200 })).rejects.toThrow(Interrupted);
    const found = await verify({ isResumed: true });
    expect(found.resumedAt).toBeUndefined();
    expect(problems(found)).toBe('');
  });

  it('compares heads of any age again, so that one that somebody adds is found', async () => {
    await expect(verify({ stopAfter: 5000 })).rejects.toThrow(Interrupted);
    record.heads.push({ ...record.heads[0]!, root: 'x'.repeat(32) });
    const found = await verify({ isResumed: true });
    expect(found.resumedAt).toBeDefined();
    expect(problems(found)).toContain('a witness: its head');
  });
});

describe('an interrupted verification says', () => {
  it('after which number the next one can go on', async () => {
    const interrupted = await verify({ stopAfter: 4000 }).catch((error: unknown) => error);
    const { resumedAt } = await verify({ isResumed: true });
    expect(interrupted).toMatchObject({ savedNumber: resumedAt?.number });
    expect(resumedAt?.number).toBeGreaterThan(3990);
  });

  it('that nothing was saved where a file before could not be read', async () => {
    symlinkSync('nowhere', record.inFolder('events.jsonl.9'));
    const interrupted = await verify({ stopAfter: 4000 }).catch((error: unknown) => error);
    expect(interrupted).toMatchObject({ name: 'Error', savedNumber: undefined });
    expect(existsSync(stateFile())).toBe(false);
  });
});

describe('nothing is gone on from', () => {
  beforeEach(async () => {
    await expect(verify({ stopAfter: 4000 })).rejects.toThrow(Interrupted);
  });

  /** The state on the disk doesn't count. */
  async function verifiedAnew(): Promise<string> {
    expect(existsSync(stateFile())).toBe(true);
    const found = await verify({ isResumed: true });
    expect(found).toMatchObject({ resumedAt: undefined, lines: 6002 });
    return problems(found);
  }

  it('where a file that was verified was changed since', async () => {
    const file = record.inFolder('events.jsonl-to-2001');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"event":"50"', '"event":"51"'));
    expect(await verifiedAnew()).toContain('number 52 does not follow');
  });

  it('where a file that was verified was changed while it was read', async () => {
    const file = record.inFolder('events.jsonl-to-2001');
    const text = readFileSync(file, 'utf8').replace('"event":"50"', '"event":"51"');
    const meanwhile = (): void => writeFileSync(file, text);
    await expect(verify({ stopAfter: 4000, meanwhile })).rejects.toThrow(Interrupted);
    expect(await verifiedAnew()).toContain('number 52 does not follow');
  });

  it('where the closed file in which it would go on was changed since', async () => {
    await expect(verify({ stopAfter: 1500 })).rejects.toThrow(Interrupted);
    const file = record.inFolder('events.jsonl-to-2001');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"event":"50"', '"event":"51"'));
    expect(await verifiedAnew()).toContain('number 52 does not follow');
  });

  it.each([
    ['one that somebody altered', (text: string) => text.replace('"findingCount":0', '"findingCount":1')],
    ['one that is cut', (text: string) => text.slice(0, -10)],
    ['none', () => ''],
  ])('where the state is %s', async (_, change) => {
    const text = readFileSync(stateFile(), 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(stateFile(), change(text));
    expect(await verifiedAnew()).toBe('');
  });

  it('where the state was made with another key', async () => {
    const saved = await new VerificationFile(record.dataDir, record.log.record.key).read();
    await new VerificationFile(record.dataDir, AuditKey.generate()).write(saved!);
    expect(await verifiedAnew()).toBe('');
  });
});
