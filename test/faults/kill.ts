/** An answer given is an answer kept: `kill -9` at any moment loses no decision and no change that was answered. */
import { appendFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key } from '../support/client.js';
import { randomFrom, type Fault, type FaultOptions } from './fault.js';
import { FaultService, Load, lostMarks, readRecord } from './service.js';

interface Totals {
  answered: number;
  changes: number;
  lost: number;
  rotations: number;
}

export const kill: Fault = {
  promise:
    'kill -9 under load, at any moment: every decision and every change that was answered is in the record, and the record is whole.',
  count: 30,
  countInCi: 3,
  async run(options) {
    const folder = mkdtempSync(join(tmpdir(), 'hk-kill-'));
    try {
      return await runRounds(join(folder, 'data'), options);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

async function runRounds(dataDir: string, { count, seed, print }: FaultOptions): Promise<string[]> {
  const random = randomFrom(seed);
  const problems: string[] = [];
  const totals: Totals = { answered: 0, changes: 0, lost: 0, rotations: 0 };
  const first = await FaultService.start(dataDir);
  await first.open();
  await first.addUser('alice');
  const keys = { all: await first.makeKey('admin', ''), none: await first.makeKey('alice', 'mail-accounts') };
  await first.end('SIGKILL');
  for (let round = 1; round <= count; round++) {
    const found = await killOnce(dataDir, `r${String(round)}`, keys, random, totals);
    problems.push(...found.map((problem) => `round ${String(round)}: ${problem}`));
  }
  const notes = readRecord(dataDir).filter(({ note }) => note === 'torn_line_cut').length;
  print(
    `${String(count)} kills, ${String(totals.rotations)} rotations: ${String(totals.answered)} answered decisions, ` +
      `${String(totals.changes)} answered changes, ${String(totals.lost)} lost; ${String(notes)} torn lines cut`,
  );
  return problems;
}

async function killOnce(
  dataDir: string,
  name: string,
  keys: { all: Key; none: Key },
  random: () => number,
  totals: Totals,
): Promise<string[]> {
  const problems: string[] = [];
  const service = await FaultService.start(dataDir);
  const load = new Load(service, name, keys.all, keys.none);
  const added = addKeys(service);
  const file = join(dataDir, 'audit/events.jsonl');
  if (random() < 0.4 && existsSync(file)) {
    await sleep(50 + random() * 300);
    renameSync(file, `${file}-${name}`);
    totals.rotations++;
  }
  await sleep(50 + random() * 900);
  await service.end('SIGKILL');
  await load.stop();
  // What a kill in the middle of a write leaves behind; it hardly ever hits one.
  if (random() < 0.4 && existsSync(file))
    appendFileSync(file, `{"seq":1,"id":"${'x'.repeat(random() * 200)}`);
  const addedIds = await added;
  const next = await FaultService.start(dataDir);
  const verdict = await next.verify();
  if (verdict !== undefined) problems.push(verdict);
  const record = readRecord(dataDir);
  const lost = lostMarks(load, record);
  if (lost.length > 0)
    problems.push(
      `${String(lost.length)} answered decisions are not in the record, such as ${lost[0] ?? ''}`,
    );
  const changed = record.filter(({ type }) => type === 'change').map(({ target }) => target?.['accessKeyId']);
  const lostChanges = addedIds.filter((id) => !changed.includes(id));
  if (lostChanges.length > 0)
    problems.push(`${String(lostChanges.length)} answered changes are not in the record`);
  if (new Set(changed).size < changed.filter((id) => id !== undefined).length)
    problems.push('a change is in the record twice');
  for (const [answer, times] of load.otherAnswers) problems.push(`${String(times)} answers were ${answer}`);
  await next.end('SIGTERM');
  totals.answered += load.answered;
  totals.changes += addedIds.length;
  totals.lost += lost.length + lostChanges.length;
  return problems;
}

/** Makes keys until the service is gone; the IDs of those that were acknowledged. */
async function addKeys(service: FaultService): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const answer = await service
      .run('v-add-access-key', 'alice', 'mail-accounts', '', 'plain')
      .catch(() => undefined);
    if (answer === undefined) return ids;
    if (answer.code === 0) ids.push(answer.stdout.split(':')[0] ?? '');
  }
}
