/** Fail closed: no decision without a writable audit, and recovery by itself. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key } from '../support/client.js';
import { within } from '../support/waiting.js';
import { randomFrom, type Fault, type FaultOptions } from './fault.js';
import { decidesNothing, Findings } from './findings.js';
import { FaultService, Load, lostMarks, readRecord } from './service.js';

const withinMs = 1000;
const recoversWithinMs = 2000;
type Way = 'full' | 'deleted' | 'truncated';

export const disk: Fault = {
  promise:
    'A full disk, a deleted or a cut record: denied with 13 within a second (told where it took longer), nothing runs unrecorded, recovery by itself and noted.',
  count: 12,
  countInCi: 3,
  async run(options) {
    if (process.getuid?.() !== 0) {
      options.print('skipped: a disk of its own for the record needs root');
      return new Findings();
    }
    const dataDir = join(mkdtempSync(join(tmpdir(), 'hk-disk-')), 'data');
    const folder = join(dataDir, 'audit');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=700', 'tmpfs', folder]).status !== 0) {
      options.print('skipped: nothing can be mounted here');
      return new Findings();
    }
    try {
      return await runRounds(dataDir, options);
    } finally {
      spawnSync('umount', ['-l', folder]);
      rmSync(join(dataDir, '..'), { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

async function runRounds(dataDir: string, options: FaultOptions): Promise<Findings> {
  const { count, seed } = options;
  const random = randomFrom(seed);
  const findings = new Findings();
  const service = await FaultService.start(dataDir);
  try {
    await service.open();
    await service.addUser('alice');
    const keys = {
      all: await service.makeKey('admin', ''),
      none: await service.makeKey('alice', 'mail-accounts'),
    };
    for (let round = 1; round <= count; round++) {
      const way = (['full', 'deleted', 'truncated'] as const)[(round - 1) % 3] ?? 'full';
      const name = `r${String(round)}`;
      const found = await breakOnce(service, way, name, keys, random, options);
      findings.take(found, `round ${String(round)}, ${way}: `);
    }
  } finally {
    await service.end('SIGTERM');
  }
  return findings;
}

async function breakOnce(
  service: FaultService,
  way: Way,
  name: string,
  keys: { all: Key; none: Key },
  random: () => number,
  { machine, print }: FaultOptions,
): Promise<Findings> {
  const findings = new Findings();
  const { wrong, slow } = findings;
  const beganMs = performance.now();
  const folder = join(service.dataDir, 'audit');
  const file = join(folder, 'events.jsonl');
  const begin = (await service.newestLine()) + 1;
  const load = new Load(service, name, keys.all, keys.none);
  await sleep(200 + random() * 300);
  const kept = load.answered;
  const brokenAtMs = performance.now();
  const mend = breakIt(way, folder, file, random);
  await sleep(withinMs + random() * 500);
  const isDenied = await isSeen(withinMs, () => load.unrecorded.length > 0);
  mend();
  const mendedAtMs = performance.now();
  await sleep(recoversWithinMs);
  const answeredSoon = load.answered;
  const hasRecovered = await isSeen(recoversWithinMs, () => load.answered > answeredSoon);
  await sleep(300);
  await load.stop();
  const [deniedAtMs] = load.unrecorded;
  const lastDeniedAtMs = load.unrecorded.at(-1) ?? mendedAtMs;
  if (!isDenied || deniedAtMs === undefined) wrong.push('nothing was denied with 13');
  // A disk that is nearly full has room for a while; what does not fit is denied in that very moment.
  else if (way !== 'full' && deniedAtMs - brokenAtMs > withinMs)
    slow.push(`the first 13 came after ${ms(deniedAtMs - brokenAtMs)}`);
  if (!hasRecovered) wrong.push('it did not recover by itself');
  for (const [answer, times] of load.otherAnswers) {
    const isSlow =
      decidesNothing(Number(answer.split(' ')[1])) && machine.mayRefuse(beganMs, performance.now());
    (isSlow ? slow : wrong).push(`${String(times)} answers were ${answer}`);
  }
  wrong.push(...(await checkRecord(service, way, load, begin)));
  print(
    `${name} ${way}: ${String(kept)} answered before, ${String(load.unrecorded.length)} denied with 13, the first after ` +
      `${ms((deniedAtMs ?? 0) - brokenAtMs)}; recorded again ${ms(Math.max(0, lastDeniedAtMs - mendedAtMs))} after it was mended`,
  );
  return findings;
}

/** However long the machine takes for it. */
function isSeen(ms: number, isSo: () => boolean): Promise<boolean> {
  return within(ms, 'it is seen', isSo).then(
    () => true,
    () => false,
  );
}

function breakIt(way: Way, folder: string, file: string, random: () => number): () => void {
  if (way === 'deleted') rmSync(file);
  if (way === 'truncated') truncateSync(file, Math.floor(random() * 3000));
  if (way !== 'full') return () => undefined;
  const { bavail, bsize } = statfsSync(folder);
  const filler = join(folder, 'filler');
  // Room for a few lines more, so that it runs full in the middle of a batch.
  try {
    writeFileSync(filler, Buffer.alloc((bavail - Math.ceil(random() * 4)) * bsize));
  } catch (error) {
    // What the service wrote meanwhile has taken that room: the disk is full already.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return () => rmSync(filler);
}

async function checkRecord(service: FaultService, way: Way, load: Load, begin: number): Promise<string[]> {
  const problems: string[] = [];
  const record = readRecord(service.dataDir);
  // On a disk that is nearly full a note may fit where the next batch does not: then there are several.
  const notes = record.filter(({ note, seq }) => note === 'recording_resumed' && seq >= begin);
  const noted = notes.reduce((sum, { target }) => sum + Number(target?.['denied'] ?? 0), 0);
  if (noted < load.unrecorded.length) {
    problems.push(
      `${String(load.unrecorded.length)} were denied with 13, and the notes say ${String(noted)}`,
    );
  }
  const verdict = await service.verify(begin);
  if (way === 'full') {
    if (verdict !== undefined) problems.push(verdict);
    const lost = lostMarks(load, record);
    if (lost.length > 0) problems.push(`${String(lost.length)} answered decisions are not in the record`);
  } else if (verdict === undefined) problems.push('v-verify-audit does not find it');
  return problems;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
