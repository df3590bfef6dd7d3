import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../../test/support/folders.js';
import { AuditLog } from '../audit-log.js';
import { AuditKey } from '../key/audit-key.js';
import { noteBody } from '../record/note-body.js';
import { leafOf, contentOf } from '../record/chain.js';
import { rootFromInclusion } from '../tree/proofs.js';
import type { SignedHead } from '../tree/record-tree.js';
import { TreeCheck } from '../verify/tree-check.js';
import { verifyRecord, type Verification } from '../verify/verify-record.js';
import type { SlowestSink } from './due-files.js';
import { enactStatement, layStatement } from './put-away-files.js';
import { Retention } from './retention.js';
import { openStatement, readStatement, signStatement, statementFile } from './statement.js';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);

let dataDir: string;
let nowMs: number;
let rotation: { fileBytes: number; fileAgeMs: number };
let log: AuditLog;
let heads: SignedHead[];
let slowestSink: SlowestSink | undefined;
let notes: string[];
let errors: unknown[];

beforeEach(() => {
  dataDir = join(temporaryFolder(), 'data');
  mkdirSync(join(dataDir, 'audit'), { recursive: true });
  nowMs = startMs;
  rotation = { fileBytes: Infinity, fileAgeMs: Infinity };
  heads = [];
  slowestSink = undefined;
  notes = [];
  errors = [];
});

afterEach(() => log.close());

const inFolder = (name: string): string => join(dataDir, 'audit', name);
const recordFiles = (): string[] => readdirSync(inFolder('')).filter((name) => name.startsWith('events.'));

async function open(): Promise<void> {
  log = new AuditLog({
    ...{ dataDir, sync: 'second', now: () => nowMs },
    rotation,
    onError: (error) => errors.push(error),
  });
  await log.tree.catchUp();
}

async function sign(): Promise<void> {
  const head = await log.tree.sign(() => log.sync());
  if (head !== undefined && !heads.includes(head)) heads.push(head);
}

/** A file for each of these days, with a head that was signed in its middle. */
async function writeDays(days: number, events = 300): Promise<void> {
  for (let day = 0; day < days; day++) {
    for (let number = 0; number < events; number++) {
      log.record.append([noteBody('recording_resumed', { event: String(number) }, nowMs)]);
      if (number === 100) await sign();
    }
    await sign();
    nowMs += dayMs;
    rotation.fileAgeMs = dayMs;
    log.record.watch();
    rotation.fileAgeMs = Infinity;
  }
  await sign();
}

function retention(keep: { keepMs?: number; keepBytes?: number }): Retention {
  const settings = {
    keepMs: undefined,
    keepBytes: undefined,
    keepText: 'HEARTHKEY_AUDIT_KEEP=test',
    ...keep,
  };
  return new Retention({
    ...{ dataDir, settings, log, slowestSink: () => slowestSink, now: () => nowMs, monotonic: () => nowMs },
    onNote: (text) => notes.push(text),
    onError: (error) => errors.push(error),
  });
}

function verify(): Promise<Verification> {
  const signed = log.tree.signed;
  return verifyRecord({
    ...{ dataDir, known: [], chain: log.chainId },
    current: () => ({ head: log.head, putAway: log.record.putAway }),
    isNext: (previous, leaf, value) => log.record.chain.isNext(previous, leaf, value),
    tree: (walk) => {
      const kept = heads.map((head) => ({ ...head, keptBy: 'a witness' }));
      return new TreeCheck(dataDir, log.chainId, kept, signed, (place, problem) => walk.find(place, problem));
    },
  });
}

async function reopen(): Promise<void> {
  log.close();
  await open();
}

const problems = ({ findings }: Verification): string =>
  findings.map(({ place, problem }) => `${place}: ${problem}`).join('\n');

