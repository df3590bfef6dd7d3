import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { AuditLog } from '../audit-log.js';
import { AuditKey } from '../key/audit-key.js';
import { noteBody } from '../record/note-body.js';
import type { SignedHead } from '../tree/record-tree.js';
import { VerificationFile } from './saved-verification.js';
import { TreeCheck } from './tree-check.js';
import { Interrupted, type Progress } from './verification-run.js';
import { verifyRecord, type Verification } from './verify-record.js';

let dataDir: string;
let log: AuditLog;
let heads: SignedHead[];
const rotation = { fileBytes: Infinity, fileAgeMs: Infinity };

const inFolder = (name: string): string => join(dataDir, 'audit', name);
const stateFile = (): string => join(dataDir, 'audit-verification');

beforeEach(async () => {
  dataDir = join(temporaryFolder(), 'data');
  mkdirSync(join(dataDir, 'audit'), { recursive: true });
  log = new AuditLog({ dataDir, sync: 'second', rotation, onError: () => undefined });
  heads = [];
  await write(2000);
  rotation.fileBytes = 1;
  log.record.watch();
  rotation.fileBytes = Infinity;
  await write(4000);
});

afterEach(() => log.close());

async function write(count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    log.record.append([noteBody('recording_resumed', { event: String(number) }, 0)]);
    if (number % 1000 === 500) heads.push((await log.tree.sign(() => log.sync()))!);
  }
  heads.push((await log.tree.sign(() => log.sync()))!);
}

interface How {
  stopAfter?: number;
  isResumed?: boolean;
  told?: Progress[];
}

/** As the service verifies: with everything that is signed, and its state on the disk. */
async function verify({
  stopAfter = Infinity,
  isResumed = false,
  told = [],
}: How = {}): Promise<Verification> {
  const file = new VerificationFile(dataDir, log.record.key);
  const stopping = new AbortController();
  const signed = log.tree.signed;
  return verifyRecord({
    ...{ dataDir, known: [], chain: log.chainId },
    current: () => ({ head: log.head, putAway: log.record.putAway }),
    isNext: (previous, leaf, value) => {
      if (--stopAfter === 0) stopping.abort();
      return log.record.chain.isNext(previous, leaf, value);
    },
    tree: (walk) => {
      const kept = heads.map((head) => ({ ...head, keptBy: 'a witness' }));
      return new TreeCheck(dataDir, log.chainId, kept, signed, (place, problem) => walk.find(place, problem));
    },
    run: {
      ...{ file, signal: stopping.signal, chain: log.chainId, intervals: { saveMs: 1e9, tellMs: 0 } },
      onProgress: (progress) => told.push(progress),
      saved: isResumed ? await file.read() : undefined,
    },
  });
}

const problems = ({ findings }: Verification): string =>
  findings.map(({ place, problem }) => `${place}: ${problem}`).join('\n');

describe('a verification that is interrupted', () => {
  it.each([200, 1999, 2500, 5000])('after some %d lines goes on from there', async (stopAfter) => {
    await expect(verify({ stopAfter })).rejects.toThrow(Interrupted);
    await write(10);
    const told: Progress[] = [];
    const found = await verify({ isResumed: true, told });
    expect(problems(found)).toBe('');
    expect(found).toMatchObject({ isWhole: true, lines: 6012, first: 1, head: log.head });
    expect(found.resumedAt?.number).toBeGreaterThanOrEqual(stopAfter - 1);
    expect(told.every(({ number }) => number > (found.resumedAt?.number ?? 0))).toBe(true);
    expect(told.map(({ bytes }) => bytes)).toEqual(
      told.map(({ bytes }) => bytes).sort((one, other) => one - other),
    );
    // It has ended: there is nothing to go on from any more.
    expect((await verify({ isResumed: true })).resumedAt).toBeUndefined();
  });

  it('goes on more than once, and finds what is wrong behind and what was before', async () => {
    const file = inFolder('events.jsonl-to-2001');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"event":"50"', '"event":"51"'));
    await expect(verify({ stopAfter: 2300 })).rejects.toThrow(Interrupted);
    await expect(verify({ stopAfter: 2000, isResumed: true })).rejects.toThrow(Interrupted);
    const current = inFolder('events.jsonl');
    writeFileSync(current, readFileSync(current, 'utf8').replace('"event":"3990"', '"event":"3991"'));
    const found = await verify({ isResumed: true });
    expect(found.resumedAt?.number).toBeGreaterThan(4000);
    expect(problems(found)).toMatch(/^events.jsonl-to-2001 line 52: number 52 does not follow/);
    expect(problems(found)).toContain('number 5993 does not follow');
  });

  it('keeps no place behind the newest signed head, whose tiles are not there yet', async () => {
    for (let number = 0; number < 500; number++)
      log.record.append([noteBody('recording_resumed', { event: 'unsigned' }, 0)]);
    await expect(verify({ stopAfter: 6200 })).rejects.toThrow(Interrupted);
    const found = await verify({ isResumed: true });
    expect(found.resumedAt).toBeUndefined();
    expect(problems(found)).toBe('');
  });

  it('compares heads of any age again, so that one that somebody adds is found', async () => {
    await expect(verify({ stopAfter: 5000 })).rejects.toThrow(Interrupted);
    heads.push({ ...heads[0]!, root: 'x'.repeat(32) });
    const found = await verify({ isResumed: true });
    expect(found.resumedAt).toBeDefined();
    expect(problems(found)).toContain('a witness: its head');
  });
});

describe('nothing is gone on from', () => {
  beforeEach(async () => {
    await expect(verify({ stopAfter: 4000 })).rejects.toThrow(Interrupted);
  });

  afterEach(async () => {
    const found = await verify({ isResumed: true });
    expect(found.resumedAt).toBeUndefined();
  });

  it('where a file that was verified was changed since', async () => {
    const file = inFolder('events.jsonl-to-2001');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"event":"50"', '"event":"51"'));
    expect(problems(await verify({ isResumed: true }))).toContain('number 52 does not follow');
  });

  it('where the closed file in which it would go on was changed since', async () => {
    await expect(verify({ stopAfter: 1500 })).rejects.toThrow(Interrupted);
    const file = inFolder('events.jsonl-to-2001');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"event":"50"', '"event":"51"'));
    const found = await verify({ isResumed: true });
    expect(found.resumedAt).toBeUndefined();
    expect(problems(found)).toContain('number 52 does not follow');
  });

  it.each([
    ['one that somebody altered', (text: string) => text.replace('"findingCount":0', '"findingCount":1')],
    ['one that is cut', (text: string) => text.slice(0, -10)],
    ['none', () => ''],
  ])('where the state is %s', (_, change) => {
    const text = readFileSync(stateFile(), 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(stateFile(), change(text));
  });

  it('where the state was made with another key', async () => {
    const saved = await new VerificationFile(dataDir, log.record.key).read();
    await new VerificationFile(dataDir, AuditKey.generate()).write(saved!);
  });
});
