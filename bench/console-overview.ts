import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleVisitor } from './console-visitor.js';
import { slowestDecision } from './key-pages.js';
import { median, row, type Row } from './row.js';
import { seededSecret, seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { user, withWarmService } from './warm-service.js';
import { runWrk } from './wrk.js';

const perRequest = 32;

/** The console's overview over very many decisions of the last hour: its first bytes, its figures, and decisions meanwhile. */
export async function benchConsoleOverview(isQuick: boolean): Promise<Row[]> {
  const [count, rounds] = isQuick ? [50_000, 3] : [1_000_000, 3];
  const service = new BenchService();
  return withWarmService(service, await seedKeys(service.dataDir, user, 10), async (ids) => {
    await layDecisions(service, ids, count);
    const visitor = await ConsoleVisitor.logIn(service);
    const read = (path: string) => visitor.read(path);
    const first: number[] = [];
    const figures: number[] = [];
    for (let round = 0; round < rounds; round++) {
      first.push((await read('/console?all=1')).firstByteMs);
      figures.push((await read('/console/overview/decisions?span=hour')).wholeMs);
    }
    const quietMs = await slowestDecision(service, ids[0] ?? '', () => sleep(100));
    const slowestMs = await slowestDecision(service, ids[0] ?? '', async () => {
      await read('/console?all=1');
      await read('/console/overview/decisions?span=hour');
    });
    const name = `over ${String(count)} decisions`;
    process.stderr.write(`  ${name}: first bytes ${first.map(Math.round).join(', ')} ms, `);
    process.stderr.write(`figures ${figures.map(Math.round).join(', ')} ms after them; `);
    process.stderr.write(`slowest decision ${slowestMs.toFixed(1)} ms, ${quietMs.toFixed(1)} ms without\n`);
    return [
      row(`console: first bytes of the overview ${name}, ms`, median(first), 200, 'lower'),
      row(`slowest decision while the overview counts ${name}, ms`, slowestMs, 50, 'lower'),
    ];
  });
}

/** Real ones, of which every eighth is denied. */
async function layDecisions(service: BenchService, ids: readonly string[], count: number): Promise<void> {
  const bodies = ids.map((accessKeyId) =>
    JSON.stringify({
      subject: { type: 'access_key', id: accessKeyId, properties: { secretAccessKey: seededSecret } },
      action: { name: 'run' },
      context: { clientIp: '127.0.0.1' },
      evaluations: Array.from({ length: perRequest }, (_, place) => ({
        resource: {
          type: 'command',
          id: place % 8 === 0 ? 'v-list-users' : 'v-list-mail-domains',
          properties: { args: [user] },
        },
      })),
    }),
  );
  const request = { path: '/access/v1/evaluations', type: 'application/json', bodies };
  for (let laid = 0; laid < count;) {
    const { requests, errors } = await runWrk(service.port, request, 5);
    if (requests <= errors) throw new Error('nothing was decided');
    // On a busy machine one may have timed out.
    laid += (requests - errors) * perRequest;
  }
}
