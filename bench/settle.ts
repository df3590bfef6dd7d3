import { cleanUp } from '../test/support/clean-up.js';
import { PostgresServer } from '../test/support/postgres.js';
import { startNodes, type BenchNodes } from './nodes.js';
import { row, type Row } from './row.js';
import type { BenchService } from './service.js';
import { inTurns } from './side-by-side.js';

/** A change that counts on all of three nodes when it is answered, against the same on a node that is alone. */
export async function benchSettle(isQuick: boolean): Promise<Row[]> {
  const rounds = isQuick ? 30 : 300;
  const started: BenchService[] = [];
  try {
    const server = await PostgresServer.start('fsync=on');
    const alone = changeAt(await startNodes(server, 1, started));
    const three = changeAt(await startNodes(server, 3, started));
    const ratio = await inTurns(rounds, 'ms', three, alone);
    return [row('a change that settles over three nodes / on one', ratio, 3, 'lower')];
  } finally {
    for (const service of started) await service.stop();
    await cleanUp();
  }
}

/** @returns makes a change at the first of the nodes and answers how many ms that took */
function changeAt({ nodes: [node], accessKeyId }: BenchNodes): () => Promise<number> {
  let isSuspended = false;
  return async () => {
    const beganMs = performance.now();
    await node!.client.ok(isSuspended ? 'v-unsuspend-access-key' : 'v-suspend-access-key', accessKeyId);
    isSuspended = !isSuspended;
    return performance.now() - beganMs;
  };
}
