import { processorTimeRow } from './processor-time.js';
import type { Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

const few = 10;

/** Warm `POST /v1/authorize` with keys on trial, against as many keys without one: the same service, asked in turns. */
export async function benchTrials(isQuick: boolean): Promise<Row[]> {
  const service = new BenchService();
  return withWarmService(service, await seedKeys(service.dataDir, user, 2 * few), async (ids) => {
    const [tried, others] = [ids.slice(0, few), ids.slice(few)];
    const trial = ['--trial', 'mail-accounts', '--trial-allow-ip', '127.0.0.1'];
    for (const id of tried) service.ok('v-change-access-key', [id, ...trial]);
    const side = (some: readonly string[]) => {
      return { port: service.port, request: authorizeRequest(some), pid: service.pid };
    };
    const what = 'warm /v1/authorize, keys on trial / keys without';
    return processorTimeRow(what, side(tried), side(others), 0.98, isQuick);
  });
}
