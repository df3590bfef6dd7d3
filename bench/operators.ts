import { cleanUp } from '../test/support/clean-up.js';
import type { Client } from '../test/support/client.js';
import { Machine } from '../test/faults/machine.js';
import { Times } from '../test/faults/statistics.js';
import { PostgresServer } from '../test/support/postgres.js';
import { TestRedis } from '../test/support/redis.js';
import { startNodes } from './nodes.js';
import { row, type Row } from './row.js';
import { BenchService } from './service.js';
import { user } from './warm-service.js';

const manyOperators = 30;
/** Of a change while so many operators change things at once, on a quiet machine. */
const p99LimitMs = 2000;

/** What operators saw who made changes without a pause. */
interface Changes {
  times: Times;
  perSecond: number;
}

/**
 * Thirty operators at once, each of whom makes a key, changes it and deletes it without a pause, against one alone: on
 * the embedded store, at one of three nodes, and spread over the three.
 */
export async function benchOperators(isQuick: boolean): Promise<Row[]> {
  const seconds = isQuick ? 5 : 20;
  const started: BenchService[] = [];
  try {
    const machine = await Machine.measure((line) => process.stderr.write(`  ${line}\n`));
    const server = await PostgresServer.start('fsync=on');
    const redis = await TestRedis.start();
    const embedded = new BenchService();
    started.push(embedded);
    await embedded.start();
    await embedded.client.ok('v-add-user', user, 'Secret-of-a-bench', `${user}@example.com`);
    const { nodes } = await startNodes(server, 3, started, { HEARTHKEY_REDIS_URL: redis.url });
    const rows: Row[] = [];
    for (const [where, services] of [
      ['the embedded store', [embedded]],
      ['one of three nodes', nodes.slice(0, 1)],
      ['three nodes', nodes],
    ] as const) {
      const clients = services.map(({ client }) => client);
      const alone = await change(clients, 1, seconds, where);
      const many = await change(clients, manyOperators, seconds, where);
      rows.push(
        row(`changes/s of 30 operators / of one, ${where}`, many.perSecond / alone.perSecond, 1, 'higher'),
        row(`the same: p99 of a change, ms`, many.times.at(0.99), p99LimitMs * machine.slowness, 'lower'),
      );
    }
    return rows;
  } finally {
    for (const service of started) await service.stop();
    await cleanUp();
  }
}

async function change(
  clients: readonly Client[],
  operators: number,
  seconds: number,
  where: string,
): Promise<Changes> {
  const beganMs = performance.now();
  const untilMs = beganMs + seconds * 1000;
  const times = new Times();
  const kinds = { add: new Times(), change: new Times(), delete: new Times() };
  const timed = async <T>(kind: keyof typeof kinds, work: () => Promise<T>): Promise<T> => {
    const fromMs = performance.now();
    const result = await work();
    const tookMs = performance.now() - fromMs;
    times.add(tookMs);
    kinds[kind].add(tookMs);
    return result;
  };
  const operate = async (client: Client): Promise<void> => {
    while (performance.now() < untilMs) {
      const { id } = await timed('add', () => client.makeKey(user, 'mail-accounts', 'bench'));
      await timed('change', () => client.ok('v-change-access-key', id, 'COMMENT', 'changed'));
      await timed('delete', () => client.ok('v-delete-access-key', id));
    }
  };
  await Promise.all(
    Array.from({ length: operators }, (_, index) => operate(clients[index % clients.length] as Client)),
  );
  const perSecond = times.count / ((performance.now() - beganMs) / 1000);
  process.stderr.write(
    `  ${String(operators)} at ${where}: ${perSecond.toFixed(0)} changes a second; ${times.line()}\n`,
  );
  for (const [kind, known] of Object.entries(kinds)) process.stderr.write(`    ${known.line(kind)}\n`);
  return { times, perSecond };
}
