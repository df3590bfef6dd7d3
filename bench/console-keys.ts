import { setTimeout as sleep } from 'node:timers/promises';
import { slowestDecision } from './key-pages.js';
import { layCopies } from './many-keys.js';
import { median, row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { user, withWarmService } from './warm-service.js';

/** The console's page of access keys over very many of them: its first rows, a search, and decisions meanwhile. */
export async function benchConsoleKeys(isQuick: boolean): Promise<Row[]> {
  const [count, rounds] = isQuick ? [10_000, 5] : [1_000_000, 15];
  const service = new BenchService();
  const [firstId = ''] = await seedKeys(service.dataDir, user, 1);
  await layCopies(service.dataDir, firstId, count - 1);
  return withWarmService(service, [firstId], async () => {
    const pages = await Pages.logIn(service);
    const first = await pages.times('', rounds);
    const found = await pages.times(`?text=${firstId}`, Math.min(rounds, 5));
    const none = await pages.times('?text=nothing-has-this', Math.min(rounds, 3));
    const quietMs = await slowestDecision(service, firstId, () => sleep(100));
    const slowestMs = await slowestDecision(service, firstId, () => pages.read('?text=nothing-has-this'));
    process.stderr.write(
      `  a search that finds an ID ${median(found).toFixed(0)} ms, nothing ${median(none).toFixed(0)} ms; ` +
        `slowest decision ${slowestMs.toFixed(1)} ms, ${quietMs.toFixed(1)} ms without\n`,
    );
    const name = `of ${String(count)} keys`;
    return [
      row(`console: the page ${name} with its first rows, ms`, median(first), 200, 'lower'),
      row(`slowest decision while the console searches ${name}, ms`, slowestMs, 50, 'lower'),
    ];
  });
}

/** `/console/keys`, for the root user in a browser that has logged in. */
class Pages {
  private constructor(
    private readonly origin: string,
    private readonly cookie: string,
  ) {}

  static async logIn(service: BenchService): Promise<Pages> {
    const origin = `http://127.0.0.1:${String(service.port)}`;
    const { output } = service.command('hearthkey', ['login-link', 'admin']);
    const token = /token=([\w-]+)/.exec(output)?.[1];
    const response = await fetch(`${origin}/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (response.status !== 201) throw new Error(`${String(response.status)} ${await response.text()}`);
    return new Pages(origin, response.headers.get('set-cookie')?.split(';', 1)[0] ?? '');
  }

  /** Milliseconds of each reading. */
  async times(query: string, rounds: number): Promise<number[]> {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now();
      await this.read(query);
      times.push(performance.now() - startedMs);
    }
    return times;
  }

  async read(query: string): Promise<void> {
    const response = await fetch(`${this.origin}/console/keys${query}`, { headers: { Cookie: this.cookie } });
    const text = await response.text();
    if (response.status !== 200 || !text.includes('data-results'))
      throw new Error(`${String(response.status)} ${text}`);
  }
}