describe('retention by age', () => {
  it('puts away whole files once the next one is older, never before, and never the present one', async () => {
    await open();
    await writeDays(4);
    expect(recordFiles()).toHaveLength(5);
    const keep = retention({ keepMs: 10 * dayMs });
    // The second file was begun a day after the first.
    nowMs = startMs + 11 * dayMs;
    await keep.run();
    expect(recordFiles()).toHaveLength(5);
    nowMs++;
    await keep.run();
    expect(recordFiles()).toHaveLength(4);
    nowMs += 100 * dayMs;
    await keep.run();
    expect(recordFiles()).toEqual(['events.jsonl']);
    expect(readdirSync(inFolder('')).filter((name) => name.startsWith('put-away'))).toEqual([]);
    expect(keep.heldBack).toBeUndefined();
  });

  it('leaves a record that is whole from there on, and every older head and proof still counts', async () => {
    await open();
    await writeDays(4);
    const before = heads.at(-1);
    nowMs = startMs + 12.5 * dayMs;
    await retention({ keepMs: 10 * dayMs }).run();
    await writeDays(2);
    for (let start = 0; start < 2; start++) {
      const found = await verify();
      expect(problems(found)).toBe('');
      const begin = log.record.putAway?.begin ?? 0;
      expect(found).toMatchObject({
        isWhole: true,
        first: begin,
        putAway: { begin, why: 'HEARTHKEY_AUDIT_KEEP=test' },
      });
      expect(begin).toBeGreaterThan(600);
      const line = readFileSync(inFolder(recordFiles().sort().at(-1) ?? ''), 'utf8').split('\n')[0] ?? '';
      const { seq } = JSON.parse(line) as { seq: number };
      const leaf = leafOf(contentOf(Buffer.from(line), 'mac'));
      const { size = 0, root } = seq <= (before?.size ?? 0) ? (before ?? {}) : (heads.at(-1) ?? {});
      const path = await log.tree.proofs(size).inclusion(seq - 1);
      expect(rootFromInclusion(leaf, seq - 1, size, path)).toBe(root);
      await reopen();
    }
    const lines = recordFiles().flatMap((name) => readFileSync(inFolder(name), 'utf8').split('\n'));
    const told = lines.filter((line) => line.includes('"note":"record_put_away"'));
    expect(told.map((line) => (JSON.parse(line) as { target: object }).target)).toEqual([
      { from: '1', to: '301', files: 'events.jsonl-to-301', why: 'HEARTHKEY_AUDIT_KEEP=test' },
      { from: '302', to: '602', files: 'events.jsonl-to-602', why: 'HEARTHKEY_AUDIT_KEEP=test' },
    ]);
  });

  it('waits for a receiver that has not acknowledged them, and says for which', async () => {
    await open();
    await writeDays(3);
    nowMs += 100 * dayMs;
    slowestSink = { name: 'https://siem.example.com/', number: 300 };
    const keep = retention({ keepMs: dayMs });
    await keep.run();
    expect(recordFiles()).toHaveLength(4);
    expect(keep.heldBack).toBe('https://siem.example.com/ has not acknowledged events 301 to 301');
    slowestSink = { name: 'https://siem.example.com/', number: 301 };
    await keep.run();
    expect(recordFiles()).toHaveLength(3);
    expect(keep.heldBack).toContain('events 302 to 602');
    slowestSink = undefined;
    await keep.run();
    expect(recordFiles()).toHaveLength(1);
  });

  it('believes a clock that was set forward only after a day', async () => {
    await open();
    await writeDays(3);
    let monotonicMs = 0;
    const keep = new Retention({
      ...{ dataDir, log, slowestSink: () => undefined, now: () => nowMs, monotonic: () => monotonicMs },
      settings: { keepMs: 100 * dayMs, keepBytes: undefined, keepText: '' },
      ...{ onNote: () => undefined, onError: (error) => errors.push(error) },
    });
    await keep.run();
    nowMs += 4000 * dayMs;
    monotonicMs += 60_000;
    for (const laterMs of [0, dayMs - 60_000]) {
      nowMs += laterMs;
      monotonicMs += laterMs;
      await keep.run();
      expect(recordFiles()).toHaveLength(4);
      expect(keep.heldBack).toContain('the clock was set forward');
    }
    nowMs += dayMs;
    monotonicMs += dayMs;
    await keep.run();
    expect(recordFiles()).toHaveLength(1);
  });
});

describe('after a start long after the newest event', () => {
  beforeEach(async () => {
    await open();
    await writeDays(3);
    nowMs += 100 * dayMs;
    await reopen();
  });

  it('nothing goes for its age before a day is over, and nothing is held back that is not due', async () => {
    const keep = retention({ keepMs: dayMs });
    await keep.run();
    expect(recordFiles()).toHaveLength(4);
    expect(keep.heldBack).toContain('the newest event at the start');
    const longer = retention({ keepMs: 500 * dayMs });
    await longer.run();
    expect(longer.heldBack).toBeUndefined();
    nowMs += dayMs;
    await keep.run();
    expect(recordFiles()).toHaveLength(1);
  });

  it('what is too large goes all the same: that needs no clock', async () => {
    await sign();
    await retention({ keepBytes: 1 }).run();
    expect(recordFiles()).toHaveLength(1);
  });
});

