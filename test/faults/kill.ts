/** An answer given is an answer kept: `kill -9` at any moment loses no decision and no change that was answered. */
import { appendFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key } from '../support/client.js';
import { PostgresServer } from '../support/postgres.js';
import { TestRedis } from '../support/redis.js';
import { randomFrom, type Fault, type FaultOptions, type Form } from './fault.js';
import { decidesNothing, Findings } from './findings.js';
import type { Machine } from './machine.js';
import { FaultService, Load, lostMarks, readRecord, type RecordedEvent } from './service.js';

interface Totals {
  answered: number;
  changes: number;
  lost: number;
  rotations: number;
}

interface Killed {
  service: FaultService;
  dataDir: string;
  settings: Readonly<Record<string, string>>;
}

const nodeCount = 3;
/** So many make keys, and as many change one: their changes become one (docs/adr/0004). */
const operators = 4;
/** On a quiet machine. */
const recordedWithinMs = 30_000;

export const kill: Fault = {
  promise:
    'Promise 3: kill -9 under load, at any moment: every decision and every change that was answered is in the record, nothing is half-done, the record is whole.',
  count: 30,
  countInCi: 3,
  async run(options) {
    const folder = mkdtempSync(join(tmpdir(), 'hk-kill-'));
    try {
      return await runRounds(await startAll(folder, options.on ?? 'embedded'), options);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** One service with its own file, or three on PostgreSQL and Redis, of which one is killed at a time. */
async function startAll(folder: string, on: Form): Promise<Killed[]> {
  const services: Killed[] = [];
  const add = async (name: string, settings: Readonly<Record<string, string>>): Promise<void> => {
    const dataDir = join(folder, name);
    services.push({ service: await FaultService.start(dataDir, settings), dataDir, settings });
  };
  if (on === 'embedded') {
    await add('data', {});
    return services;
  }
  const database = await PostgresServer.start('fsync=on');
  const redis = await TestRedis.start();
  const settings = {
    HEARTHKEY_DATABASE_URL: await database.newDatabase(),
    HEARTHKEY_REDIS_URL: redis.url,
    HEARTHKEY_PEPPER_FILE: join(folder, 'pepper'),
    HEARTHKEY_LEASE: '1s',
  };
  while (services.length < nodeCount) await add(`node-${String(services.length + 1)}`, settings);
  return services;
}

async function runRounds(
  services: readonly Killed[],
  { count, seed, machine, print }: FaultOptions,
): Promise<Findings> {
  const random = randomFrom(seed);
  const findings = new Findings();
  const totals: Totals = { answered: 0, changes: 0, lost: 0, rotations: 0 };
  const { service } = services[0]!;
  await service.open();
  await service.addUser('alice');
  const keys = {
    all: await service.makeKey('admin', ''),
    none: await service.makeKey('alice', 'mail-accounts'),
  };
  for (let round = 1; round <= count; round++) {
    const killed = services[Math.floor(random() * services.length)]!;
    const found = await killOnce(killed, services, `r${String(round)}`, keys, random, totals, machine);
    findings.take(found, `round ${String(round)}: `);
  }
  const notes = services.flatMap(({ dataDir }) => readRecord(dataDir)).filter(isTornLine).length;
  for (const { service: last } of services) await last.end('SIGTERM');
  print(
    `${String(services.length)} of them, ${String(count)} kills, ${String(totals.rotations)} rotations: ` +
      `${String(totals.answered)} answered decisions, ${String(totals.changes)} answered changes, ` +
      `${String(totals.lost)} lost; ${String(notes)} torn lines cut`,
  );
  return findings;
}

function isTornLine({ note }: RecordedEvent): boolean {
  return note === 'torn_line_cut';
}

async function killOnce(
  killed: Killed,
  all: readonly Killed[],
  name: string,
  keys: { all: Key; none: Key },
  random: () => number,
  totals: Totals,
  machine: Machine,
): Promise<Findings> {
  const findings = new Findings();
  const { wrong, slow } = findings;
  const beganMs = performance.now();
  const { service, dataDir } = killed;
  // It waits until the node of the last round is known to be dead; changes of this round are answered in time then.
  await service.ok('v-change-access-key', keys.none.id, 'COMMENT', name);
  const load = new Load(service, name, keys.all, keys.none);
  const added = operate(service, keys.none);
  const file = join(dataDir, 'audit/events.jsonl');
  if (random() < 0.4 && existsSync(file)) {
    await sleep(50 + random() * 300);
    renameSync(file, `${file}-${name}`);
    totals.rotations++;
  }
  // As much longer on a slow machine: a kill shows something where something was answered before.
  await sleep((50 + random() * 900) * machine.slowness);
  await service.end('SIGKILL');
  await load.stop();
  // What a kill in the middle of a write leaves behind; it hardly ever hits one.
  if (random() < 0.4 && existsSync(file))
    appendFileSync(file, `{"seq":1,"id":"${'x'.repeat(random() * 200)}`);
  const addedIds = await added;
  killed.service = await FaultService.start(dataDir, killed.settings);
  const lost = lostMarks(load, readRecord(dataDir));
  if (lost.length > 0)
    wrong.push(`${String(lost.length)} answered decisions are not in the record, such as ${lost[0] ?? ''}`);
  const differences = await compareChanges(
    killed.service,
    all,
    addedIds,
    recordedWithinMs * machine.slowness,
  );
  wrong.push(...differences);
  const verdict = await killed.service.verify();
  if (verdict !== undefined) wrong.push(verdict);
  for (const [answer, times] of load.otherAnswers) {
    const isSlow =
      decidesNothing(Number(answer.split(' ')[1])) && machine.mayRefuse(beganMs, performance.now());
    (isSlow ? slow : wrong).push(`${String(times)} answers were ${answer}`);
  }
  totals.answered += load.answered;
  totals.changes += addedIds.length;
  totals.lost += lost.length + differences.length;
  return findings;
}

/** What is in the store, what was answered and what the records say; what was committed last is recorded in a moment. */
async function compareChanges(
  service: FaultService,
  all: readonly Killed[],
  answered: readonly string[],
  withinMs: number,
): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const problems = findDifferences(await keysOfAlice(service), all, answered);
    if (problems.length === 0 || performance.now() > deadline) return problems;
    await sleep(200);
  }
}

async function keysOfAlice(service: FaultService): Promise<string[]> {
  return Object.keys(
    JSON.parse(await service.ok('v-list-access-keys', 'alice', 'json')) as Record<string, unknown>,
  );
}

function findDifferences(
  there: readonly string[],
  all: readonly Killed[],
  answered: readonly string[],
): string[] {
  const recorded = all
    .flatMap(({ dataDir }) => readRecord(dataDir))
    .filter(({ type, command }) => type === 'change' && command === 'v-add-access-key')
    .filter(({ target }) => target?.['user'] !== 'admin')
    .map(({ target }) => target?.['accessKeyId'] ?? '');
  const [known, kept] = [new Set(recorded), new Set(there)];
  const tell = (what: string, ids: readonly string[]): string[] =>
    ids.length === 0 ? [] : [`${String(ids.length)} ${what}, such as ${ids[0] ?? ''}`];
  return [
    ...tell(
      'answered changes are gone',
      answered.filter((id) => !kept.has(id)),
    ),
    ...tell(
      'answered changes are not in the record',
      answered.filter((id) => !known.has(id)),
    ),
    ...tell(
      'keys were made and are not in the record',
      there.filter((id) => !known.has(id)),
    ),
    ...(known.size < recorded.length ? ['a change is in the record twice'] : []),
  ];
}

/** Changes that come together until the service is gone; the IDs of the keys whose making was acknowledged. */
async function operate(service: FaultService, changed: Key): Promise<string[]> {
  const [ids] = await Promise.all([
    Promise.all(Array.from({ length: operators }, () => addKeys(service))),
    ...Array.from({ length: operators }, () => changeComment(service, changed)),
  ]);
  return ids.flat();
}

async function changeComment(service: FaultService, { id }: Key): Promise<void> {
  const change = () => service.run('v-change-access-key', id, 'COMMENT', 'changed').catch(() => undefined);
  while ((await change()) !== undefined);
}

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
