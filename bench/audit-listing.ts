import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { recordedKeys, seedRecord } from './seed-record.js';
import { BenchService } from './service.js';
import { SteadyLoad } from './steady-load.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

const decisionsPerSecond = 200;
/** So long in one piece; a question that takes less is asked again and again. */
const loadSeconds = 6;

interface Answer {
  firstMs: number;
  wholeMs: number;
  lines: number;
}

interface Question {
  name: string;
  /** `v-list-audit-events` unless it says otherwise. */
  command?: string;
  args: readonly string[];
  /** At most so long for the whole answer; undefined: it is only told. */
  targetMs?: number;
}

const questions: readonly Question[] = [
  { name: 'newest 50', args: ['jsonl', '--limit', '50'], targetMs: 200 },
  {
    name: 'one key, last month',
    args: ['jsonl', '--key', recordedKeys[17] ?? '', '--since', '30d', '--limit', '100000'],
    targetMs: 200,
  },
  {
    name: 'one key, newest 50',
    args: ['jsonl', '--key', recordedKeys[18] ?? '', '--limit', '50'],
    targetMs: 1000,
  },
  { name: '--type alert, newest 50', args: ['jsonl', '--type', 'alert', '--limit', '50'], targetMs: 1000 },
  {
    name: '--outcome deny, newest 50',
    args: ['jsonl', '--outcome', 'deny', '--limit', '50'],
    targetMs: 1000,
  },
  { name: 'a key that is not there', args: ['jsonl', '--key', 'N'.repeat(20)], targetMs: 1000 },
  { name: 'counts of the last day', args: ['json', '--summary', 'key', '--since', '1d'] },
];

const storedKeys = 20;
/** Of the role that the keys have in `withWarmService`. */
const command = 'v-list-mail-domains';

/** The smallest role from the uses of a year: of a key, of all keys of a user, of one that never rests. */
function suggestions([busiest = '', other = '']: readonly string[]): Question[] {
  const asked = { 'a key': other, 'its user': user, 'the key with a tenth of all events': busiest };
  return Object.entries(asked).map(([what, name]) => ({
    name: `suggestion for ${what}`,
    command: 'v-suggest-api',
    args: [name, 'json', '--since', '366d'],
    targetMs: 5000,
  }));
}

/**
 * Listings of a long audit record, and its whole verification, each beside decisions at a steady rate: first row, whole
 * time, memory, the slowest decision meanwhile.
 */
export async function benchAuditListing(isQuick: boolean): Promise<Row[]> {
  const count = Number(process.env['BENCH_EVENTS'] ?? (isQuick ? 100_000 : 1_000_000));
  const service = new BenchService();
  const ids = await seedKeys(service.dataDir, user, storedKeys);
  const [keyId = ''] = ids;
  const startMs = performance.now();
  await seedRecord(service.dataDir, count, { ids, user, command });
  tell(`${String(count)} events were written in ${seconds(performance.now() - startMs)}`);
  return withWarmService(service, [keyId], async () => {
    const of = `of ${String(count)} events`;
    const quiet = await slowestDecision(service, keyId, () => sleep(loadSeconds * 1000));
    tell(`slowest decision without a listing: ${quiet.toFixed(1)} ms`);
    // Asked for the first time after a start, each index is looked through.
    await ask(service, 'v-list-audit-events', ['jsonl', '--key', 'N'.repeat(20)]).then((cold) =>
      tell(`a key that is not there, for the first time: ${seconds(cold.wholeMs)}`),
    );
    const rows: Row[] = [];
    for (const question of [...questions, ...suggestions(ids)])
      rows.push(...(await measure(service, keyId, question, of, quiet)));
    const before = residentMib(service);
    let verified: Answer | undefined;
    const slowest = await slowestDecision(service, keyId, async () => {
      verified = await ask(service, 'v-verify-audit', ['json']);
    });
    tell(`whole verification: ${seconds(verified?.wholeMs ?? 0)}, slowest decision ${slowest.toFixed(1)} ms`);
    return [
      ...rows,
      row(`slowest decision on top while a record ${of} is verified, ms`, slowest - quiet, 50, 'lower'),
      row(`memory on top after all that, MiB`, residentMib(service) - before, 64, 'lower'),
    ];
  });
}

async function measure(
  service: BenchService,
  keyId: string,
  { name, command: asked = 'v-list-audit-events', args, targetMs }: Question,
  of: string,
  quiet: number,
): Promise<Row[]> {
  const answers: Answer[] = [];
  const slowest = await slowestDecision(service, keyId, async () => {
    const endsAtMs = performance.now() + (loadSeconds - 2) * 1000;
    do answers.push(await ask(service, asked, args));
    while (performance.now() < endsAtMs);
  });
  const sorted = answers.toSorted((one, other) => one.wholeMs - other.wholeMs);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new Error(`${name} was not answered`);
  tell(
    `${name}: first row ${seconds(median.firstMs)}, whole ${seconds(median.wholeMs)} (${String(median.lines)} lines, ` +
      `median of ${String(sorted.length)}), slowest decision ${slowest.toFixed(1)} ms`,
  );
  const rows = [row(`slowest decision on top, ${name} ${of}, ms`, slowest - quiet, 50, 'lower')];
  return targetMs === undefined
    ? rows
    : [row(`${name} ${of}, ms`, median.wholeMs, targetMs, 'lower'), ...rows];
}

/** As the command line asks, without the start of a process. */
function ask(service: BenchService, command: string, args: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    let firstMs: number | undefined;
    let lines = 0;
    const socket = connect(join(service.dataDir, 'run/admin.sock'));
    socket.on('connect', () => socket.end(`${JSON.stringify({ command, args })}\n`));
    socket.on('data', (bytes) => {
      firstMs ??= performance.now() - startMs;
      lines += bytes.toString('latin1').split('\\n').length - 1;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const wholeMs = performance.now() - startMs;
      resolve({ firstMs: firstMs ?? wholeMs, wholeMs, lines });
    });
  });
}

/** The work may take longer than the load of one piece: the next one begins then. */
async function slowestDecision(
  service: BenchService,
  keyId: string,
  work: () => Promise<unknown>,
): Promise<number> {
  const state = { isDone: false };
  const working = work().finally(() => (state.isDone = true));
  let slowestMs = 0;
  do {
    const load = SteadyLoad.start(service.port, authorizeRequest([keyId]), decisionsPerSecond, loadSeconds);
    try {
      slowestMs = Math.max(slowestMs, (await load.result()).slowestMs);
    } finally {
      await load.stop();
    }
  } while (!state.isDone);
  await working;
  return slowestMs;
}

function residentMib(service: BenchService): number {
  const status = readFileSync(`/proc/${String(service.pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function tell(text: string): void {
  process.stderr.write(`  ${text}\n`);
}