it('retention by size puts away the oldest files until the others fit', async () => {
  await open();
  await writeDays(4);
  const bytes = readFileSync(inFolder('events.jsonl-to-301')).length;
  await retention({ keepBytes: 3.5 * bytes }).run();
  expect(recordFiles()).toHaveLength(4);
  await retention({ keepBytes: 1 }).run();
  expect(recordFiles()).toEqual(['events.jsonl']);
  expect(problems(await verify())).toBe('');
});

it.each([
  ['a file that is none of the record', () => writeFileSync(inFolder('events.jsonl.bak'), '')],
  ['a copy of a file', () => cpSync(inFolder('events.jsonl-to-602'), inFolder('events.jsonl.bak'))],
])('retention by size puts nothing away for %s, or junk at the end of a file', async (_, make) => {
  await open();
  await writeDays(3);
  const bytes = recordFiles().reduce((sum, name) => sum + statSync(inFolder(name)).size, 0);
  make();
  truncateSync(inFolder('events.jsonl.bak'), 6e6);
  truncateSync(inFolder('events.jsonl-to-301'), 6e6);
  const keep = retention({ keepBytes: bytes });
  await keep.run();
  expect(recordFiles()).toHaveLength(5);
  expect(keep.heldBack).toContain('not with lines that this node wrote');
  const less = retention({ keepBytes: bytes - 1 });
  await expect(less.run()).resolves.toBeUndefined();
  expect(recordFiles()).not.toContain('events.jsonl-to-301');
  expect(recordFiles()).toContain('events.jsonl-to-602');
});

describe('a kill', () => {
  /** The state of before, with everything up to a step done to it. */
  async function killedAfter(step: 'laid' | 'noted' | 'stated' | 'all'): Promise<void> {
    await open();
    await writeDays(3);
    nowMs += 100 * dayMs;
    log.record.append([noteBody('recording_resumed', { event: 'the newest at start' }, nowMs)]);
    const copy = join(temporaryFolder(), 'data');
    for (const end of ['', '-audit']) cpSync(`${dataDir}${end}`, `${copy}${end}`, { recursive: true });
    await retention({ keepMs: dayMs }).run();
    const statement = openStatement(readStatement(dataDir) ?? '', log.record.key, log.chainId)!;
    const all = ['events.jsonl-to-301', 'events.jsonl-to-602', 'events.jsonl-to-903'];
    log.close();
    dataDir = copy;
    await open();
    await layStatement(dataDir, signStatement(log.record.key, { ...statement, files: all }));
    if (step !== 'laid') log.record.append([noteBody('record_put_away', {}, nowMs)]);
    if (step === 'stated' || step === 'all') enactStatement(dataDir);
    if (step === 'all') for (const name of all) cpSync(inFolder(name), inFolder(`put-away-${name}`));
    if (step === 'all') for (const name of all) rmSync(inFolder(name));
    await reopen();
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
      expect(recordFiles()).toHaveLength(left);
      expect(problems(await verify())).toBe('');
      expect(log.record.findings).toEqual([]);
      const keep = retention({ keepMs: dayMs });
      await keep.start();
      await keep.stop();
      expect(readdirSync(inFolder('')).filter((name) => /put-away|\.new$/.test(name))).toEqual([]);
      await keep.run();
      await retention({ keepMs: dayMs }).run();
      expect(recordFiles()).toHaveLength(1);
      expect(problems(await verify())).toBe('');
    },
  );

  it('takes no other file out that log rotation has given the name to since', async () => {
    await killedAfter('stated');
    writeFileSync(inFolder('events.jsonl-to-301'), readFileSync(inFolder('events.jsonl')));
    await reopen();
    expect(recordFiles()).toHaveLength(2);
  });
});

