import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleVisitor } from './console-visitor.js';
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
    const pages = await ConsoleVisitor.logIn(service);
    const first = await pages.times('/console/keys', rounds);
    const found = await pages.times(`/console/keys?text=${firstId}`, Math.min(rounds, 5));
    const none = await pages.times('/console/keys?text=nothing-has-this', Math.min(rounds, 3));
    const quietMs = await slowestDecision(service, firstId, () => sleep(100));
    const slowestMs = await slowestDecision(service, firstId, () =>
      pages.read('/console/keys?text=nothing-has-this'),
    );
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
