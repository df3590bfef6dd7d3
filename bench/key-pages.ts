import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { layCopies } from './many-keys.js';
import { median, row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { SteadyLoad } from './steady-load.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

const pageSize = 1000;
const loadSeconds = 8;

interface Page {
  items: unknown[];
  next: string | null;
}

/**
 * `GET /v1/access-keys` over very many keys: a page at the end of the list against one at its beginning, and what
 * reading the whole list does to decisions and to memory.
 */
export async function benchKeyPages(isQuick: boolean): Promise<Row[]> {
  const [count, rounds] = isQuick ? [10_000, 20] : [100_000, 200];
  const service = new BenchService();
  const [firstId = ''] = await seedKeys(service.dataDir, user, 1);
  await layCopies(service.dataDir, firstId, count - 1);
  return withWarmService(service, [firstId], async () => {
    const list = new KeyPages(service);
    const beforeMib = residentMib(service);
    const quietMs = await slowestDecision(service, firstId, () => sleep(100));
    let cursors: string[] = [];
    const slowestMs = await slowestDecision(service, firstId, async () => (cursors = await list.walk(count)));
    process.stderr.write(
      `  slowest decision: ${slowestMs.toFixed(1)} ms, ${quietMs.toFixed(1)} ms without\n`,
    );
    const topMib = residentMib(service) - beforeMib;
    const [first, last] = [await list.times('', rounds), await list.times(cursors.at(-2) ?? '', rounds)];
    const name = `of ${String(count)} keys`;
    return [
      row(`a page at the end ${name} / at the beginning`, median(last) / median(first), 1.2, 'lower'),
      row(`slowest decision while all pages ${name} are read, ms`, slowestMs, 50, 'lower'),
      row(`memory on top after all pages ${name}, MiB`, topMib, 64, 'lower'),
    ];
  });
}

/** Reads pages with an unrestricted key of the root user, which has no limit of its own. */
class KeyPages {
  private readonly authorization: string;

  constructor(private readonly service: BenchService) {
    const limit = ['--rate-limit', '1000000/min'];
    const { output } = service.command('v-add-access-key', ['admin', '', 'Pages', 'plain', ...limit]);
    this.authorization = `Bearer ${output.trim()}`;
  }

  /** @returns the cursor of each page but the first */
  async walk(count: number): Promise<string[]> {
    const cursors: string[] = [];
    let seen = 0;
    for (let next: string | null = ''; next !== null;) {
      const page = await this.read(next, pageSize);
      seen += page.items.length;
      next = page.next;
      if (next !== null) cursors.push(next);
    }
    if (seen !== count + 1) throw new Error(`${String(seen)} keys were listed of ${String(count + 1)}`);
    return cursors;
  }

  /** Milliseconds of each reading of one page of a hundred. */
  async times(cursor: string, rounds: number): Promise<number[]> {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now();
      await this.read(cursor, 100);
      times.push(performance.now() - startedMs);
    }
    return times;
  }

  private async read(cursor: string, limit: number): Promise<Page> {
    const place = cursor === '' ? '' : `&cursor=${cursor}`;
    const url = `http://127.0.0.1:${String(this.service.port)}/v1/access-keys?limit=${String(limit)}${place}`;
    const response = await fetch(url, { headers: { Authorization: this.authorization } });
    if (response.status !== 200) throw new Error(`${String(response.status)} ${await response.text()}`);
    return (await response.json()) as Page;
  }
}

/** Decisions at a steady rate, from a process of their own: what holds this one up is not the service's. */
export async function slowestDecision(
  service: BenchService,
  accessKeyId: string,
  meanwhile: () => Promise<unknown>,
): Promise<number> {
  const load = SteadyLoad.start(service.port, authorizeRequest([accessKeyId]), 500, loadSeconds);
  const endsAtMs = performance.now() + loadSeconds * 1000;
  try {
    while (performance.now() < endsAtMs) await meanwhile();
    return (await load.result()).slowestMs;
  } finally {
    await load.stop();
  }
}

function residentMib(service: BenchService): number {
  const status = readFileSync(`/proc/${String(service.pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
