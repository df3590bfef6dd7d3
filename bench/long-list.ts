import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDatabaseUrl } from '../src/config/database-url.js';
import { cleanUp } from '../test/support/clean-up.js';
import { PostgresServer } from '../test/support/postgres.js';
import { layCopies } from './many-keys.js';
import { row, type Row } from './row.js';
import { seedKeys, seedStore } from './seed.js';
import { BenchService } from './service.js';
import { SteadyLoad } from './steady-load.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

const loadSeconds = 12;
const quietSeconds = 5;

/** What the reading of a whole list took. */
interface Reading {
  firstMs: number;
  wholeMs: number;
  bytes: number;
}

/**
 * `v-list-access-keys` of very many keys, whole: over the command line and over `/api/`. Its first rows, and what it
 * does to decisions and to memory meanwhile.
 */
export async function benchLongList(isQuick: boolean): Promise<Row[]> {
  const service = new BenchService();
  const [firstId = ''] = await seedKeys(service.dataDir, user, 1);
  return listAll(service, firstId, isQuick, (copies) => layCopies(service.dataDir, firstId, copies));
}

/** The same on PostgreSQL. */
export async function benchLongListOnServers(isQuick: boolean): Promise<Row[]> {
  try {
    const server = await PostgresServer.start();
    const url = await server.newDatabase();
    const parsed = parseDatabaseUrl(url);
    if ('problem' in parsed) throw new Error(parsed.problem);
    const [firstId = ''] = await seedStore(parsed.server, user, 1);
    const service = new BenchService({ HEARTHKEY_DATABASE_URL: url });
    return await listAll(service, firstId, isQuick, (copies) => layCopies(parsed.server, firstId, copies));
  } finally {
    await cleanUp();
  }
}

async function listAll(
  service: BenchService,
  firstId: string,
  isQuick: boolean,
  lay: (copies: number) => Promise<void>,
): Promise<Row[]> {
  const count = isQuick ? 100_000 : 1_000_000;
  await lay(count - 1);
  return withWarmService(service, [firstId], async () => {
    const quiet = await SteadyLoad.start(
      service.port,
      authorizeRequest([firstId]),
      200,
      quietSeconds,
    ).result();
    process.stderr.write(
      `  decisions without a list: p99 ${quiet.p99Ms.toFixed(1)} ms, slowest ${quiet.slowestMs.toFixed(1)} ms\n`,
    );
    return [
      ...(await rowsOf(service, firstId, `command line, ${String(count)} keys`, readByCommand)),
      ...(await rowsOf(service, firstId, `/api/, ${String(count)} keys`, await readerOverApi(service))),
    ];
  });
}

async function rowsOf(
  service: BenchService,
  accessKeyId: string,
  name: string,
  read: (service: BenchService) => Promise<Reading>,
): Promise<Row[]> {
  const beforeMib = residentMib(service);
  let topMib = 0;
  const watch = setInterval(() => (topMib = Math.max(topMib, residentMib(service) - beforeMib)), 100);
  const load = SteadyLoad.start(service.port, authorizeRequest([accessKeyId]), 200, loadSeconds);
  try {
    const { firstMs, wholeMs, bytes } = await read(service);
    const { slowestMs, p99Ms } = await load.result();
    const said = `${(wholeMs / 1000).toFixed(1)} s for ${(bytes / 1_048_576).toFixed(0)} MiB`;
    process.stderr.write(`  ${name}: ${said}; decisions meanwhile: p99 ${p99Ms.toFixed(1)} ms\n`);
    return [
      row(`whole list over the ${name}: first rows, ms`, firstMs, 200, 'lower'),
      row(`the same: slowest decision meanwhile, ms`, slowestMs, 50, 'lower'),
      row(`the same: memory on top, MiB`, topMib, 64, 'lower'),
    ];
  } finally {
    clearInterval(watch);
    await load.stop();
  }
}

function readByCommand(service: BenchService): Promise<Reading> {
  const command = join(resolve(import.meta.dirname, '..'), 'bin/v-list-access-keys');
  const startMs = performance.now();
  const child = spawn(command, ['', 'json'], {
    env: service.environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return measured(startMs, child.stdout);
}

/** With an unrestricted key of the root user. */
async function readerOverApi(service: BenchService): Promise<(service: BenchService) => Promise<Reading>> {
  const { output } = service.command('v-add-access-key', ['admin', '', 'List', 'plain']);
  return async ({ port }) => {
    const body = new URLSearchParams({
      hash: output.trim(),
      cmd: 'v-list-access-keys',
      arg1: '',
      arg2: 'json',
    });
    const startMs = performance.now();
    const response = await fetch(`http://127.0.0.1:${String(port)}/api/`, { method: 'POST', body });
    if (response.status !== 200 || response.body === null)
      throw new Error(`status ${String(response.status)}`);
    return measured(startMs, response.body);
  };
}

async function measured(startMs: number, stream: AsyncIterable<Uint8Array>): Promise<Reading> {
  let [firstMs, bytes] = [0, 0];
  for await (const part of stream) {
    if (bytes === 0) firstMs = performance.now() - startMs;
    bytes += part.length;
  }
  return { firstMs, wholeMs: performance.now() - startMs, bytes };
}

function residentMib(service: BenchService): number {
  const status = readFileSync(`/proc/${String(service.pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