describe('after a part was put away, found is', () => {
  beforeEach(async () => {
    await open();
    await writeDays(4);
    nowMs = startMs + 11.5 * dayMs;
    await retention({ keepMs: 10 * dayMs }).run();
    expect(recordFiles()).toHaveLength(4);
    expect(problems(await verify())).toBe('');
  });

  it('one more file that is gone', async () => {
    rmSync(inFolder('events.jsonl-to-602'));
    expect(problems(await verify())).toContain('missing before this: number 302 to 602');
    await reopen();
    expect(problems(await verify())).toContain('missing before this: number 302 to 602');
  });

  it('a file that was put away and is back, or was made up', async () => {
    writeFileSync(inFolder('events.jsonl.9'), '{"seq":17,"id":"made-up","mac":"' + 'a'.repeat(64) + '"}\n');
    expect(problems(await verify())).toContain('number 17 was put away; somebody has laid it there');
  });

  it.each([
    ['removed', (note: string) => note.slice(0, 0)],
    ['altered', (note: string) => note.replace('\n302\n', '\n603\n')],
    [
      'signed with another key',
      (note: string) => {
        const statement = openStatement(note, log.record.key, log.chainId)!;
        return signStatement(AuditKey.generate(), { ...statement, begin: 603 });
      },
    ],
  ])('a beginning that was %s', async (_, change) => {
    writeFileSync(statementFile(dataDir), change(readStatement(dataDir) ?? ''));
    rmSync(inFolder('events.jsonl-to-602'));
    await reopen();
    expect(log.record.putAway).toBeUndefined();
    expect(problems(await verify())).toContain('missing before this: number 1 to 602');
  });

  it('a line of the first file that was altered or taken out', async () => {
    const file = inFolder('events.jsonl-to-602');
    const lines = readFileSync(file, 'utf8').split('\n');
    for (const changed of [lines.with(0, lines[0]!.replace('"seq":302', '"seq":303')), lines.slice(1)]) {
      writeFileSync(file, changed.join('\n'));
      expect((await verify()).isWhole).toBe(false);
    }
  });

  it('a tile that stands for what was put away', async () => {
    const tile = inFolder('tree-1/tile/0/000');
    const bytes = readFileSync(tile);
    bytes[40]! ^= 1;
    writeFileSync(tile, bytes);
    expect(problems(await verify())).toContain('tree-1: its tiles are not what stands for lines');
    rmSync(tile);
    expect(problems(await verify())).toContain('the tile tile/0/000 is missing');
  });

  it('nothing where tiles were lost that can be made anew, and the tree goes on', async () => {
    log.close();
    rmSync(inFolder('tree-1/checkpoint'));
    rmSync(inFolder('tree-1/tile/0/004.p'), { recursive: true });
    await open();
    await sign();
    expect(log.record.tree.begin).toBe(1);
    expect(problems(await verify())).toBe('');
  });
});

describe('what somebody changed before it is put away', () => {
  it('is told of ever after: putting away hides nothing', async () => {
    await open();
    await writeDays(3);
    const file = inFolder('events.jsonl-to-301');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"event":"17"', '"event":"18"'));
    nowMs += 100 * dayMs;
    await retention({ keepMs: dayMs }).run();
    expect(recordFiles()).toEqual(['events.jsonl']);
    for (let start = 0; start < 2; start++) {
      const found = await verify();
      expect(found).toMatchObject({ isWhole: false, findingCount: 1 });
      expect(problems(found)).toMatch(
        /when they were put away \(.*\): events.jsonl-to-301 line 19: number 19/,
      );
      await reopen();
    }
  });

  it('a file that is gone, too', async () => {
    await open();
    await writeDays(3);
    rmSync(inFolder('events.jsonl-to-301'));
    nowMs += 100 * dayMs;
    await retention({ keepMs: dayMs }).run();
    expect(problems(await verify())).toContain('missing before this: number 1 to 301');
  });

  it('a compressed file that is cut, too: it holds nothing back', async () => {
    await open();
    await writeDays(3);
    const file = inFolder('events.jsonl-to-301');
    const compressed = gzipSync(readFileSync(file));
    writeFileSync(`${file}.gz`, compressed.subarray(0, compressed.length / 2));
    rmSync(file);
    nowMs += 100 * dayMs;
    await retention({ keepMs: dayMs }).run();
    expect(recordFiles()).toEqual(['events.jsonl']);
    expect(problems(await verify())).toContain('events.jsonl-to-301.gz: this file can not be read');
  });

  it('makes nothing older than it is', async () => {
    await open();
    await writeDays(2);
    const file = inFolder('events.jsonl-to-602');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"time":"2026-', '"time":"2016-'));
    const keep = retention({ keepMs: 100 * dayMs });
    await keep.run();
    expect(recordFiles()).toHaveLength(3);
    expect(keep.heldBack).toBe('the first line of events.jsonl-to-602 is not what this node wrote');
  });
});

it('trees that were begun anew are put away with their heads', async () => {
  await open();
  await writeDays(2);
  log.beginTree('record_altered', { number: '1' }, 'a test');
  await writeDays(2);
  nowMs += 100 * dayMs;
  await retention({ keepMs: dayMs }).run();
  expect(log.record.putAway?.trees.map(({ begin }) => begin)).toEqual([1, expect.any(Number)]);
  for (let start = 0; start < 2; start++) {
    // That a tree was begun is said from now on as it was before.
    expect(problems(await verify())).toMatch(/^[^\n]*a new tree begins with number \d+: record_altered$/);
    await reopen();
  }
});
