import { join } from 'node:path';
import { parseDatabaseUrl } from '../src/config/database-url.js';
import { cleanUp } from '../test/support/clean-up.js';
import { Client } from '../test/support/client.js';
import { PostgresServer } from '../test/support/postgres.js';
import { row, type Row } from './row.js';
import { seedStore } from './seed.js';
import { BenchService } from './service.js';
import { inTurns } from './side-by-side.js';
import { user } from './warm-service.js';

/** A change that counts on all of three nodes when it is answered, against the same on a node that is alone. */
export async function benchSettle(isQuick: boolean): Promise<Row[]> {
  const rounds = isQuick ? 30 : 300;
  const started: BenchService[] = [];
  try {
    const server = await PostgresServer.start('fsync=on');
    const alone = await startNodes(server, 1, started);
    const three = await startNodes(server, 3, started);
    const ratio = await inTurns(rounds, 'ms', three, alone);
    return [row('a change that settles over three nodes / on one', ratio, 3, 'lower')];
  } finally {
    for (const service of started) await service.stop();
    await cleanUp();
  }
}

/**
 * Nodes on a database of their own.
 *
 * @returns makes a change at the first of them and answers how many ms that took
 */
async function startNodes(
  server: PostgresServer,
  count: number,
  started: BenchService[],
): Promise<() => Promise<number>> {
  const url = await server.newDatabase();
  const parsed = parseDatabaseUrl(url);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const [id = ''] = await seedStore(parsed.server, user, 1);
  const nodes: BenchService[] = [];
  while (nodes.length < count) {
    const pepperFile = join((nodes[0] ?? { dataDir: '' }).dataDir, 'pepper');
    const sharing = nodes.length > 0 && { HEARTHKEY_PEPPER_FILE: pepperFile };
    const node = new BenchService({ HEARTHKEY_DATABASE_URL: url, ...sharing });
    nodes.push(node);
    started.push(node);
    await node.start();
  }
  const client = new Client('', join(nodes[0]?.dataDir ?? '', 'run/admin.sock'));
  let isSuspended = false;
  return async () => {
    const beganMs = performance.now();
    await client.ok(isSuspended ? 'v-unsuspend-access-key' : 'v-suspend-access-key', id);
    isSuspended = !isSuspended;
    return performance.now() - beganMs;
  };
}
